"""A plan of many rows through both programs, and its other layouts through ours."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.layouts import LAYOUTS, PLAIN
from bench.measure import PANEL_PYTHON, PEER_PYTHON, Measured, measure
from bench.plans import MEETING, unit_names
from bench.report import Report, Times
from bench.sizes import Sizes

OURS = ("read", "preview", "apply", "preview again, nothing new", "undo")
COMPARED = ("preview", "apply")
PEER_SETUPS = {"as its guide begins": False, "with its bulk options": True}

Steps = Mapping[str, Measured]


def run(report: Report, sizes: Sizes, folder: Path) -> None:
    """Both programs side by side, then the layouts."""
    (plan,) = _make_plans(folder, sizes.rows, [PLAIN])
    database = folder / "ours.db"
    report.open(f"A plan of {sizes.rows:,} rows and three assignments each, SQLite")
    ours, contents = _measure_ours(report, sizes, database, plan)
    if not sizes.with_peer:
        report.note("Without the other program, as asked.")
    elif PEER_PYTHON.exists():
        for setup, is_bulk in PEER_SETUPS.items():
            _compare(report, sizes, (ours, contents), _Peer(setup, is_bulk, folder, plan))
    else:
        report.note("Without the other program: bench/.venv is not there; `make bench` makes it.")
    _measure_layouts(report, sizes, folder, database)


class _Peer:
    """django-import-export in one set-up, on a database of its own."""

    def __init__(self, setup: str, is_bulk: bool, folder: Path, plan: str) -> None:
        self.name = f"import-export {setup}"
        self.job = {"database": str(folder / f"peer-{is_bulk}.db"), "plan": plan}
        self.is_bulk = is_bulk

    def step(self, name: str, **arguments: Any) -> Measured:
        """Run one of bench.peer.steps."""
        return measure(PEER_PYTHON, f"bench.peer.steps:{name}", arguments)

    def prepare(self) -> None:
        """Make its database."""
        self.step("prepare", database=self.job["database"], units=unit_names(), meeting=MEETING)


def _make_plans(folder: Path, rows: int, layouts: Iterable[str]) -> list[str]:
    """The files of the same plan, one in each layout."""
    files = [(str(folder / f"{layout}-{rows}.xlsx"), layout) for layout in layouts]
    measure(PANEL_PYTHON, "bench.workbooks:make", {"files": files, "count": rows})
    return [path for path, _ in files]


def _measure_ours(report: Report, sizes: Sizes, database: Path, plan: str) -> tuple[Steps, Any]:
    """Our steps on one database; and what it held when the plan was applied."""
    here = {"database": str(database)}
    measure(PANEL_PYTHON, "bench.ours.databases:prepare", here)
    steps: dict[str, Measured] = {}

    def step(shown: str, function: str, **arguments: Any) -> Any:
        steps[shown] = measure(PANEL_PYTHON, f"bench.ours.plan:{function}", {**here, **arguments})
        report.step(f"panel: {shown}", steps[shown], sizes.rows)
        return steps[shown].answer

    step(OURS[0], "read", plans=[plan])
    import_id = step(OURS[1], "preview", plan=plan)
    step(OURS[2], "apply", import_id=import_id)
    contents = _contents(database)
    step(OURS[3], "preview", plan=plan)
    step(OURS[4], "undo", import_id=import_id)
    return steps, contents


def _compare(report: Report, sizes: Sizes, ours: tuple[Steps, Any], peer: _Peer) -> None:
    """The peer's steps, and by how much ours are faster, if both databases hold the same."""
    peer.prepare()
    times = {"read": peer.step("read", **peer.job)}
    for step in COMPARED:
        times[step] = peer.step(step, **peer.job, bulk=peer.is_bulk)
    for step, measured in times.items():
        report.step(f"{peer.name}: {step}", measured, sizes.rows)
    if _contents(Path(peer.job["database"])) != ours[1]:
        report.note("The two databases do not hold the same, so there is no ratio.")
        return
    clocks, cpus = zip(_waited(times), _waited(ours[0]), strict=True)
    report.ratio(f"{peer.name}, times ours", clocks[0] / clocks[1], cpus[0] / cpus[1])


def _waited(steps: Steps) -> Times:
    """What somebody waits for: preview and apply, each with its own reading of the file."""
    waited = [steps[name] for name in COMPARED]
    return sum(step.seconds for step in waited), sum(step.cpu_seconds for step in waited)


def _contents(database: Path) -> Any:
    return measure(PANEL_PYTHON, "bench.contents:contents", {"database": str(database)}).answer


def _measure_layouts(report: Report, sizes: Sizes, folder: Path, database: Path) -> None:
    plans = _make_plans(folder, sizes.layout_rows, LAYOUTS)
    job = {"database": str(database), "plans": plans}
    measured = measure(PANEL_PYTHON, "bench.ours.plan:read", job)
    report.open(f"Reading the same {sizes.layout_rows:,} items in every layout, panel alone")
    for place, (layout, usable) in enumerate(zip(LAYOUTS, measured.answer, strict=True)):
        report.lap(f"{layout}: {usable:,} usable", measured, place, sizes.layout_rows)
    report.step("all of them", measured, len(LAYOUTS) * sizes.layout_rows)
