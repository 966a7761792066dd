"""The panel's steps with a plan: read the file, preview, apply, apply again, undo; each whole, as the job does it."""

from pathlib import Path

from sqlalchemy import Engine, func, select

from bench.child import Stopwatch
from bench.ours.databases import NOW, open_panel
from domain import models
from domain.plans import answers, lookups
from domain.plans.apply import import_plan
from domain.plans.match import Step
from domain.plans.outcomes import Plan
from domain.plans.reading import read_plan
from domain.plans.undo import undo_import
from domain.session import ActorSession, system_session

MEETING = "柳州市第十五届人大第五次会议"


def read(watch: Stopwatch, database: str, plan: str) -> list[int]:
    """The file into rows with their errors; how many are usable."""
    return read_all(watch, database, [plan])


def read_all(watch: Stopwatch, database: str, plans: list[str]) -> list[int]:
    """Several files one after the other, a lap each; how many rows of each are usable."""
    engine = open_panel(database)
    usable = []
    for plan in plans:
        with _session(engine) as session, watch:
            usable.append(sum(not row.errors for row in _read(session, plan).rows))
    engine.dispose()
    return usable


def preview(watch: Stopwatch, database: str, plan: str) -> dict[str, int]:
    """Read the file, write everything, roll back; how many rows came to each outcome."""
    engine = open_panel(database)
    with _session(engine) as session, watch:
        steps = _import(session, plan)[1]
        totals = answers.totals(steps)
        session.rollback()
    engine.dispose()
    return totals


def apply(watch: Stopwatch, database: str, plan: str) -> dict[str, int]:
    """The same for good: with the change log, the deadlines and the outcome of every row."""
    engine = open_panel(database)
    with _session(engine) as session, watch:
        import_id = _begin(session)
        read, steps = _import(session, plan)
        answers.keep_rows(session, import_id, read, steps)
        session.commit()
        totals = answers.totals(steps)
    engine.dispose()
    return totals


def undo(watch: Stopwatch, database: str, plan: str) -> int:
    """Take the first import back; how many items are left."""
    engine = open_panel(database)
    with _session(engine) as session, watch:
        session.info["import_id"] = session.scalars(select(func.min(models.Import.id))).one()
        undo_import(session, session.info["import_id"])
        session.commit()
    with _session(engine) as session:
        left = session.scalars(select(func.count(models.Proposal.id))).one()
    engine.dispose()
    return left


def _session(engine: Engine) -> ActorSession:
    return system_session(engine, "bench", lambda: NOW)


def _meeting(session: ActorSession) -> lookups.Meeting:
    meeting = lookups.find_meeting(session, MEETING)
    assert meeting is not None
    return meeting


def _read(session: ActorSession, plan: str) -> Plan:
    book, overrides = lookups.load_unit_book(session), lookups.load_overrides(session)
    return read_plan(Path(plan), _meeting(session).facts, book, overrides)


def _import(session: ActorSession, plan: str) -> tuple[Plan, list[Step]]:
    read = _read(session, plan)
    return read, import_plan(session, _meeting(session), read, NOW.date())


def _begin(session: ActorSession) -> int:
    row = models.Import(file_name="plan.xlsx", stored_name="", sha256="", uploaded_at=NOW)
    session.add(row)
    session.flush()
    session.info["import_id"] = row.id
    return int(row.id)
