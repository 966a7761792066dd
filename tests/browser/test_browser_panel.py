"""Every generated screen of every table in a real browser: it opens, complains of nothing and fits an office screen.

With SCREENSHOTS=folder each screen is also kept as a picture, to be looked at.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from domain import models
from tests.browser.test_browser_login import Cookies, cookies_of
from tests.ground.live import DemoSite
from tests.ground.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def look_at(page: Page, name: str) -> None:
    """The page fits; keep a picture where one is wanted."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def unlabelled(page: Page) -> list[str]:
    """The names of the fields on the page that have no label for a screen reader."""
    fields: list[str] = page.evaluate(
        """[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
           .filter(field => !field.labels.length && !field.ariaLabel).map(field => field.name)"""
    )
    return fields


@pytest.fixture(scope="module")
def cookies(browser: Browser, demo_site: DemoSite) -> Cookies:
    return cookies_of(browser, demo_site, "交办督查")


@pytest.fixture
def office(page: Page, cookies: Cookies) -> Page:
    page.context.add_cookies(cookies)
    return page


@pytest.mark.parametrize("table", models.schema.tables)
def test_the_screens_of_every_table_stand(office: Page, demo_site: DemoSite, table: str) -> None:
    seen = office.goto(f"{demo_site.address}/{table}/")
    if seen is not None and seen.status == 404:  # not the office's: others have their own tests
        return
    expect(office.get_by_role("heading", level=1)).to_be_visible()
    look_at(office, f"{table}-list")
    assert unlabelled(office) == []
    sheet = office.locator(".sheet").first
    if sheet.count():
        assert sheet.evaluate("box => box.scrollWidth - box.clientWidth") <= 0, "the list scrolls"
        office.locator("td.is-main a").first.click()
        expect(office.locator("dl.facts")).to_be_visible()
        look_at(office, f"{table}-details")
        actions = office.locator(".head .actions")
        links = {
            name: actions.get_by_role("link", name=words, exact=True)
            for words, name in (("修改", "edit"), ("删除", "delete"))
        }
        addresses = {n: link.get_attribute("href") for n, link in links.items() if link.count()}
        for name, address in addresses.items():
            office.goto(f"{demo_site.address}{address}")
            expect(office.locator("form.card")).to_be_visible()
            look_at(office, f"{table}-{name}")
            assert unlabelled(office) == []
    new = office.goto(f"{demo_site.address}/{table}/new/")
    if new is not None and new.status == 200:
        look_at(office, f"{table}-new")
        assert unlabelled(office) == []


def test_a_picker_is_worked_with_the_keyboard(office: Page, demo_site: DemoSite) -> None:
    office.goto(f"{demo_site.address}/assignments/new/")
    field = office.get_by_label("承办单位")
    field.press_sequentially("教育")
    options = office.get_by_role("option")
    expect(options.first).to_contain_text("教育")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(field).to_have_value(re.compile("教育局"))
    expect(office.locator('input[name="unit_id"]')).to_have_value(re.compile(r"^\d+$"))
    field.press_sequentially("x")
    expect(office.locator('input[name="unit_id"]')).to_have_value("")


HELD_ANSWERS = """
const real = window.fetch;
let asked = 0;
window.held = [];
window.release = () => new Promise((done) => {
  window.held.splice(0).forEach((go) => go());
  setTimeout(done); // after all that the answers have set going
});
window.fetch = async (address, options) => {
  const answer = await real(address, options);
  if (!String(address).includes("/ajax/lookup/")) return answer;
  const rows = await answer.json();
  answer.json = async () => rows;
  if (++asked > 1) await new Promise((go) => window.held.push(go));
  return answer;
};
"""


def held(page: Page, answers: int) -> None:
    """Wait until so many answers are here that the page has not been given yet."""
    wait_until(lambda: page.evaluate("window.held.length") == answers)


def test_a_late_answer_to_a_picker_changes_nothing(office: Page, demo_site: DemoSite) -> None:
    office.add_init_script(HELD_ANSWERS)
    office.goto(f"{demo_site.address}/assignments/new/")
    field, offered = office.get_by_label("承办单位"), office.locator(".picker [role=option]")
    field.fill("教育局")
    expect(offered.first).to_be_visible()
    field.click()  # asks once more
    held(office, 1)
    field.press("Enter")
    expect(offered.first).to_be_visible()  # nothing is chosen before the answer is there
    field.press("Escape")
    field.press("ArrowDown")  # and once more
    held(office, 2)
    office.evaluate("window.release()")
    offered.first.click()
    chosen = field.input_value()
    assert chosen
    field.click()
    held(office, 1)
    field.press("Escape")
    office.evaluate("window.release()")
    expect(offered.first).to_be_hidden()
    expect(field).to_have_value(chosen)


def test_enter_chooses_nothing_from_an_earlier_list(office: Page, demo_site: DemoSite) -> None:
    office.goto(f"{demo_site.address}/assignments/new/")
    field = office.get_by_label("承办单位")
    field.press_sequentially("局")
    expect(office.locator(".picker [role=option]").first).to_be_visible()
    office.keyboard.insert_text("教")
    office.keyboard.press("Enter")
    assert office.url.endswith("/assignments/new/")
    expect(office.locator('input[name="unit_id"]')).to_have_value("")
    expect(field).to_have_value("局教")


