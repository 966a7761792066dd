"""Coming in and going out, in a real browser, on the demo district as `make run` fills it."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ground.live import DemoSite

Cookies = list[Any]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def log_in(page: Page, site: DemoSite, role: str, password: str | None = None) -> None:
    """Type the name and the password of a person of this role."""
    login = site.login_of(role)
    page.goto(site.address)
    page.get_by_label("登录名").fill(login["username"])
    page.get_by_label("密码", exact=True).fill(password or login["password"])
    page.get_by_role("button", name="登录").click()


def cookies_of(browser: Browser, site: DemoSite, role: str) -> Cookies:
    """What the browser of a person of this role holds when he has logged in."""
    context = browser.new_context()
    page = context.new_page()
    log_in(page, site, role)
    page.get_by_role("navigation").first.wait_for()
    cookies: Cookies = list(context.cookies())
    context.close()
    return cookies


def test_the_office_logs_in_and_sees_its_front_page(page: Page, demo_site: DemoSite) -> None:
    log_in(page, demo_site, "交办督查")
    expect(page).not_to_have_url(f"{demo_site.address}/login")
    expect(page.get_by_role("navigation").first).to_be_visible()


def test_a_wrong_password_is_refused_in_words(page: Page, demo_site: DemoSite) -> None:
    log_in(page, demo_site, "审计员", "不是这个密码")
    expect(page.get_by_role("alert")).to_contain_text("密码")
    expect(page.get_by_role("button", name="登录")).to_be_visible()


@pytest.mark.parametrize(
    "role", ["系统管理员", "交办督查", "承办单位联络员", "承办单位领导", "督办领导", "代表/委员"]
)
def test_the_front_page_fits_an_office_screen(page: Page, demo_site: DemoSite, role: str) -> None:
    log_in(page, demo_site, role)
    expect(page.get_by_role("navigation").first).to_be_visible()
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0


def test_who_logs_out_is_out_in_every_tab(page: Page, demo_site: DemoSite) -> None:
    log_in(page, demo_site, "督办领导")
    page.get_by_role("navigation").first.wait_for()
    inside = page.url
    other_tab = page.context.new_page()
    other_tab.goto(inside)
    page.locator("summary.who").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    other_tab.goto(inside)
    expect(other_tab.get_by_role("button", name="登录")).to_be_visible()
