"""The staff's handbook tells of every setting and shows every picture that it has, as the screens are today.

With PICTURES=docs/images the pictures are taken anew.
"""

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from jobs.running.preparation import run_flask
from seeds.files import read
from tests.browser.test_browser_import import PATIENCE_MS, drop, open_imports
from tests.browser.test_browser_login import log_in
from tests.ground.live import DemoSite
from tests.ground.places import ROOT
from tests.ground.plans import SAMPLES

DOCS = ROOT / "docs"
PICTURES = os.environ.get("PICTURES")
HANDBOOK = (DOCS / "handbook.zh.md").read_text("utf-8")


def test_every_setting_is_told_with_what_it_is_at_first() -> None:
    table = HANDBOOK.split("### 设置")[1].split("###")[0]
    told = dict(re.findall(r"^\| (\S+) \| (.+?) \|", table, re.M))
    for row in read("settings"):
        assert told.get(row["label"]) == row["value"], row["label"]


def first_page(page: Page, site: DemoSite) -> None:
    page.goto(site.address)
    expect(page.get_by_label("登录名")).to_be_focused()


def home(page: Page, site: DemoSite) -> None:
    log_in(page, site, "交办督查")
    expect(page.get_by_text("待交办", exact=True)).to_be_visible()


def proposals(page: Page, site: DemoSite) -> None:
    home(page, site)
    page.goto(f"{site.address}/proposals/")
    expect(page.get_by_role("link", name="001", exact=True).first).to_be_visible()


def due_month(page: Page, site: DemoSite) -> None:
    home(page, site)
    page.goto(f"{site.address}/due-month/")
    expect(page.get_by_role("heading", name="到期日历")).to_be_visible()


def figures(page: Page, site: DemoSite) -> None:
    home(page, site)
    page.goto(f"{site.address}/figures/?by=unit&part=进度")
    expect(page.get_by_role("heading", name="统计表")).to_be_visible()


def import_preview(page: Page, site: DemoSite) -> None:
    open_imports(page, site)
    drop(page, SAMPLES / "09-dirty.xlsx")
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("不认识的单位写法")).to_be_visible(timeout=PATIENCE_MS)


VIEWS: dict[str, Callable[[Page, DemoSite], None]] = {
    "login": first_page,
    "home": home,
    "proposals": proposals,
    "due-month": due_month,
    "figures": figures,
    "import-preview": import_preview,
}


def test_every_picture_is_one_of_these_and_is_shown() -> None:
    shown = set(re.findall(r"!\[[^\]]+\]\(images/([\w-]+)\.png\)", HANDBOOK))
    assert shown == VIEWS.keys() == {file.stem for file in (DOCS / "images").iterdir()}


@pytest.fixture
def pictured_site(demo_site: DemoSite) -> DemoSite:
    """The demo; for pictures with its nightly check, which other tests do without."""
    if PICTURES:
        assert run_flask(demo_site.settings, "check-deadlines").returncode == 0
    return demo_site


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", VIEWS)
def test_the_screen_of_a_picture_is_there(page: Page, pictured_site: DemoSite, name: str) -> None:
    VIEWS[name](page, pictured_site)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png")
