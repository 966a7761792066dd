"""并案: a column names the main item, in any order and wording; what cannot be is told; out and back it is 未变."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.exports.plans import plan_sheet
from domain.exports.workbook import write_workbook
from domain.plans import lookups
from domain.plans.apply import import_plan
from domain.plans.match import _match_facts as match_facts
from domain.plans.recognising.facts import main_item_of
from domain.plans.recognising.reading import plan_of, read_plan
from domain.plans.steps import PlanStep
from domain.sheets.grid import Grid
from domain.storing.session import ActorSession, system_session
from domain.texts.numbers import Unclear
from tests.domain.plans.test_plans_undo import begun, committed, undone
from tests.ground.serving.contents import SEEDED, Contents

HEADER = ["编号", "标题", "领衔代表", "主办单位", "并入"]
MEETING = "柳州市第十五届人大第五次会议"


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Engine, now: datetime) -> Iterator[ActorSession]:
    with system_session(engine, "导入分工方案", lambda: now) as session:
        yield session


def line(number: str, into: Any = "", unit: str = "区住建局") -> list[Any]:
    return [number, f"关于推进第{number}个老旧小区改造的建议", "雷立新", unit, into]


def run(session: ActorSession, *rows: list[Any], header: list[str] | None = None) -> list[PlanStep]:
    """Import these rows, inside the session's transaction."""
    meeting = lookups.find_meeting(session, MEETING)
    assert meeting
    grid = Grid(None, [header or HEADER, *rows])
    plan = plan_of([grid], meeting.facts, lookups.load_unit_book(session), {})
    return import_plan(session, meeting, plan, session.now().date())


def outcomes(steps: list[PlanStep]) -> list[str]:
    return [step.outcome for step in steps]


def sentences(steps: list[PlanStep]) -> list[str]:
    return [error.message for step in steps for error in step.errors]


def merged(session: ActorSession) -> dict[str, str]:
    """The numbers of merged items, with those of their main items."""
    session.expire_all()
    every = session.scalars(select(models.Proposal)).all()
    return {one.number: one.merged_into.number for one in every if one.merged_into}


@pytest.mark.parametrize(
    ("written", "kind", "number"),
    [
        ("034", "", "034"),
        (34, "", "34"),
        ("第034号", "", "034"),
        ("并入第034号建议", "建议", "034"),
        ("与 034 号 合并办理", "", "034"),
        ("034（主案）", "", "034"),
        ("（并034）", "", "034"),
        ("随034号一并办理", "", "034"),
        ("并入闭字3号", "", "闭字3"),
        ("15-5-023", "", "15-5-023"),
        ("建议034号 关于加装电梯的建议", "建议", "034"),
    ],
)
def test_a_main_item_is_read_however_it_is_written(written: Any, kind: str, number: str) -> None:
    assert main_item_of(written) == (kind, number)


@pytest.mark.parametrize("written", ["", "无", "/", "否", "主案", " 不并案 "])
def test_what_says_that_an_item_is_its_own_merges_nothing(written: str) -> None:
    assert main_item_of(written) is None


@pytest.mark.parametrize("written", ["是", "034、035", "926（并927）", "见备注", "805-806"])
def test_what_names_no_one_item_is_told(written: str) -> None:
    with pytest.raises(Unclear, match="请只写主案的编号"):
        main_item_of(written)


@pytest.mark.parametrize(
    "header", ["并入", "并案", "合并办理", "主案编号", "并入建议编号", "合并办理情况", "拟并案编号"]
)
def test_the_column_is_known_by_its_words(session: ActorSession, header: str) -> None:
    steps = run(session, line("001"), line("002", "001"), header=[*HEADER[:-1], header])
    assert outcomes(steps) == ["new", "new"]
    assert merged(session) == {"002": "001"}


def test_a_column_of_units_stays_one(session: ActorSession) -> None:
    header = [*HEADER[:-1], "合并办理单位"]
    run(session, line("001", "区财政局"), header=header)
    assert merged(session) == {}


def test_the_main_item_may_stand_below(session: ActorSession) -> None:
    steps = run(session, line("001", "003"), line("002", 3), line("003"))
    assert outcomes(steps) == ["new"] * 3
    assert merged(session) == {"001": "003", "002": "003"}


def test_an_item_of_the_meeting_that_the_file_has_not_may_be_the_main_one(
    session: ActorSession,
) -> None:
    run(session, line("001"))
    assert outcomes(run(session, line("002", "001"))) == ["new"]
    assert merged(session) == {"002": "001"}


