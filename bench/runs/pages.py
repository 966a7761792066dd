"""Lists at two sizes: what a page costs should not depend on how many items there are."""

from pathlib import Path

from bench.measure import PANEL_PYTHON, measure
from bench.report import Report, Times
from bench.sizes import Sizes
from bench.users import LIAISON_USER, OFFICE_USER, USERS
from bench.words import RARE_WORD

SIDES = "lead_units,partner_units,lead_sponsor,joint_sponsors,answer_letter,next_due_on,days_late"
UNIT = 2
"""教育局 of the seeds."""
PAGES = {
    **{f"first page of {role}": (user, "/") for role, user in USERS.items()},
    "list": (OFFICE_USER, "/proposals/"),
    "list with every side column": (OFFICE_USER, f"/proposals/?columns=number,title,{SIDES}"),
    "items that one unit leads": (OFFICE_USER, f"/proposals/?lead_units={UNIT}"),
    "items that are late": (OFFICE_USER, "/proposals/?days_late.from=1"),
    "items that one unit leads and that are late": (
        OFFICE_USER,
        f"/proposals/?lead_units={UNIT}&days_late.from=1",
    ),
    "list by due date": (OFFICE_USER, "/proposals/?sort=due_on"),
    "two filters": (OFFICE_USER, "/proposals/?kind=建议&state=办理"),
    "last page but one": (OFFICE_USER, "/proposals/?before=end"),
    "list by title, which has no index": (OFFICE_USER, "/proposals/?sort=title"),
    "tasks": (OFFICE_USER, "/assignments/"),
    "tasks that are late": (OFFICE_USER, "/assignments/?days_late.from=1"),
    "tasks in one state": (OFFICE_USER, "/assignments/?state=办理中"),
    "tasks, last page but one": (OFFICE_USER, "/assignments/?before=end"),
    "a liaison's own items": (LIAISON_USER, "/proposals/"),
    "a liaison's own items by due date": (LIAISON_USER, "/proposals/?sort=due_on"),
    "a liaison's own items that are late": (LIAISON_USER, "/proposals/?days_late.from=1"),
    "a liaison's own tasks": (LIAISON_USER, "/assignments/"),
    "search, found often": (OFFICE_USER, "/proposals/?q=老城"),
    "search, found three times": (OFFICE_USER, f"/proposals/?q={RARE_WORD}"),
    "search, found nowhere": (OFFICE_USER, "/proposals/?q=鲸鱼"),
    "search, one character, nowhere": (OFFICE_USER, "/proposals/?q=鲸"),
    "search, two words found often": (OFFICE_USER, "/proposals/?q=老城 路灯"),
    "search, a number": (OFFICE_USER, "/proposals/?q=0012"),
    "search of tasks by their items": (OFFICE_USER, f"/assignments/?q={RARE_WORD}"),
    "a liaison's search, found often": (LIAISON_USER, "/proposals/?q=老城"),
    "a liaison's search, found nowhere": (LIAISON_USER, "/proposals/?q=鲸鱼"),
}
"""Name -> who asks, and for what."""


def run(report: Report, sizes: Sizes, folder: Path) -> None:
    """Every page at both sizes, then the ratios."""
    small, large = (_measure(report, folder, count, sizes.laps) for count in sizes.archives)
    report.open(f"The same pages, {sizes.large:,} items by {sizes.small:,}")
    for name in PAGES:
        (clock, cpu), (clock_before, cpu_before) = large[name], small[name]
        report.ratio(name, clock / clock_before, cpu / cpu_before)


def _measure(report: Report, folder: Path, count: int, laps: int) -> dict[str, Times]:
    """The times of every page, the lap in the middle."""
    database = str(folder / f"items-{count}.db")
    measure(PANEL_PYTHON, "bench.ours.databases:fill", {"database": database, "proposals": count})
    asked = {"database": database, "asked": list(PAGES.values()), "laps": laps}
    measured = measure(PANEL_PYTHON, "bench.ours.pages:open_pages", asked)
    report.open(f"Pages of an archive of {count:,} items, the middle of {laps} times")
    times = {}
    for place, (name, rows) in enumerate(zip(PAGES, measured.answer, strict=True)):
        these = slice(place * laps, (place + 1) * laps)
        times[name] = report.middle(f"{name} ({rows} rows)", measured, these)
    report.step("all of them", measured)
    Path(database).unlink()
    return times
