"""The same year once more, by the same script, through the panel's public doors: pages for people, commands for jobs.

It is walked with DOOR=1 alone: it has not been lived to its end yet, and takes the longer part of an hour.
"""

import os
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app import create_app
from domain import models
from domain.dues.rulebook import load_calendar
from domain.schema.file import SCHEMA_FILE
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, system_session
from seeds.year.district import set_stage
from seeds.year.playing import YearClock, live
from seeds.year.script import ENDS, full_script
from tests.admin.figures.brute import Books
from tests.ground.kept_apps import settings_of
from tests.seeds.year.door_hands import DoorHands
from tests.seeds.year.test_year import FIGURES

AT_THE_END = datetime(2025, 10, 31, 18)


@pytest.mark.skipif(not os.environ.get("DOOR"), reason="DOOR=1 lives the year at the door")
@pytest.mark.timeout(3600)
def test_the_year_at_the_door_ends_as_the_demo_year_does(database_url: str, tmp_path: Path) -> None:
    engine, clock = make_engine(database_url), YearClock()
    with system_session(engine, "演示年", clock) as session:
        set_stage(session, str.upper, clock())
        session.commit()
        steps = full_script(load_calendar(session))
    app = create_app(settings_of(database_url, tmp_path), SCHEMA_FILE, clock)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    live(steps, DoorHands(app, engine, clock, tmp_path), clock)
    with system_session(engine, "测试", lambda: AT_THE_END) as truth:
        found = Books(truth, ENDS).numbers()
        assert {name: found[name] for name in FIGURES} == FIGURES
        assert sorted(_open_items(truth)) == [
            "003",
            "003",
            "003续",
            "006",
            "101",
            "20240045",
            "闭字2",
        ]
    engine.dispose()


def _open_items(session: ActorSession) -> list[str]:
    item = models.Proposal
    return list(session.scalars(select(item.number).where(item.state != "销号")))
