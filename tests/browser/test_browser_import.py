"""A member of the office drops a plan in a real browser, corrects it, confirms it, and takes it back."""

import base64
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_browser_login import log_in
from tests.browser.test_browser_panel import look_at, unlabelled
from tests.ground.live import DemoSite
from tests.ground.plans import SAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MEETING = "柳州市第十五届人大第五次会议"
PATIENCE_MS = 60_000
DROP = """(zone, [name, content]) => {
  const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  for (const type of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def drop(page: Page, path: Path) -> None:
    """Drag a file from the desktop onto the zone and let go."""
    content = base64.b64encode(path.read_bytes()).decode()
    page.locator("[data-drop-file]").evaluate(DROP, [path.name, content])


def open_imports(page: Page, site: DemoSite) -> None:
    log_in(page, site, "交办督查")
    page.get_by_role("link", name="导入分工方案").first.click()
    page.get_by_label("届次会议").select_option(label=MEETING)


def chip(page: Page, outcome: str) -> str:
    """The total beside an outcome."""
    return page.locator(".outcome", has_text=outcome).locator("b").inner_text()


def test_the_office_imports_a_plan_from_drop_to_undo(
    page: Page, demo_site: DemoSite, tmp_path: Path
) -> None:
    open_imports(page, demo_site)
    look_at(page, "import-drop")
    assert unlabelled(page) == []
    drop(page, SAMPLES / "09-dirty.xlsx")
    expect(page.locator("[data-drop-text]")).to_have_text("09-dirty.xlsx")
    page.get_by_role("button", name="上传并预览").click()

    expect(page.get_by_text("不认识的单位写法")).to_be_visible(timeout=PATIENCE_MS)
    look_at(page, "import-preview")
    assert unlabelled(page) == []
    assert (chip(page, "全部"), chip(page, "新增"), chip(page, "无效")) == ("10", "4", "6")
    page.get_by_label("鱼峰区教育局").check()
    page.get_by_role("button", name="按所选单位重新核对").click()

    confirm = page.get_by_role("button", name="只导入有效行（5）")
    expect(confirm).to_be_visible(timeout=PATIENCE_MS)
    page.locator(".outcome", has_text="无效").click()
    expect(page.get_by_role("table", name="文件中的各行").locator("tbody tr")).to_have_count(5)
    look_at(page, "import-invalid")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注后的原表").click()
    download.value.save_as(tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert sum(bool(c.comment) for sheet in marked for row in sheet for c in row) == 5

    confirm.click()
    expect(page.get_by_text("已写入 5 行")).to_be_visible(timeout=PATIENCE_MS)
    look_at(page, "import-done")
    page.get_by_role("table", name="文件中的各行").locator("td:nth-child(4) a").first.click()
    expect(page.locator("dl.facts")).to_be_visible()
    page.go_back()
    page.get_by_text("撤销本次导入").click()
    sure = page.get_by_role("button", name="确定撤销")
    expect(sure).to_be_in_viewport(ratio=1)
    look_at(page, "import-undo")
    sure.click()
    expect(page.get_by_text("删除建议提案 5 条")).to_be_visible(timeout=PATIENCE_MS)
    look_at(page, "import-undone")


def test_a_unit_that_is_like_none_is_found_with_the_picker(
    page: Page, demo_site: DemoSite, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["建议编号", "建议标题", "主办单位"])
    book.active.append(["901", "关于整治背街小巷的建议", "××专班"])
    book.save(tmp_path / "方案.xlsx")
    open_imports(page, demo_site)
    page.locator("input[type=file]").set_input_files(tmp_path / "方案.xlsx")
    page.get_by_role("button", name="上传并预览").click()
    box = page.get_by_label("“××专班”是哪个单位")
    expect(box).to_be_visible(timeout=PATIENCE_MS)
    box.fill("住房")
    page.get_by_role("option", name="鱼峰区住房和城乡建设局").click()
    page.get_by_role("button", name="按所选单位重新核对").click()
    expect(page.get_by_role("button", name="确认导入")).to_be_visible(timeout=PATIENCE_MS)
    assert chip(page, "新增") == "1"
    page.get_by_role("button", name="放弃").click()
    expect(page.get_by_text("已放弃这次导入")).to_be_visible()


def test_an_exported_list_opens_again_with_what_the_screen_showed(
    page: Page, demo_site: DemoSite, tmp_path: Path
) -> None:
    log_in(page, demo_site, "交办督查")
    page.goto(f"{demo_site.address}/proposals/?kind=提案&size=200")
    shown = page.locator("td.is-main a").count() and page.locator("table.rows tbody tr").count()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出", exact=True).click()
    download.value.save_as(tmp_path / "list.xlsx")
    assert download.value.suggested_filename.startswith("建议提案_")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert shown and sheet.max_row == 3 + shown and "类型：提案" in sheet["A2"].value


def test_an_attachment_is_handed_in_fetched_and_deleted(
    page: Page, demo_site: DemoSite, tmp_path: Path
) -> None:
    (tmp_path / "原件.pdf").write_bytes(b"%PDF-1.4\n%%EOF")
    log_in(page, demo_site, "交办督查")
    page.goto(f"{demo_site.address}/proposals/")
    page.locator("td.is-main a").first.click()
    part = page.locator("#attachments")
    part.locator("input[type=file]").set_input_files(tmp_path / "原件.pdf")
    expect(part.locator("[data-drop-text]")).to_have_text("原件.pdf")
    part.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_text("已上传 1 个附件")).to_be_visible()
    look_at(page, "attachments")
    with page.expect_download() as download:
        page.get_by_role("link", name="原件.pdf").click()
    assert download.value.suggested_filename == "原件.pdf"
    page.get_by_text("删除 原件.pdf").or_(page.locator("#attachments summary")).first.click()
    page.get_by_role("button", name="确定删除").click()
    expect(page.get_by_text("已删除附件“原件.pdf”")).to_be_visible()


def test_a_missing_number_is_typed_by_keyboard_alone_and_the_item_is_there(
    page: Page, demo_site: DemoSite, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["建议编号", "建议标题", "领衔代表", "主办单位", "办理时限"])
    sheet.append(["", "关于增设夜间公交的建议", "韦小满", "鱼峰区教育局", ""])
    sheet.append(["877", "关于修补人行道的建议", "韦小满", "鱼峰区教育局", "2024-02-31"])
    book.save(tmp_path / "plan.xlsx")
    open_imports(page, demo_site)
    drop(page, tmp_path / "plan.xlsx")
    page.get_by_role("button", name="上传并预览").click()

    number = page.get_by_label("2行 建议编号改为")
    expect(number).to_be_visible(timeout=PATIENCE_MS)
    look_at(page, "import-correct")
    assert unlabelled(page) == []
    number.focus()
    page.keyboard.type("876")
    for _ in range(2):  # past the way to the next row's cells
        page.keyboard.press("Tab")
    expect(page.get_by_label("3行 办理时限改为")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("2027-06-30")
    page.keyboard.press("Enter")

    confirm = page.get_by_role("button", name="确认导入")
    expect(confirm).to_be_visible(timeout=PATIENCE_MS)
    assert (chip(page, "新增"), chip(page, "无效")) == ("2", "0")
    expect(page.get_by_text("件马上逾期")).to_be_visible()
    expect(page.get_by_text("预览里改正了 2 格")).to_be_visible()
    page.get_by_role("link", name="打开2行的各格").click()
    expect(page.get_by_role("table", name="这一行在文件里的各格")).to_contain_text("A2")
    look_at(page, "import-row")
    assert unlabelled(page) == []
    page.get_by_role("link", name="返回预览").click()
    confirm.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("已写入 2 行")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("link", name="关于增设夜间公交的建议").click()
    expect(page.locator("dl.facts")).to_contain_text("876")
