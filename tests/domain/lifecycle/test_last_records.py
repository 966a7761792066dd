"""久未动 (S2): tasks at work on which nothing was recorded for long are a list of their own on the first pages."""

from datetime import date

import pytest
from sqlalchemy import update

from domain import models
from domain.lifecycle.last_records import fill_in
from tests.admin.home.test_awaited import parts
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, item, state, task
from tests.ground.district import Panel

IDLE = "久未动的任务"


@pytest.fixture
def lead(panel: Panel) -> int:
    """教育局's task, signed in March: nothing has been recorded since."""
    key = task(panel, SCHOOL, "主办")
    with panel.truth() as session:
        session.get_one(models.Assignment, key).handed_over_on = date(2024, 3, 1)
        session.commit()
    act(panel, "office", "sign", "assignments", key, signed_on="2024-03-10")
    return key


def idle(panel: Panel, who: str) -> int:
    return parts(panel, who).get("时限", {}).get(IDLE, 0)


def last_on(panel: Panel, key: int) -> date | None:
    found: date | None = state(panel, "Assignment", key, "last_record_on")
    return found


def test_a_task_that_lies_is_found_by_liaison_leader_and_office(panel: Panel, lead: int) -> None:
    assert last_on(panel, lead) == date(2024, 3, 10)
    assert [idle(panel, who) for who in ("school", "school-leader", "office")] == [1, 1, 1]
    assert idle(panel, "housing") == 0


def test_any_record_moves_it_and_one_that_goes_takes_its_day_along(panel: Panel, lead: int) -> None:
    school = panel.as_("school")
    words = {
        "happened_on": "2024-04-12",
        "stage": "办中",
        "activity": "调查研究",
        "summary": "看过",
    }
    school.post("/ledger_entries/new/", assignment_id=lead, **words)
    entry = panel.id_of("LedgerEntry")
    assert last_on(panel, lead) == date(2024, 4, 12)
    assert idle(panel, "school") == 0
    school.post("/ledger_entries/delete/", id=entry, confirmed="1")
    assert panel.count("LedgerEntry") == 0
    assert last_on(panel, lead) == date(2024, 3, 10)
    reply = a_draft(panel, lead)
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    assert last_on(panel, lead) == date(2024, 4, 15)


def test_the_days_are_a_setting(panel: Panel, lead: int) -> None:
    with panel.truth() as session:
        words = {"label": "久未动", "help": ""}
        session.add(models.Setting(name="TASK_IDLE_DAYS", value="37", **words))
        session.commit()
    assert idle(panel, "school") == 0
    with panel.truth() as session:
        session.query(models.Setting).filter_by(name="TASK_IDLE_DAYS").one().value = "36"
        session.commit()
    assert idle(panel, "school") == 1


def test_what_is_withdrawn_or_not_begun_does_not_lie(panel: Panel, lead: int) -> None:
    assert last_on(panel, task(panel, HOUSING, "协办")) is None
    told = {"withdrawn_on": "2024-04-14", "withdrawal_reason": "代表书面撤回"}
    act(panel, "office", "withdraw", "proposals", item(panel, "001"), **told)
    assert idle(panel, "office") == 0


def test_an_upgrade_fills_in_what_was_there_before_the_column(panel: Panel, lead: int) -> None:
    tasks = models.table_of("assignments")
    with panel.truth() as session:
        connection = session.unchecked_connection()
        connection.execute(update(tasks).values(last_record_on=None))
        fill_in(connection)
        session.commit()
    assert last_on(panel, lead) == date(2024, 3, 10)
