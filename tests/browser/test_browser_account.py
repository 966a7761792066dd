"""A new colleague's first morning at the door, and a long text typed without a pause, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.ground.live import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

NEW_PASSWORD = "Hd4n+Zu8v+Qs3j"


def come_in(page: Page, username: str, password: str) -> None:
    """Fill and send the log-in page that is open."""
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


def log_in(page: Page, site: DemoSite, role: str) -> None:
    """Come in as the demo's first person of this role."""
    page.goto(site.address)
    login = site.login_of(role)
    come_in(page, login["username"], login["password"])


def make_colleague(page: Page, site: DemoSite) -> str:
    """Make a user on the screen and return the first password that it shows."""
    log_in(page, site, "系统管理员")
    page.goto(f"{site.address}/users/new/")
    page.get_by_label("登录名").fill("xinren")
    page.get_by_label("姓名").fill("莫小兰")
    page.get_by_label("角色").select_option("交办督查")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("下一步")
    expect(page.get_by_text("还没有密码，不能登录")).to_be_visible()
    page.get_by_role("button", name="设初始密码").click()
    return page.locator(".shown-once code").inner_text()


def fill(page: Page, current: str, new: str) -> None:
    """Fill and send the change of the password."""
    page.get_by_label("现用密码").fill(current)
    page.get_by_label("新密码", exact=True).fill(new)
    page.get_by_label("再输一次新密码").fill(new)
    page.get_by_role("button", name="改密码").click()


def test_a_new_colleague_gets_a_password_and_makes_it_his_own(
    page: Page, demo_site: DemoSite
) -> None:
    first = make_colleague(page, demo_site)
    page.context.clear_cookies()
    page.goto(f"{demo_site.address}/units/")
    come_in(page, "xinren", first)
    expect(page.get_by_role("heading", name="请先改密码")).to_be_visible()
    fill(page, first, "xinren-2026")
    expect(page.get_by_text("密码里不能有“xinren”")).to_be_visible()
    fill(page, first, NEW_PASSWORD)
    expect(page.get_by_text("密码已改")).to_be_visible()
    page.locator("summary.who").click()
    page.get_by_role("link", name="登录情况").click()
    expect(page.get_by_text("这一个")).to_be_visible()
    page.get_by_role("button", name="退出所有登录").click()
    expect(page.get_by_text("您在所有地方的登录都已退出。")).to_be_visible()


def test_who_types_for_long_stays_logged_in(page: Page, demo_site: DemoSite) -> None:
    page.clock.install()
    log_in(page, demo_site, "交办督查")
    page.goto(f"{demo_site.address}/units/new/")
    page.get_by_label("单位全称").fill("鱼峰区")
    page.clock.fast_forward("05:00")
    with page.expect_response(re.compile("/account/alive$")) as told:
        page.get_by_label("单位全称").press_sequentially("水")
    assert told.value.json()["logged_in"] is True


def test_who_was_put_out_meanwhile_learns_it_before_he_saves(
    page: Page, demo_site: DemoSite
) -> None:
    page.clock.install()
    log_in(page, demo_site, "交办督查")
    page.goto(f"{demo_site.address}/units/new/")
    other_tab = page.context.new_page()
    other_tab.goto(f"{demo_site.address}/account/sessions")
    other_tab.get_by_role("button", name="退出所有登录").click()
    expect(other_tab.get_by_role("button", name="登录")).to_be_visible()
    page.clock.fast_forward("05:00")
    page.get_by_label("单位全称").press_sequentially("水")
    expect(page.get_by_role("alert")).to_contain_text("登录已结束")


def put_out(page: Page, site: DemoSite) -> Page:
    """End all log-ins of the person in another tab, which is left at the door."""
    other_tab = page.context.new_page()
    other_tab.goto(f"{site.address}/account/sessions")
    other_tab.get_by_role("button", name="退出所有登录").click()
    expect(other_tab.get_by_role("button", name="登录")).to_be_visible()
    return other_tab


def type_a_unit(page: Page, site: DemoSite, name: str) -> None:
    """Begin a new unit as the office."""
    log_in(page, site, "交办督查")
    page.goto(f"{site.address}/units/new/")
    page.get_by_label("单位全称").fill(name)


def save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()


def test_what_was_typed_survives_the_end_of_the_log_in(page: Page, demo_site: DemoSite) -> None:
    type_a_unit(page, demo_site, "鱼峰区水文站")
    put_out(page, demo_site)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("登录已结束")
    expect(page.get_by_label("单位全称")).to_have_value("鱼峰区水文站")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="打开新页面").click()
    login = demo_site.login_of("交办督查")
    come_in(opened.value, login["username"], login["password"])
    expect(opened.value.get_by_role("navigation").first).to_be_visible()
    save(page)
    expect(page.get_by_role("status")).to_contain_text("已保存：鱼峰区水文站。")


@pytest.mark.parametrize("place", ["beside the row", "a page of its own"])
def test_an_act_is_done_after_the_log_in_that_ended_in_the_middle(
    page: Page, demo_site: DemoSite, place: str
) -> None:
    log_in(page, demo_site, "交办督查")
    page.goto(f"{demo_site.address}/assignments/?state=待签收")
    page.locator(".rows tbody .is-main a").first.click()
    if place == "beside the row":
        page.locator("summary", has_text="撤办").click()
    else:
        expect(page).to_have_url(re.compile("id="))
        key = page.url.split("id=")[1].split("&")[0]
        page.goto(f"{demo_site.address}/assignments/act/?act=take_back&rowid={key}")
    reason = page.locator("form[action*=take_back]").get_by_label("结束理由")
    reason.fill("交错了单位")
    put_out(page, demo_site)
    done = page.locator("form[action*=take_back]").get_by_role("button", name="撤办")
    done.click()
    expect(page.get_by_role("alert")).to_contain_text("登录已结束")
    expect(reason).to_have_value("交错了单位")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="打开新页面").click()
    login = demo_site.login_of("交办督查")
    come_in(opened.value, login["username"], login["password"])
    expect(opened.value.get_by_role("navigation").first).to_be_visible()
    done.click()
    expect(page.get_by_role("status")).to_contain_text("已撤办：")
    expect(page.get_by_role("main")).to_contain_text("交错了单位")


def test_what_one_person_typed_is_not_saved_in_the_name_of_another(
    page: Page, demo_site: DemoSite
) -> None:
    type_a_unit(page, demo_site, "鱼峰区档案馆")
    other_tab = put_out(page, demo_site)
    login = demo_site.login_of("系统管理员")
    come_in(other_tab, login["username"], login["password"])
    expect(other_tab.get_by_role("navigation").first).to_be_visible()
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("另一个人")
    expect(page.get_by_label("单位全称")).to_have_value("鱼峰区档案馆")


def test_a_form_is_kept_while_the_server_is_out_of_reach(page: Page, demo_site: DemoSite) -> None:
    type_a_unit(page, demo_site, "鱼峰区气象局")
    page.route("**/account/alive", lambda route: route.fulfill(body="忙"))
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert")).to_contain_text("没有保存")
    page.unroute("**/account/alive")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status")).to_contain_text("已保存：鱼峰区气象局。")
