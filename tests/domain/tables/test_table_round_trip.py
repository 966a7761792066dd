"""A list goes out as a file and comes back: what nobody touched is 未变, what somebody corrected is that very row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.access.importable import is_fillable
from domain.actors import Actor
from domain.exports.looks import HEADER_ROW
from domain.exports.reports import named_sheet
from domain.exports.workbook import write_file
from domain.imports.outcomes import UNCHANGED, UPDATED
from domain.schema.words import Table
from domain.sheets.child import read_grids
from domain.sheets.grid import Grid
from domain.storing.database import make_engine, read_only
from domain.storing.session import ActorSession, actor_session, system_session
from domain.tables.importing import TableImport, import_table, open_table
from tests.ground.district import Panel
from tests.ground.serving.databases import Databases
from tests.seeds.test_seed_demo import A_DAY, build_demo

FILLABLE = [words for words in models.schema.tables.values() if is_fillable(words)]


@pytest.fixture
def demo(databases: Databases) -> Iterator[Engine]:
    """The demo district, with a row in every table that it leaves empty, one who was re-elected, and a namesake."""
    with databases.copy_of("demo", build_demo) as url:
        engine = make_engine(url)
        with program(engine) as session:
            _fill_the_rest(session)
            session.commit()
        yield engine
        engine.dispose()


def _fill_the_rest(session: ActorSession) -> None:
    meeting, unit = (
        session.scalars(select(models.by_table[t])).first() for t in ("meetings", "units")
    )
    rule = session.scalars(select(models.ScoreRule)).first()
    day = A_DAY.date()
    reply = session.scalars(select(models.Reply).filter_by(kind="答复")).first()
    assert reply is not None
    task = {"assignment_id": reply.assignment_id}
    demand = models.Request(proposal_id=reply.proposal_id, position=1, content="增设斑马线")
    session.add(demand)
    session.flush()
    asked = {"due_on": day, "wanted_on": day + timedelta(days=9), "reason": "待批", "asked_on": day}
    same = {"name": "韦再选", "body": "人大", "level": "区县级"}
    session.add_all(
        [
            models.UnitReport(unit=unit, year=2025, submitted_on=day),
            models.Bulletin(meeting=meeting, issue_no=1, title="第一期", issued_on=day),
            models.ScoreEntry(unit=unit, score_rule=rule, points=rule.points, scored_on=day),
            models.RequestAnswer(reply_id=reply.id, request_id=demand.id, answer="已画线。"),
            models.Event(meeting=meeting, kind="交办会", title="全区交办会", happened_on=day),
            models.ExtensionRequest(**task, milestone="答复", **asked),
            models.Urging(**task, content="请尽快答复", urged_on=day),
            models.Deputy(**same, term=13),
            models.Deputy(**same, term=14),
            models.Deputy(**same, term=14, note="第三中学"),
        ]
    )


@contextmanager
def program(engine: Engine) -> Iterator[ActorSession]:
    with system_session(engine, "测试", lambda: A_DAY) as session:
        yield session


def take_out(engine: Engine, words: Table, path: Path) -> int:
    """The table's list as the office gets it; how many rows it has."""
    with program(engine) as session:
        office = Actor.of(session.scalars(select(models.User).filter_by(username="duban")).one())
    with actor_session(read_only(engine), office, lambda: A_DAY) as session:
        return write_file(path, named_sheet(session, words.label))


def bring_back(engine: Engine, words: Table, grids: list[Grid]) -> TableImport:
    """What an import of it does; written, then taken back."""
    with program(engine) as session:
        return import_table(session, open_table(session, words, grids))


def told(done: TableImport) -> list[Any]:
    return [(s.row, s.outcome, s.changes, s.errors) for s in done.steps if s.outcome != UNCHANGED]


def test_every_list_that_the_office_takes_out_comes_back_unchanged(
    demo: Engine, tmp_path: Path
) -> None:
    for words in FILLABLE:
        path = tmp_path / f"{words.name}.xlsx"
        rows = take_out(demo, words, path)
        done = bring_back(demo, words, read_grids(path))
        assert (words.name, told(done), len(done.steps)) == (words.name, [], rows)
        assert rows, words.name


@pytest.mark.parametrize(
    ("table", "label"),
    [
        ("deputies", "单位及职务"),
        ("proposals", "标题"),
        ("ledger_entries", "情况"),
        ("onsite_opinions", "意见内容"),
        ("supervision_notes", "内容"),
    ],
)
def test_a_corrected_cell_of_an_exported_list_corrects_that_row_and_makes_no_other(
    demo: Engine, tmp_path: Path, table: str, label: str
) -> None:
    words, path = models.schema.tables[table], tmp_path / "list.xlsx"
    take_out(demo, words, path)
    book = openpyxl.load_workbook(path)
    header = [cell.value for cell in book.active[HEADER_ROW]]
    cell = book.active.cell(HEADER_ROW + 1, header.index(label) + 1)
    before, cell.value = cell.value, "改过的内容"
    book.save(path)
    ((row, outcome, changes, errors),) = told(bring_back(demo, words, read_grids(path)))
    assert (row, outcome, errors) == (HEADER_ROW + 1, UPDATED, [])
    assert list(changes.values()) == [[before or "", "改过的内容"]]


def test_a_list_taken_out_on_the_screen_tells_its_rows_apart_unless_columns_were_chosen(
    standing_panel: Panel,
) -> None:
    def header(person: str, address: str) -> list[Any]:
        file = standing_panel.as_(person).client.get(f"/exports/list/{address}").data
        page = openpyxl.load_workbook(BytesIO(file)).active
        return [cell.value for cell in page[HEADER_ROW]]

    shown = ["姓名", "所属机构", "个人或团体", "代表团或界别", "单位及职务", "在任"]
    assert header("office", "deputies") == [*shown, "层级", "届", "备注"]
    assert header("office", "deputies?columns=name,phone") == ["姓名", "联系电话"]
    assert header("office", "ledger_entries")[-1] == "编号"
    assert header("school", "ledger_entries")[-1] == "情况"
