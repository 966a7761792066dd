"""People at work while plans are imported: how long they wait for a page, and for what they save."""

from pathlib import Path

from bench.layouts import PLAIN
from bench.measure import PANEL_PYTHON, Measured, measure
from bench.report import Report
from bench.sizes import Sizes
from bench.users import QUIET


def run(report: Report, sizes: Sizes, folder: Path) -> None:
    """The same people while nobody imports, and while a plan of an office's year and a very large one come and go."""
    office = folder / "office"
    office.mkdir()
    filled = {"database": str(office / "banli.db"), "proposals": sizes.crowd_items}
    measure(PANEL_PYTHON, "bench.ours.databases:fill_crowd", {**filled, "people": sizes.people})
    plans = [
        (f"a plan of {rows:,} rows", _make_plan(folder, rows), times)
        for rows, times in ((sizes.crowd_rows, sizes.crowd_times), (sizes.rows, 2))
    ]
    asked = {
        "folder": str(office),
        "people": sizes.people,
        "quiet_s": sizes.quiet_s,
        "plans": plans,
    }
    measured = measure(PANEL_PYTHON, "bench.ours.crowd:work", asked)
    report.open_spread(f"{sizes.people} people at work, {sizes.crowd_items:,} items, SQLite")
    for phase in (QUIET, *(name for name, _, _ in plans)):
        _tell(report, phase, measured)
    faults = measured.answer["faults"]
    report.note(f"{len(faults)} faults" + "".join(f"\n    {fault}" for fault in faults[:5]))
    report.open("From the drop of a plan to its undoing meanwhile, all times together")
    report.step("plans", measured)


def _make_plan(folder: Path, rows: int) -> str:
    path = str(folder / f"crowd-{rows}.xlsx")
    measure(PANEL_PYTHON, "bench.workbooks:make", {"files": [(path, PLAIN)], "count": rows})
    return path


def _tell(report: Report, phase: str, measured: Measured) -> None:
    """What the people waited for in this phase."""
    for kinds in (("read",), ("write",), ("read", "write")):
        found = [
            s for when, kind, s in measured.answer["answers"] if when == phase and kind in kinds
        ]
        if found:
            report.spread(f"{phase}: {' or '.join(kinds)}", found)