def test_typing_takes_the_place_of_what_was_chosen(office: Page, demo_site: DemoSite) -> None:
    unit = office.goto(f"{demo_site.address}/assignments/new/?unit_id=1")
    assert unit is not None and unit.ok
    field = office.get_by_label("承办单位")
    assert field.input_value()
    field.click()
    field.press_sequentially("教育")
    expect(field).to_have_value("教育")
    expect(office.locator(".picker [role=option]").first).to_contain_text("教育")


def test_a_double_click_saves_once_and_the_way_back_is_open(
    office: Page, demo_site: DemoSite
) -> None:
    office.goto(f"{demo_site.address}/supervision_notes/new/?proposal_id=10")
    office.get_by_label("批示人").fill("双击")
    office.get_by_role("textbox", name="内容").fill("请抓紧办理")
    office.get_by_role("button", name="保存", exact=True).dblclick()
    expect(office.get_by_text("已保存").first).to_be_visible()
    office.go_back()
    expect(office.get_by_role("button", name="保存", exact=True)).to_be_enabled()
    office.goto(f"{demo_site.address}/supervision_notes/?author=双击")
    expect(office.locator("tbody tr")).to_have_count(1)


def test_filters_make_an_address_that_can_be_read_and_shared(
    office: Page, demo_site: DemoSite
) -> None:
    office.goto(f"{demo_site.address}/assignments/")
    office.locator("summary", has_text="筛选").click()
    office.get_by_role("combobox", name="承办方式", exact=True).select_option("主办")
    unit = office.get_by_role("combobox", name="承办单位", exact=True)
    unit.press_sequentially("教育局")
    office.locator(".picker [role=option]").first.click()
    office.get_by_role("button", name="筛选").click()
    expect(office.get_by_text("承办方式：主办")).to_be_visible()
    assert re.search(r"/assignments/\?unit_id=\d+&role=%E4%B8%BB%E5%8A%9E$", office.url)
    office.wait_for_load_state()
    shared = office.locator("tbody tr").count()
    office.get_by_role("link", name="去掉：承办方式：主办").click()
    expect(office).to_have_url(re.compile(r"/assignments/\?unit_id=\d+$"))
    office.wait_for_load_state()
    assert office.locator("tbody tr").count() >= shared > 0


def test_columns_are_chosen_and_one_word_in_the_address(office: Page, demo_site: DemoSite) -> None:
    office.goto(f"{demo_site.address}/units/")
    office.locator("summary", has_text="列").click()
    office.get_by_role("checkbox", name="发文代字").check()
    office.get_by_role("button", name="显示").click()
    expect(office.get_by_role("columnheader", name="发文代字")).to_be_visible()
    assert "columns=name%2Cshort_name" in office.url


def test_ticked_rows_are_counted_before_anything_is_done(office: Page, demo_site: DemoSite) -> None:
    office.goto(f"{demo_site.address}/proposals/")
    expect(office.get_by_role("button", name="删除所选")).to_be_hidden()
    office.get_by_label("选中本页全部").check()
    expect(office.get_by_text("已选 50 条")).to_be_visible()
    office.get_by_role("button", name="删除所选").click()
    expect(office.get_by_text("有它们在，不能删除").first).to_be_visible()
    expect(office.get_by_role("button", name="删除", exact=True)).to_be_hidden()
    expect(office.get_by_role("link", name="返回", exact=True)).to_be_visible()


def test_the_next_page_goes_on_where_this_one_ends(office: Page, demo_site: DemoSite) -> None:
    office.goto(f"{demo_site.address}/assignments/?size=20")
    last = office.locator("tbody .is-main a").last.get_attribute("href")
    office.get_by_role("link", name="下一页").click()
    expect(office.locator(f'tbody a[href="{last}"]')).to_have_count(0)
    office.get_by_role("link", name="上一页").click()
    expect(office.locator("tbody .is-main a").last).to_have_attribute("href", last or "")
    expect(office.get_by_role("link", name="上一页")).to_be_hidden()


def test_a_page_reads_without_scripts(office: Page, demo_site: DemoSite, browser: object) -> None:
    context = office.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    context.add_cookies(office.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(f"{demo_site.address}/assignments/?role=主办")
    plain.locator("summary", has_text="筛选").click()
    plain.get_by_role("textbox", name="承办单位", exact=True).fill("鱼峰区教育局")
    plain.get_by_role("button", name="筛选").click()
    expect(plain.get_by_text("承办单位：鱼峰区教育局")).to_be_visible()
    context.close()


def test_on_a_narrow_screen_the_content_comes_before_the_menu(
    office: Page, demo_site: DemoSite
) -> None:
    office.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", "/proposals/", "/proposals/new/", "/review_routes/"):
        office.goto(f"{demo_site.address}{path}")
        heading, menu = office.locator("h1").bounding_box(), office.locator("#menu").bounding_box()
        assert heading and menu
        assert 0 < heading["y"] < 200 and menu["y"] > heading["y"]
        assert office.evaluate("document.documentElement.scrollWidth") == 390, path
    office.get_by_role("link", name="菜单").click()
    expect(office.locator("#menu a").first).to_be_in_viewport()