def test_what_is_merged_needs_no_unit_and_owes_nothing(session: ActorSession) -> None:
    steps = run(session, line("001"), line("002", "001", unit=""), line("003", "001"))
    assert outcomes(steps) == ["new"] * 3
    item = session.scalars(select(models.Proposal).filter_by(number="002")).one()
    assert (item.state, item.assignments) == ("交办", [])  # as its main item
    owing = session.scalars(
        select(models.Proposal.number)
        .join(models.Assignment)
        .join(models.Deadline, models.Deadline.assignment_id == models.Assignment.id)
    )
    assert set(owing) == {"001"}


def test_an_item_without_unit_and_main_item_is_told_as_before(session: ActorSession) -> None:
    steps = run(session, line("001"), line("002", "否", unit=""))
    assert outcomes(steps) == ["new", "invalid"]


def test_a_stored_item_that_is_merged_now_owes_nothing_any_more(session: ActorSession) -> None:
    run(session, line("001"), line("002"))
    (_, step) = run(session, line("001"), line("002", "001"))
    assert (step.outcome, step.changes) == ("updated", {"merged_into": ["", "001"]})
    item = session.scalars(select(models.Proposal).filter_by(number="002")).one()
    assert [d for task in item.assignments for d in task.deadlines] == []


def test_the_same_plan_again_changes_nothing(session: ActorSession) -> None:
    rows = [line("001"), line("002", "1"), line("003", "001", unit="")]
    run(session, *rows)
    assert outcomes(run(session, *rows)) == ["unchanged"] * 3


def test_a_blank_cell_leaves_an_item_merged(session: ActorSession) -> None:
    run(session, line("001"), line("002", "001"))
    assert outcomes(run(session, line("001"), line("002"))) == ["unchanged"] * 2
    assert merged(session) == {"002": "001"}


def test_an_unknown_main_item_is_told(session: ActorSession) -> None:
    steps = run(session, line("001"), line("002", "099"))
    assert outcomes(steps) == ["new", "invalid"]
    assert sentences(steps) == [
        "第3行“并入”：“099”在这个文件和这次会议里都找不到，请核对主案的编号。"
    ]


def test_an_item_is_not_merged_into_itself(session: ActorSession) -> None:
    steps = run(session, line("001", "1"))
    assert sentences(steps) == [
        "第2行“并入”：“1”是本件自己的编号，一件不能并入自己；本件是主案的，这一格请空着。"
    ]


def test_a_chain_is_told_with_its_end(session: ActorSession) -> None:
    steps = run(session, line("003", "002"), line("001"), line("002", "001"))
    assert outcomes(steps) == ["invalid", "new", "new"]
    assert sentences(steps) == ["第2行“并入”：“002”自己已并入“001”，请直接写主案的编号 001。"]


def test_a_chain_by_what_is_stored_is_told(session: ActorSession) -> None:
    run(session, line("001"), line("002", "001"))
    (above,) = run(session, line("003", "002"))
    assert "自己已并入“001”" in sentences([above])[0]
    below = run(session, line("001", "004"), line("004"))
    assert sentences(below) == [
        "第2行“并入”：“004”不能作本件的主案：系统里已有“002”并入本件，请先在它的“并入”里也写 004。"
    ]
    along = run(session, line("001", "004"), line("002", "004"), line("004"))
    assert outcomes(along) == ["updated", "updated", "unchanged"]
    assert merged(session) == {"001": "004", "002": "004"}


@pytest.mark.parametrize("into", [("002", "001"), ("002", "003", "001")])
def test_a_circle_is_told_at_each_of_its_rows(session: ActorSession, into: tuple[str, ...]) -> None:
    steps = run(session, *(line(f"00{n}", main) for n, main in enumerate(into, 1)))
    assert outcomes(steps) == ["invalid"] * len(into)
    assert all("绕成了一圈" in sentence for sentence in sentences(steps))
    assert "001 → 002" in sentences(steps)[0]


def test_what_hangs_on_a_faulty_row_is_told_where_that_is(session: ActorSession) -> None:
    steps = run(session, line("002", "001"), line("001", unit="区不知道局"))
    assert outcomes(steps) == ["invalid", "invalid"]
    assert "是第3行的件，那一行现在不能导入" in sentences(steps)[0]


