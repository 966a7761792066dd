"""The 分工方案 goes out and comes back: every row is 未变, whatever layout it first came in."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.exports.reports import named_sheet
from domain.exports.workbook import write_file
from domain.imports.outcomes import NEW, UNCHANGED
from domain.plans import lookups
from domain.plans.apply import import_plan
from domain.plans.recognising.reading import read_plan
from domain.plans.steps import PlanStep
from domain.storing.session import ActorSession, system_session
from tests.ground.district import MORNING
from tests.ground.plans import SAMPLES
from tests.ground.serving.contents import SEEDED, Contents

FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".json")
MEETINGS = {"人大": "柳州市第十五届人大第五次会议", "政协": "柳州市政协十三届四次会议"}


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def office(engine: Engine) -> Engine:
    """A database with the reference data: units, meetings, settings."""
    return engine


def bring_in(session: ActorSession, path: Path, meeting_name: str) -> list[PlanStep]:
    """Import the usable rows of a file."""
    meeting = lookups.find_meeting(session, meeting_name)
    assert meeting
    book = lookups.load_unit_book(session)
    plan = read_plan(path, meeting.facts, book)
    steps = import_plan(session, meeting, plan, MORNING.date())
    session.commit()
    return steps


def meeting_for(path: Path) -> str:
    """The meeting that a sample belongs to, by the kind of its rows."""
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text("utf-8"))
    kinds = {row["kind"] for row in expected["rows"]}
    return MEETINGS["政协" if kinds <= {"提案", "建议案"} else "人大"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_plan_taken_out_and_brought_back_changes_nothing(
    office: Engine, tmp_path: Path, path: Path
) -> None:
    with system_session(office, "测试", lambda: MORNING) as session:
        name = meeting_for(path)
        new = sum(step.outcome == NEW for step in bring_in(session, path, name))
        write_file(tmp_path / "plan.xlsx", named_sheet(session, "分工方案", name))
        again = bring_in(session, tmp_path / "plan.xlsx", name)
    assert new and [step.outcome for step in again] == [UNCHANGED] * new, _said(again)


def test_units_that_answer_each_and_joint_sponsors_survive_the_way(
    office: Engine, tmp_path: Path
) -> None:
    name = MEETINGS["人大"]
    with system_session(office, "测试", lambda: MORNING) as session:
        make_items(session, name)
        before = assigned(session)
        write_file(tmp_path / "plan.xlsx", named_sheet(session, "分工方案", name))
        again = bring_in(session, tmp_path / "plan.xlsx", name)
        assert [step.outcome for step in again] == [UNCHANGED] * 4, _said(again)
        assert assigned(session) == before


def make_items(session: ActorSession, meeting_name: str) -> None:
    """Four items as people type them: odd numbers, 分办, another kind, notes like formulas, seconds."""
    meeting = session.scalars(select(models.Meeting).filter_by(name=meeting_name)).one()
    units = session.scalars(select(models.Unit).order_by(models.Unit.id).limit(5)).all()
    signs = [
        models.Deputy(name=n, body="人大", level="市级", term=15) for n in ("覃丽", "王芳", "黄荣")
    ]
    items = [
        models.Proposal(meeting_id=meeting.id, kind="建议", number="001", title="关于校门口斑马线的建议"),
        models.Proposal(meeting_id=meeting.id, kind="建议", number="闭字1", title="关于图书馆的建议", note="=1+1"),
        models.Proposal(meeting_id=meeting.id, kind="议案", number="1", title="关于古树保护的议案", leader="李区长"),
        models.Proposal(meeting_id=meeting.id, kind="建议", number="20250688", title="关于电梯的建议"),
    ]  # fmt: skip
    session.add_all([*signs, *items])
    session.flush()
    for item, roles in zip(
        items,
        (["主办", "协办", "协办"], ["分办", "分办"], ["主办"], ["分办", "分办", "协办"]),
        strict=True,
    ):
        for unit, role in zip(units, roles, strict=False):
            session.add(models.Assignment(proposal_id=item.id, unit_id=unit.id, role=role))
    for position, (deputy, role) in enumerate(zip(signs, ("领衔", "联名", "联名"), strict=True)):
        session.add(
            models.Sponsor(
                proposal_id=items[0].id, deputy_id=deputy.id, role=role, position=position
            )
        )
    session.add(models.Sponsor(proposal_id=items[1].id, deputy_id=signs[1].id, role="领衔"))
    session.add(models.Sponsor(proposal_id=items[1].id, deputy_id=signs[2].id, role="附议"))
    session.commit()


def assigned(session: ActorSession) -> list[tuple[Any, ...]]:
    """Who handles what."""
    task = models.Assignment
    return sorted(session.execute(select(task.proposal_id, task.unit_id, task.role)).all())


def _said(steps: list[PlanStep]) -> list[Any]:
    return [(s.row.number, s.outcome, s.changes, s.errors) for s in steps if s.outcome != UNCHANGED]


def test_the_plan_says_by_when_to_answer_what_bears_no_date_of_its_own(office: Engine) -> None:
    name = MEETINGS["人大"]
    with system_session(office, "测试", lambda: MORNING) as session:
        bring_in(session, SAMPLES / "04-merged-units.xlsx", name)
        sheet = named_sheet(session, "分工方案", name)
        assert "办理时限" not in [column.header for column in sheet.columns]
        said = "未写明办理时限的：协办意见2024年4月30日前、答复2024年6月5日前"
        assert sheet.notes.endswith(f"　　{said}")
        line = session.scalars(select(models.Deadline).filter_by(milestone="答复")).first()
        line.due_on = line.due_on + timedelta(days=1)
        session.flush()
        notes = named_sheet(session, "分工方案", name).notes
        assert notes.endswith("、答复2024年6月5日前（1 件另定）")
        lines = session.scalars(select(models.Deadline).filter_by(milestone="答复")).all()
        for days, line in enumerate(lines):
            line.due_on = date(2024, 6, 5) + timedelta(days)
        session.flush()
        last = date(2024, 6, 4) + timedelta(len(lines))
        assert named_sheet(session, "分工方案", name).notes.endswith(
            f"、答复各件不同，2024年6月5日至{last.year}年{last.month}月{last.day}日"
        )


def test_dates_of_the_items_stand_in_a_column_and_not_in_the_note(office: Engine) -> None:
    name = MEETINGS["人大"]
    with system_session(office, "测试", lambda: MORNING) as session:
        bring_in(session, SAMPLES / "01-suggestions.xlsx", name)
        sheet = named_sheet(session, "分工方案", name)
        assert "办理时限" in [column.header for column in sheet.columns]
        assert "未写明" not in sheet.notes
