"""The panel's steps with a plan, each as a worker does it: preview, apply, undo; and the reading by itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bench.child import Stopwatch
from bench.ours.databases import NOW, open_panel
from bench.plans import MEETING
from domain import models
from domain.files.uploads import store
from domain.imports import record
from domain.plans import lookups
from domain.plans.recognising.outcomes import Plan
from domain.plans.recognising.reading import read_plan
from domain.storing.session import ActorSession, system_session
from jobs.queue.execution import Workplace, execute
from jobs.queue.kinds import KINDS
from jobs.running.settings import Settings
from jobs.runs.runs import RunRequest, add_run
from jobs.work.imports import APPLY, AT_WORK_ON, PREVIEW, UNDO


class NotDone(RuntimeError):
    """The panel did not do what was to be measured; the text is what it says of it."""


def read(watch: Stopwatch, database: str, plans: list[str]) -> list[int]:
    """Files into rows with their errors, a lap each; how many rows of each are usable."""
    engine = open_panel(database)
    usable = []
    for plan in plans:
        with _session(engine) as session, watch:
            usable.append(sum(not row.errors for row in _read(session, plan).rows))
    engine.dispose()
    return usable


def preview(watch: Stopwatch, database: str, plan: str) -> int:
    """Read a file that somebody has handed in and tell every row's outcome; the id of the import."""
    engine = open_panel(database)
    with _session(engine) as session, Path(plan).open("rb") as file:
        meeting = _meeting(session)
        stored = store(file, _data_dir(database) / "uploads", "plan.xlsx")
        import_id = record.begin(session, lookups.TARGET, meeting.id, "plan.xlsx", stored)
        session.commit()
    _work(watch, engine, PREVIEW, {"import": import_id})
    return import_id


def apply(watch: Stopwatch, database: str, import_id: int) -> None:
    """Read the file again and write it, with the change log, the deadlines and the outcome of every row."""
    _work(watch, open_panel(database), APPLY, {"import": import_id, "only_valid": False})


def undo(watch: Stopwatch, database: str, import_id: int) -> None:
    """Take the import back."""
    _work(watch, open_panel(database), UNDO, {"import": import_id})


def _work(watch: Stopwatch, engine: Engine, kind: str, arguments: Mapping[str, Any]) -> None:
    """One background run from its claim to its end. Raises NotDone; closes the engine."""
    with _session(engine) as session:
        run_id = add_run(session, RunRequest(kind, arguments), NOW).id
        row = session.get_one(models.Import, arguments["import"])
        row.job_run_id, row.state = run_id, AT_WORK_ON[kind]  # as the screen asks for it
        session.commit()
    settings = Settings(data_dir=_data_dir(engine.url.database or ""))
    place = Workplace(engine, settings, lambda: NOW, "bench", KINDS)
    with watch:
        execute(place, run_id)
    with _session(engine) as session:
        run = session.get_one(models.JobRun, run_id)
        if run.state != "完成":
            raise NotDone(f"{kind}: {run.state} {run.error}")
    engine.dispose()


def _data_dir(database: str) -> Path:
    return Path(database).with_suffix(".data")


def _session(engine: Engine) -> ActorSession:
    return system_session(engine, "bench", lambda: NOW)


def _meeting(session: ActorSession) -> lookups.PlanMeeting:
    meeting = lookups.find_meeting(session, MEETING["name"])
    assert meeting is not None
    return meeting


def _read(session: ActorSession, plan: str) -> Plan:
    book, overrides = lookups.load_unit_book(session), lookups.load_overrides(session)
    return read_plan(Path(plan), _meeting(session).facts, book, overrides)
