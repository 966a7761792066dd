"""Fills an empty database with the demo year, by playing its script in this process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, select

from domain import models
from domain.dues.rulebook import load_calendar
from domain.storing.session import ActorSession, system_session
from domain.time.clock import Clock
from seeds.demo.district import HELP, MARK, NotEmpty, is_demo
from seeds.demo.people import Hash, add_contacts, add_deputies, add_users
from seeds.files import read
from seeds.reference import add_meetings, add_routes, add_rule_sets, seed_reference
from seeds.year.playing import YearClock, live
from seeds.year.script import ENDS, YearStep, full_script, people
from seeds.year.within import ProcessHands

_TERM = 13
Watching = Callable[[YearClock], Callable[[YearStep | None], None]]


def seed_year(
    engine: Engine, hashed: Hash, now: Clock, folder: Path, watch: Watching | None = None
) -> bool:
    """Live the year in this database; False, changing nothing, if a demo is there.

    ``hashed`` gives the password hash of a username; accounts have had theirs since ``now``. Files go into ``folder``.
    ``watch``, given the year's clock, makes what is told every step. Raises NotEmpty where there are items already.
    """
    clock = YearClock()
    with system_session(engine, "演示年", clock) as session:
        if is_demo(session):
            return False
        if session.scalar(select(func.count(models.Proposal.id))):
            raise NotEmpty("库里已有建议提案，演示年只能放进新建的空库。")
        set_stage(session, hashed, now())
        session.commit()
        steps = full_script(load_calendar(session))
    told = (watch(clock),) if watch else ()
    live(steps, ProcessHands(engine, clock, folder), clock, *told)
    with system_session(engine, "演示年", clock) as session:
        words = {"label": "演示数据", "value": ENDS.isoformat(), "help": HELP}
        session.add(models.Setting(name=MARK, **words))
        session.commit()
    return True


def set_stage(session: ActorSession, hashed: Hash, now: datetime) -> None:
    """What is there before the year begins: reference data, rules, meetings and people."""
    seed_reference(session)
    add_rule_sets(session, "year/deadline_rule_sets", "year/deadline_rules")
    add_routes(session, "year/review_routes", "year/review_route_steps")
    add_meetings(session, read("year/meetings"))
    deputies = add_deputies(session, _TERM)
    add_users(session, people(), deputies, hashed, now)
    add_contacts(session)
    session.flush()
