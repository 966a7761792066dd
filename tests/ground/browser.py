"""A real Chromium for the tests of the pages: found on the system, or brought by Playwright.

A test asks for `page`. Errors of scripts, refused contents (CSP) and requests to other machines fail it.
Without a Chromium these tests say loudly that they did not run; BROWSER_REQUIRED=1 makes that a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",  # root, as in CI, has no other way
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
PATIENCE_MS = 60_000
"""How long a page is waited for, whatever else the machine has to do."""
HOME = ("127.0.0.1", "localhost")
NO_BROWSER = "NO CHROMIUM FOUND: THE BROWSER TESTS DID NOT RUN (install chromium)"


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright, once for the run."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """One Chromium for the run."""
    found = find_chromium(playwright_driver)
    if found is None:
        if os.environ.get("BROWSER_REQUIRED") == "1":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    chromium = playwright_driver.chromium.launch(executable_path=found, args=list(ARGUMENTS))
    yield chromium
    chromium.close()


@pytest.fixture
def browser_context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor without cookies at an office screen; whoever asks for what is not on this machine is told of.

    That such a host is not found, the browser sees to itself (ARGUMENTS): a route for every request would have to
    come by here, and without its cache the browser would ask for every script and style on every page anew.
    """
    context = browser.new_context(
        viewport={"width": 1366, "height": 768},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE_MS)
    strangers: list[str] = []

    def note(asked: Request) -> None:
        host = urlsplit(asked.url).hostname
        if host and host not in HOME:
            strangers.append(asked.url)

    context.on("request", note)
    yield context
    context.close()
    assert strangers == [], f"the page asked other machines: {strangers}"


@pytest.fixture
def page(browser_context: BrowserContext) -> Iterator[Page]:
    """A page on which every script runs and every content is allowed."""
    page, complaints = browser_context.new_page(), []

    def note(said: ConsoleMessage) -> None:
        # That the page itself came with a 404 is what a test may have wanted.
        if said.type == "error" and said.location["url"] != page.url:
            complaints.append(said.text)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", note)
    yield page
    assert complaints == [], f"the browser complained: {complaints}"


def find_chromium(driver: Playwright) -> str | None:
    """The path of a Chromium: the system's, Playwright's own, or one it can fetch now."""
    for name in NAMES:
        if on_path := shutil.which(name):
            return on_path
    own = Path(driver.chromium.executable_path)
    if not own.exists():
        fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(fetch, capture_output=True, timeout=300, check=False)
    return str(own) if own.exists() else None
