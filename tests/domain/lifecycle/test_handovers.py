"""The day that counts as handed over is the task's own, else the item's, else the meeting's; lists show that one."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, true

from domain import models
from domain.actors import OFFICE, Actor
from domain.lifecycle import handovers
from domain.storing.session import ActorSession, actor_session, system_session
from jobs.commands.import_plan import import_plan_command
from tests.admin.tables.test_admin_forms import field, seen
from tests.domain.texts.test_typed_text import import_rows
from tests.ground.acting import a_draft, act
from tests.ground.district import Panel
from tests.ground.plans import SAMPLES
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import a_task, an_item

NOW = datetime(2024, 4, 20, 9)
MEETING, ITEM, OWN = date(2024, 4, 8), date(2024, 4, 10), date(2024, 4, 18)


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Engine) -> Iterator[ActorSession]:
    with actor_session(engine, Actor("李", OFFICE), lambda: NOW) as session:
        yield session


def days(session: ActorSession, *tasks: Any) -> list[date | None]:
    found = dict(
        session.execute(select(models.Assignment.id, models.Assignment.counts_from_on)).all()
    )
    return [found[task.id] for task in tasks]


def test_a_task_counts_from_its_own_day_else_the_items_else_the_meetings(
    session: ActorSession,
) -> None:
    item = an_item(session, handed_over_on=None)
    meeting = session.get(models.Meeting, item.meeting_id)
    meeting.handed_over_on = None
    plain = a_task(session, item)
    later = a_task(session, item, "区财政局", "协办", handed_over_on=OWN)
    session.commit()
    assert days(session, plain, later) == [None, OWN]
    meeting.handed_over_on = MEETING
    session.commit()
    assert days(session, plain, later) == [MEETING, OWN]
    assert item.counts_from_on == MEETING
    item.handed_over_on = ITEM
    session.commit()
    assert days(session, plain, later) == [ITEM, OWN]
    later.handed_over_on = None
    session.commit()
    assert days(session, plain, later) == [ITEM, ITEM]


def test_the_day_that_counts_is_shown_filtered_and_sorted_by(panel: Panel) -> None:
    office = panel.as_("office")
    assert panel.count("Assignment", handed_over_on=None) == 3
    days = "counts_from_on.from=2024-04-10&counts_from_on.to=2024-04-10"
    page = office.get(f"/assignments/?columns=proposal_id,counts_from_on&{days}")
    assert "共 3 条" in page
    assert page.count("2024-04-10</") >= 3
    assert "鱼峰区教育局主办" not in office.get("/assignments/?counts_from_on.to=2024-04-09")
    task = panel.id_of("Assignment", role="协办")
    with panel.truth() as session:
        session.get(models.Assignment, task).handed_over_on = date(2024, 4, 12)
        handovers.bring_up_to_date(session, true())
        session.commit()
    first = (
        office.get("/assignments/?columns=proposal_id,counts_from_on&sort=-counts_from_on")
        .split("<tbody>")[1]
        .split("</tr>")[0]
    )
    assert "2024-04-12" in first
    page = office.get(f"/assignments/edit/?id={task}")
    assert "单独交办日期" in page
    assert 'for="field-counts_from_on"' not in page


def test_what_a_plan_brings_counts_from_the_meetings_day(
    engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    plan = [str(SAMPLES / "01-suggestions.xlsx"), "--meeting", "柳州市第十五届人大第五次会议"]
    assert CliRunner().invoke(import_plan_command, plan).exit_code == 0
    with system_session(engine, "测试", lambda: NOW) as session:
        for rows in (models.Proposal, models.Assignment):
            assert set(session.scalars(select(rows.counts_from_on))) == {ITEM}


@pytest.fixture
def handed_over(panel: Panel) -> Panel:
    """The district, whose 人大 meeting was handed over as a whole on MEETING; 003 has no day of its own."""
    with panel.truth() as session:
        meeting = session.get_one(models.Meeting, panel.id_of("Meeting", body="人大"))
        meeting.handed_over_on = MEETING
        handovers.bring_up_to_date(session, true())
        session.commit()
    return panel


def test_no_item_is_due_before_its_meeting_was_handed_over(handed_over: Panel) -> None:
    office, key = handed_over.as_("office"), handed_over.id_of("Proposal", number="003")
    path = f"/proposals/edit/?id={key}"
    sent = {"meeting_id": handed_over.id_of("Meeting", body="人大"), "kind": "建议", "number": "003",
            "title": "图书馆", "area_role": "主办", "source": "会议期间"}  # fmt: skip
    page = office.post(path, status=200, seen=seen(office.get(path)), **sent, due_on="2024-04-07")
    assert "“办理时限”：2024-04-07 不能早于交办日期 2024-04-08。" in field(page, "due_on")
    assert handed_over.count("Proposal", id=key, state="登记") == 1
    office.post(path, seen=seen(office.get(path)), **sent, due_on="2024-04-08")


@pytest.mark.parametrize("label", ["办理时限", "办结日期"])
def test_no_file_brings_such_a_day_either(handed_over: Panel, label: str) -> None:
    rows = ["鱼峰区第一届人大第五次会议", "建议", "003", "图书馆", "2024-04-07"]
    done = import_rows(handed_over, "proposals", ["届次会议", "类型", "案号", "标题", label], rows)
    assert "2024-04-07 不能早于交办日期 2024-04-08。" in done.steps[0].errors[0].message


def test_no_reply_is_issued_before_its_task_was_handed_over(handed_over: Panel) -> None:
    task = handed_over.id_of("Assignment", role="协办")
    passed = {"state": "通过", "approved_on": ITEM}
    reply = a_draft(handed_over, task, kind="协办意见", **passed)
    sent = ("office", "issue", "replies", reply)
    page = act(handed_over, *sent, status=200, issued_on="2024-04-09")
    assert "“答复日期”：2024-04-09 不能早于交办日期 2024-04-10。" in page
    assert handed_over.count("Reply", issued_on=None, state="通过") == 1
    act(handed_over, *sent, issued_on="2024-04-10")
    assert handed_over.count("Assignment", id=task, finished_on=ITEM) == 1


def test_what_stands_from_before_does_not_keep_a_row_from_being_changed(handed_over: Panel) -> None:
    with handed_over.truth() as session:
        row = session.scalars(select(models.Proposal).filter_by(number="003")).one()
        row.due_on = date(2024, 1, 1)
        session.commit()
    rows = ["鱼峰区第一届人大第五次会议", "建议", "003", "2024-01-01", "新注"]
    done = import_rows(
        handed_over, "proposals", ["届次会议", "类型", "案号", "办理时限", "备注"], rows
    )
    assert done.totals["updated"] == 1
