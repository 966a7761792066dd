"""People at work while plans are imported: the real web server, worker and queue, over HTTP on this machine.

Everybody reads lists and items and writes the ledger; one person imports a plan, confirms it and takes it back.
"""

import random
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.child import Stopwatch
from bench.ours.browser import Browser, NotAPage
from bench.users import OFFICE_USER, PASSWORD, QUIET, crowd_unit, crowd_user
from jobs.running.children import Child
from jobs.running.preparation import listening
from jobs.running.serve import programs, wait_for_page
from jobs.running.settings import Settings
from jobs.running.stopping import Stop

PAUSE_S = (1.0, 4.0)
"""How long a person looks at a page."""

ARRIVING, ARRIVING_S = "everybody arrives", 5.0
"""The pages of the first seconds are built for the first time; they are not told."""

_ASK_AGAIN_S = 0.3
_SCHEDULE = "定时任务"
_READS = (
    "/",
    "/proposals/",
    "/proposals/?q=老城",
    "/assignments/",
    "/assignments/?state=办理中",
    "/deadlines/",
)

Answer = tuple[str, str, float]
"""While what, reading or writing, seconds."""


@dataclass
class Day:
    """What the people share: where the panel is, what is going on, and what was measured."""

    address: str
    phase: str = ARRIVING
    answers: list[Answer] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)


def work(
    watch: Stopwatch, folder: str, people: int, quiet_s: float, plans: list[tuple[str, str, int]]
) -> dict[str, object]:
    """Have so many people work for ``quiet_s``, then on while each plan is imported and taken back again.

    ``folder`` holds the database `banli.db`; ``plans``: what that time is called, the file, how often. A lap for every
    time. Returns the answers and what went wrong.
    """
    with _running(Path(folder)) as address, ThreadPoolExecutor(people) as office:
        day = Day(address)
        browsers = [_logged_in(address, crowd_user(place)) for place in range(people)]
        importer = _logged_in(address, OFFICE_USER)
        at_work = [office.submit(_work, day, *one) for one in enumerate(browsers)]
        try:
            time.sleep(ARRIVING_S)
            day.phase = QUIET
            time.sleep(quiet_s)
            for day.phase, plan, times in plans:
                for _ in range(times):
                    with watch:
                        _import(importer, Path(plan))
        finally:
            day.is_over.set()
        for person in at_work:
            person.result()
    return {"answers": day.answers, "faults": day.faults}


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    """The address of the program at work on the folder's database, as `make run` starts it but without the schedule."""
    with listening("127.0.0.1", 0) as socket:
        settings = Settings(data_dir=folder, port=socket.getsockname()[1], workers=1)
        for name in ("run", "logs"):
            (folder / name).mkdir()
        parts = [p for p in programs(settings, socket.fileno()) if p.name != _SCHEDULE]
        children = [Child(program) for program in parts]
        try:
            wait_for_page(settings, children, Stop())
            yield f"http://127.0.0.1:{settings.port}"
        finally:
            for child in reversed(children):
                child.ask_to_stop()
                child.wait_until_stopped()


def _logged_in(address: str, username: str) -> Browser:
    browser = Browser(address)
    browser.log_in(username, PASSWORD)
    return browser


def _work(day: Day, place: int, browser: Browser) -> None:
    """Look at something and, every fifth time or so, write the ledger of a task of one's own."""
    unit, chance = crowd_unit(place), random.Random(place)
    own = browser.get(f"/assignments/?unit_id={unit}" if unit else "/assignments/")
    tasks = re.findall(r"/assignments/details/\?id=(\d+)", own)
    while not day.is_over.wait(chance.uniform(*PAUSE_S)):
        if chance.random() < 0.2:
            new = f"/ledger_entries/new/?assignment_id={chance.choice(tasks)}"
            if _timed(day, "read", browser, new):
                _timed(day, "write", browser, new, _entry(chance))
        else:
            _timed(day, "read", browser, urllib.parse.quote(chance.choice(_READS), safe="/?=&"))


def _entry(chance: random.Random) -> dict[str, str]:
    return {
        "happened_on": "2024-04-12",
        "stage": "办中",
        "activity": "调查研究",
        "summary": f"实地查看第{chance.randrange(100)}处。",
    }


def _timed(
    day: Day, kind: str, browser: Browser, path: str, form: dict[str, str] | None = None
) -> bool:
    """Ask for a page, or send a form there; whether that went well. Counts for what was going on at its start."""
    phase, started = day.phase, time.perf_counter()
    try:
        if form is None:
            browser.get(path)
        else:
            task = urllib.parse.parse_qs(path.partition("?")[2])["assignment_id"][0]
            browser.post(path, {**form, "assignment_id": task})
            if "/new/" in browser.path:
                errors = re.findall(r'role="alert">(.*?)</div>', browser.page, re.S)
                raise NotAPage(f"{path} was not saved: {errors}")
    except NotAPage as fault:
        day.faults.append(f"{phase}: {fault}")
        return False
    finally:
        day.answers.append((phase, kind, time.perf_counter() - started))
    return True


def _import(browser: Browser, plan: Path) -> None:
    """Drop the plan, confirm what the preview shows, take it all back."""
    meeting = re.findall(r'<option value="(\d+)"', browser.get("/import/"))[-1]
    browser.post("/import/", {"meeting": meeting}, plan)
    _until_done(browser)
    for door in ("apply/", "undo/"):
        browser.post(browser.path + door, {"only_valid": "0"})
        _until_done(browser)


def _until_done(browser: Browser) -> None:
    while "data-run=" in browser.get(browser.path):
        time.sleep(_ASK_AGAIN_S)