def test_a_faulty_row_of_a_stored_item_is_a_main_item_all_the_same(session: ActorSession) -> None:
    run(session, line("001"))
    steps = run(session, line("002", "001"), line("001", unit="区不知道局"))
    assert outcomes(steps) == ["new", "invalid"]
    assert merged(session) == {"002": "001"}


def test_a_main_item_that_the_database_refuses_takes_its_merged_ones_along(
    session: ActorSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.plans.match._match_facts", no_facts_of("003"))
    rows = [line("001", "003"), line("002"), line("003"), line("004", "002"), line("005", "003")]
    steps = run(session, *rows)
    assert outcomes(steps) == ["invalid", "new", "invalid", "new", "invalid"]
    assert merged(session) == {"004": "002"}


def no_facts_of(number: str) -> Any:
    """As matching takes the facts of a row, but for one, whose item then has a title that the database refuses."""

    def take(step: PlanStep, *rest: Any) -> None:
        match_facts(step, *rest)
        if step.row.number == number:
            step.values["title"] = ""

    return take


def test_another_kind_is_named(session: ActorSession) -> None:
    header = [*HEADER, "类型"]
    rows = [[*line("005"), "议案"], [*line("006", "议案005"), "建议"], [*line("007", "5"), "建议"]]
    assert outcomes(run(session, *rows, header=header)) == ["new"] * 3
    assert merged(session) == {"006": "005", "007": "005"}
    assert outcomes(run(session, *rows, header=header)) == ["unchanged"] * 3


def test_what_may_be_several_items_is_told(session: ActorSession) -> None:
    header = [*HEADER, "类型"]
    rows = [[*line("005"), "议案"], [*line("05"), "议案"], [*line("006", "议案5"), "建议"]]
    steps = run(session, *rows, header=header)
    assert sentences(steps) == [
        "第4行“并入”：“议案5”可能是几件（议案005、议案05），请写全是哪一件。"
    ]


def test_out_and_back_everything_is_unchanged(session: ActorSession, tmp_path: Path) -> None:
    header = [*HEADER, "类型"]
    rows = [line("001"), line("002", "001", unit=""), line("003", "议案001")]
    run(session, *([*row, "建议"] for row in rows), [*line("001"), "议案"], header=header)
    meeting = lookups.find_meeting(session, MEETING)
    assert meeting
    sheet = plan_sheet(session, session.get_one(models.Meeting, meeting.id))
    assert "并入" in [column.header for column in sheet.columns]
    stream = BytesIO()
    write_workbook(stream, sheet)
    path = tmp_path / "back.xlsx"
    path.write_bytes(stream.getvalue())
    plan = read_plan(path, meeting.facts, lookups.load_unit_book(session))
    steps = import_plan(session, meeting, plan, session.now().date())
    assert outcomes(steps) == ["unchanged"] * 4


def test_a_plan_without_merged_items_goes_out_without_the_column(session: ActorSession) -> None:
    run(session, line("001"))
    meeting = session.scalars(select(models.Meeting).filter_by(name=MEETING)).one()
    sheet = plan_sheet(session, meeting)
    assert "并入" not in [column.header for column in sheet.columns]


def undo_of(session: ActorSession, *rows: list[Any]) -> dict[str, str]:
    """Write rows as an import of its own and take it back; what is merged after that."""
    import_id = begun(session)
    run(session, *rows)
    committed(session)
    assert undone(session, import_id).kept == []
    return merged(session)


def test_an_undo_takes_main_and_merged_items_back(session: ActorSession) -> None:
    assert undo_of(session, line("001", "003"), line("002", "003"), line("003")) == {}
    assert session.scalars(select(models.Proposal)).all() == []


def test_an_undo_gives_a_stored_item_its_old_main_item_back(session: ActorSession) -> None:
    run(session, line("001"), line("002", "001"), line("003"))
    session.commit()
    rows = line("002", "009"), line("003", "009"), line("009")
    assert undo_of(session, *rows) == {"002": "001"}
    assert sorted(session.scalars(select(models.Proposal.number))) == ["001", "002", "003"]


def test_a_main_item_that_somebody_needs_stays_with_the_reason(session: ActorSession) -> None:
    import_id = begun(session)
    run(session, line("001"))
    committed(session)
    run(session, line("002", "001"))
    session.commit()
    assert next(one.why for one in undone(session, import_id).kept) == "已有建议提案"
    assert merged(session) == {"002": "001"}
