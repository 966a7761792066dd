"""An account that nobody has used for long is closed by the night, and opened again by an administrator."""

import pytest
from sqlalchemy import select

from domain import models
from domain.people.accounts import AccountRefused
from domain.people.unused import deactivate_unused
from domain.storing.session import system_session
from jobs.running.settings import Settings
from jobs.work.nightly import check_by_hand
from tests.ground.district import PEOPLE
from tests.ground.door import DESK, PASSWORD, Door


def night(door: Door) -> list[str]:
    with system_session(door.engine, "每日检查", door.clock) as session:
        closed = deactivate_unused(session)
        session.commit()
    return closed


def test_who_comes_stays_and_who_does_not_is_closed(door: Door) -> None:
    door.clock.pass_(days=150)
    token = door.accounts.log_in("office", PASSWORD, DESK)
    assert night(door) == []
    door.clock.pass_(days=40)
    assert set(night(door)) == set(PEOPLE) - {"office", "admin"}
    with pytest.raises(AccountRefused):
        door.accounts.log_in("school", PASSWORD, DESK)
    assert token
    assert night(door) == []


def test_the_last_administrator_is_never_closed(door: Door) -> None:
    door.clock.pass_(days=4000)
    assert "admin" not in night(door)
    door.change("auditor", role="系统管理员", is_active=True)
    door.clock.pass_(days=200)
    assert night(door) == ["admin"]  # the other one was heard of later


def test_an_opened_account_gets_its_time_again(door: Door) -> None:
    door.clock.pass_(days=200)
    assert "school" in night(door)
    door.change("school", is_active=True)
    door.clock.pass_(days=170)
    assert night(door) == []
    door.clock.pass_(days=20)
    assert night(door) == ["school"]


def test_the_log_says_who_was_closed_and_by_what(door: Door) -> None:
    door.clock.pass_(days=200)
    night(door)
    with door.truth() as session:
        log = models.ChangeLog
        closed = session.scalars(select(log).where(log.actor_name == "每日检查")).all()
        assert {entry.table_name for entry in closed} == {"users"}
        assert len(closed) == len(PEOPLE) - 1
        assert all(entry.changes == {"is_active": [True, False]} for entry in closed)


def test_the_office_says_after_how_many_days_or_never(door: Door) -> None:
    door.set("ACCOUNT_UNUSED_DAYS", "0")
    door.clock.pass_(days=4000)
    assert night(door) == []


def test_the_nightly_run_does_it(door: Door) -> None:
    door.clock.pass_(days=200)
    settings = Settings(data_dir=door.folder, database_url=door.url)
    check_by_hand(door.engine, settings, door.clock, door.clock().date())
    with door.truth() as session:
        active = session.scalars(select(models.User.username).where(models.User.is_active))
        assert list(active) == ["admin"]
