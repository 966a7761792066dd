"""Registering with the keyboard alone, in a real browser: an item with its signers and units on one page."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_browser_login import Cookies, cookies_of
from tests.ground.live import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def cookies(browser: Browser, demo_site: DemoSite) -> Cookies:
    return cookies_of(browser, demo_site, "交办督查")


@pytest.fixture
def office(page: Page, cookies: Cookies) -> Page:
    page.context.add_cookies(cookies)
    return page


def focused(page: Page) -> str:
    """The name of the field, or the words of the button, that the keyboard is at."""
    said: str = page.evaluate("document.activeElement.name || document.activeElement.textContent")
    return said


def tab_to(page: Page, name: str) -> None:
    """Go on with Tab until this field is reached."""
    for _ in range(40):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {name}, but to {focused(page)}")


def choose(page: Page, text: str) -> None:
    """Type into the picker at hand and take the first that it offers."""
    page.keyboard.insert_text(text)
    expect(page.locator(".picker [role=option]:visible").first).to_contain_text(text)
    page.keyboard.press("Enter")


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def fill_line(page: Page, text: str, downs: int) -> None:
    """A picker and the choice behind it; Enter goes to the next line."""
    choose(page, text)
    press(page, "Tab")
    press(page, "ArrowDown", downs)
    press(page, "Enter")


def test_an_item_is_registered_with_signers_and_units_by_keyboard_on_one_page(
    office: Page, demo_site: DemoSite
) -> None:
    office.goto(f"{demo_site.address}/proposals/new/")
    expect(office.get_by_label("届次会议")).to_be_focused()
    choose(office, "人大")
    press(office, "Tab")
    press(office, "ArrowDown")  # 建议
    tab_to(office, "number")
    office.keyboard.type("970")
    tab_to(office, "title")
    office.keyboard.insert_text("关于只用键盘登记的建议")
    tab_to(office, "sponsors.0.deputy_id.text")
    fill_line(office, "韦振华", 1)
    fill_line(office, "覃美玲", 2)
    expect(office.locator("[data-block=sponsors] [data-line]")).to_have_count(3)
    press(office, "Enter")  # from the blank line to the next block
    assert focused(office) == "assignments.0.unit_id.text"
    fill_line(office, "教育局", 1)
    fill_line(office, "财政局", 3)
    press(office, "Enter")
    assert focused(office) == "requests.0.content"  # the demands, a text of several lines
    tab_to(office, "then")
    expect(office.get_by_role("button", name="保存", exact=True)).to_be_focused()
    press(office, "Tab")
    press(office, "Enter")  # 保存并登记下一件
    expect(office.get_by_text("已保存：建议970号")).to_be_visible()
    expect(office.get_by_label("案号")).to_have_value("971")
    expect(office.get_by_label("标题")).to_be_focused()
    office.goto(f"{demo_site.address}/proposals/?q=970")
    office.get_by_role("link", name="970", exact=True).click()
    for name in ("韦振华", "覃美玲", "鱼峰区教育局", "鱼峰区财政局"):
        expect(office.locator(".sheet").get_by_text(name).first).to_be_visible()


def test_rows_are_moved_and_taken_out_with_the_keyboard(office: Page, demo_site: DemoSite) -> None:
    office.goto(f"{demo_site.address}/proposals/")
    office.locator("td.is-main a").last.click()
    office.get_by_role("link", name="修改", exact=True).click()
    block = office.locator("[data-block=sponsors]")
    expect(block.locator("[data-blank]")).to_have_count(1)
    office.wait_for_load_state()
    before = block.locator("[data-line]:not([data-blank])").count()
    block.get_by_role("button", name="再加一行").press("Enter")
    expect(block.locator("[data-line]")).to_have_count(before + 2)
    added = block.locator("[data-line]").nth(before + 1)
    expect(added.locator("input[type=text]").first).to_be_focused()
    added.locator("input[type=text]").first.press_sequentially("覃")
    expect(added.locator("[role=option]").first).to_be_visible()
    office.keyboard.press("Escape")
    added.get_by_label("去掉").press("Space")
    expect(added.get_by_label("去掉")).to_be_checked()
    filled = block.locator("[data-line]:not([data-blank])")
    names = [filled.nth(n).locator("input[type=text]").input_value() for n in range(before)]
    if before > 1:
        filled.nth(1).get_by_role("button", name=re.compile("^上移")).press("Enter")
        moved = [filled.nth(n).locator("input[type=text]").input_value() for n in range(before)]
        assert moved == [names[1], names[0], *names[2:]]
        expect(filled.first.get_by_role("button", name="上移第 1 行")).to_be_focused()


def test_rows_are_filled_in_without_scripts(office: Page, demo_site: DemoSite) -> None:
    context = office.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    context.add_cookies(office.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(f"{demo_site.address}/units/new/")
    plain.get_by_label("单位全称").fill("鱼峰区地震局")
    block = plain.locator("[data-block=unit_aliases]")
    room = block.get_by_label("别名").count()
    block.get_by_label("别名").first.fill("区地震局")
    block.get_by_role("button", name="再加一行").click()
    expect(block.get_by_label("别名").first).to_have_value("区地震局")
    assert room > 1
    block.get_by_label("别名").nth(1).fill("地震局")
    plain.get_by_label("单位全称").press("Enter")  # saves, and is not the button for another line
    expect(plain.get_by_text("已保存：鱼峰区地震局")).to_be_visible()
    expect(plain.get_by_role("link", name="地震局", exact=True)).to_be_visible()
    context.close()
