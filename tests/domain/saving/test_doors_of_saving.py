"""Every rule of a save is asked at every door, by a form, a file or an undo, and what follows is written once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from sqlalchemy import Engine, func, select

from domain import models
from domain.imports.undo import undo_import
from domain.lifecycle import reactions
from domain.plans import importing as plans
from domain.plans.lookups import find_meeting
from domain.rules_of_saving import RULES
from domain.storing import bulk
from domain.storing.refusals.implausible import Implausible
from domain.storing.session import (
    ActorSession,
    program_within,
    system_session,
)
from domain.storing.write_rules import ByTable, RowWrite, Save, WriteRule, held_to
from jobs.commands.act import act_command
from jobs.commands.import_plan import import_plan_command
from jobs.commands.import_table import import_table_command
from seeds.reference import seed_reference
from tests.ground.district import Panel
from tests.ground.plans import workbook
from tests.ground.tasks import HANDED_OVER, a_task, an_item

NOW = datetime(2024, 4, 20, 9)
Asked = list[tuple[str, str, int]]


class Listens(WriteRule):
    """A rule that nobody needs: it notes what it is asked, and lets everything through."""

    def __init__(self) -> None:
        self.asked: Asked = []

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        self.asked.append(("before", table, len(rows)))

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        self.asked.append(("after", table, len(rows)))

    def follow(self, save: Save, written: ByTable) -> None:
        self.asked += (("follow", table, len(rows)) for table, rows in written.items())

    def heard(self, table: str) -> list[tuple[str, int]]:
        """How often it was asked for rows of this table at each hook, and for how many, since the last time."""
        found = [(hook, rows) for hook, of, rows in self.asked if of == table]
        self.asked.clear()
        return found


def once(rows: int) -> list[tuple[str, int]]:
    """Asked once at each hook for so many rows."""
    return [("before", rows), ("after", rows), ("follow", rows)]


@pytest.fixture
def ears() -> Iterator[Listens]:
    made_up = Listens()
    with held_to((*RULES, made_up)):
        yield made_up


def test_the_doors_of_the_panel_ask_a_made_up_rule(panel: Panel, ears: Listens) -> None:
    office, school, housing = map(panel.as_, ("office", "school", "housing"))
    ears.asked.clear()
    office.post("/units/new/", name="鱼峰区气象局", is_active="y", once="a")
    assert ears.heard("units") == once(1), "a form for a new row"
    unit = panel.id_of("Unit", name="鱼峰区气象局")
    page = office.get(f"/units/edit/?id={unit}")
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    office.post(f"/units/edit/?id={unit}", name="鱼峰区气象台", is_active="y", seen=seen)
    assert ears.heard("units") == once(1), "a form for a stored row"
    seen = (
        office.get(f"/units/edit/?id={unit}").partition('name="seen" value="')[2].partition('"')[0]
    )
    lines = {f"unit_aliases.{n}.alias": alias for n, alias in enumerate(("区气象台", "气象台"))}
    office.post(f"/units/edit/?id={unit}", name="鱼峰区气象台", is_active="y", seen=seen, **lines)
    assert ears.heard("unit_aliases") == once(2), "an inline row"
    office.post("/units/delete/", id=str(unit), confirmed="1")
    assert ears.heard("units") == once(1), "a deletion"
    with panel.truth() as session:
        of_housing = models.Unit.name.contains("住房")
        tasks = select(models.Assignment.id).join(models.Assignment.unit).where(of_housing)
        mine = [str(id) for id in session.scalars(tasks)]
    assert "将签收 2 条" in housing.post("/assignments/action/", 200, action="sign", rowid=mine)
    assert ears.heard("assignments") == [], "what is only asked"
    housing.post("/assignments/act/?act=sign", rowid=mine, sure="1")
    assert len(mine) == 2 and ears.heard("assignments") == once(2), "an act on several rows"
    school_task = panel.id_of("Assignment", unit_id=panel.id_of("Unit", name="鱼峰区教育局"))
    school.post("/assignments/act/?act=sign", rowid=str(school_task))
    assert ears.heard("assignments") == once(1), "an act on one row"
    asked = {"kind": "退办", "reason": "不属职责", "suggested_unit_id": "2", "sure": "1"}
    school.post("/assignments/act/?act=ask_return", rowid=str(school_task), **asked)
    assert ears.heard("return_requests") == once(1), "an act that makes a row"
    item = panel.id_of("Proposal", number="001")
    sent = {"files": (BytesIO(b"%PDF-1.4\n%%EOF\n"), "note.pdf")}
    answer = office.client.post(f"/files/add/proposal_id/{item}", data=sent)
    assert answer.status_code == 302 and ears.heard("attachments") == once(1), "a file"


@pytest.fixture
def session(engine: Engine) -> Iterator[ActorSession]:
    with system_session(engine, "测试", lambda: NOW) as session:
        seed_reference(session)
        session.commit()
        yield session


@pytest.fixture
def commands(
    monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path
) -> Callable[..., Any]:
    """Runs a command on the test's database; its JSON."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))

    def run(command: Any, *arguments: str) -> Any:
        done = CliRunner().invoke(command, [*arguments, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return run


def test_files_and_their_undoing_ask_a_made_up_rule(
    session: ActorSession, commands: Callable[..., Any], ears: Listens, tmp_path: Path
) -> None:
    header = ["编号", "标题", "主办单位", "协办单位"]
    lines = [[f"00{n}", f"关于第{n}件事的建议", "区教育局", "区财政局"] for n in (1, 2)]
    plan = workbook(tmp_path / "plan.xlsx", [header, *lines])
    meeting = "柳州市第十五届人大第五次会议"
    commands(import_plan_command, str(plan), "--meeting", meeting)
    asked = list(ears.asked)
    assert ears.heard("proposals") == once(2), "a plan's items"
    ears.asked = asked
    assert ears.heard("assignments") == once(4), "a plan's tasks"
    book = Workbook()
    book.active.append(["单位全称", "简称"])
    book.active.append(["柳州市鱼峰区气象局", "区气象局"])
    book.save(tmp_path / "units.xlsx")
    commands(import_table_command, "承办单位", str(tmp_path / "units.xlsx"))
    assert ears.heard("units") == once(1), "a table's rows"
    import_id = session.scalars(select(models.Import.id).where(models.Import.target != "承办单位"))
    undo_import(session, import_id.one())
    asked = list(ears.asked)
    assert ears.heard("proposals") == once(2), "an import that is taken back"
    ears.asked = asked
    assert ears.heard("assignments") == once(4)


def test_the_command_act_asks_a_made_up_rule(
    session: ActorSession, commands: Callable[..., Any], ears: Listens
) -> None:
    task = a_task(session, an_item(session)).id
    session.commit()
    ears.asked.clear()
    commands(act_command, "sign", "assignments", str(task), "signed_on=2024-04-12")
    assert ears.heard("assignments") == once(1)


class AlwaysListens(Listens):
    """The same, asked of what the program writes as well."""

    def is_asked(self, save: Save) -> bool:
        return True


def test_what_the_program_derives_asks_only_the_rules_that_say_so(
    session: ActorSession, ears: Listens
) -> None:
    always = AlwaysListens()
    with held_to((*RULES, ears, always)), program_within(session) as inner:
        inner.add(models.Unit(name="柳州市鱼峰区气象局"))
        inner.flush()
        bulk.insert_rows(inner, models.Unit, [{"name": "柳州市鱼峰区地震局"}], str)
    assert ears.asked == []
    assert always.heard("units") == [*once(1), *once(1)]


class Refuses(WriteRule):
    """A rule that takes no item called so."""

    def __init__(self, title: str) -> None:
        self.title = title

    def concerns(self, table: str) -> bool:
        return table == "proposals"

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        if any(row.new.get("title") == self.title for row in rows):
            column = models.schema.tables[table].columns["title"]
            raise Implausible(table, column, "这个标题不行。")


def test_what_a_rule_refuses_in_a_plan_is_one_row_with_its_sentence(
    session: ActorSession, tmp_path: Path
) -> None:
    opened = _plan(session, tmp_path, "关于路灯的建议", "关于公园的建议")
    with held_to((*RULES, Refuses("关于公园的建议"))):
        done = plans.write(session, opened)
    assert [step.outcome for step in done.steps] == ["new", "invalid"]
    assert "“关于公园的建议”不能写入：这个标题不行。" in done.steps[1].errors[0].message


def test_what_a_rule_refuses_to_take_back_stays_with_its_item(
    session: ActorSession, tmp_path: Path
) -> None:
    plans.write(session, _plan(session, tmp_path, "关于路灯的建议", "关于公园的建议"))
    session.commit()
    opened = _plan(session, tmp_path, "关于灯光的建议", "关于绿地的建议")
    later = models.Import(
        target="分工方案", file_name="x", stored_name="", sha256="", state="写入中", uploaded_at=NOW
    )
    session.add(later)
    session.flush()
    session.info["import_id"] = later.id
    plans.write(session, opened)
    with held_to((*RULES, Refuses("关于公园的建议"))):
        result = undo_import(session, later.id)
    assert [one.why for one in result.kept] == ["原来的内容现在恢复不了：这个标题不行"]
    titles = set(session.scalars(select(models.Proposal.title)))
    assert titles == {"关于路灯的建议", "关于绿地的建议"}


def _plan(session: ActorSession, folder: Path, *titles: str) -> plans.PlanFile:
    lines = [[f"00{n}", title, "区教育局"] for n, title in enumerate(titles, 1)]
    file = workbook(folder / "plan.xlsx", [["编号", "标题", "主办单位"], *lines])
    meeting = find_meeting(session, "柳州市第十五届人大第五次会议")
    assert meeting
    return plans.open_plan(session, file, meeting)


def test_what_follows_from_an_import_is_logged_under_it(session: ActorSession) -> None:
    task = a_task(session, an_item(session, counts_from_on=HANDED_OVER))
    made = models.Import(
        target="承办任务", file_name="x", stored_name="", sha256="", state="写入中", uploaded_at=NOW
    )
    session.add(made)
    session.flush()
    session.info["import_id"] = made.id
    stored = bulk.read_rows(session, models.Assignment, [task.id])[task.id]
    change = {"signed_on": date(2024, 4, 12)}
    bulk.update_rows(session, models.Assignment, [(stored, change)], lambda row: "任务")
    log = select(models.ChangeLog).filter_by(import_id=made.id, table_name="assignments")
    in_order = log.order_by(models.ChangeLog.id)
    changed = [set(entry.changes) for entry in session.scalars(in_order)]
    assert changed == [{"signed_on"}, {"state"}]


def test_nothing_more_follows_for_what_a_plan_has_just_made(
    session: ActorSession, tmp_path: Path
) -> None:
    plans.write(session, _plan(session, tmp_path, "关于路灯的建议", "关于公园的建议"))
    line = models.Deadline
    query = select(line.assignment_id, line.milestone, line.due_on, line.done_on).order_by(line.id)
    made = session.execute(query).all()
    entries = select(func.count()).select_from(models.ChangeLog)
    logged = session.scalar(entries)
    assert made
    assert reactions.follow_up(session, list(session.scalars(select(models.Proposal.id)))) == 0
    assert session.execute(query).all() == made
    assert session.scalar(entries) == logged


def test_a_title_in_a_file_moves_no_due_date_whatever_the_rules_say_by_now(
    session: ActorSession, tmp_path: Path
) -> None:
    plans.write(session, _plan(session, tmp_path, "关于路灯的建议"))
    due = select(models.Deadline.due_on).order_by(models.Deadline.id)
    before = list(session.scalars(due))
    for rule in session.scalars(select(models.DeadlineRule).filter_by(basis="自然日")):
        rule.days = (rule.days or 0) + 1
    session.commit()
    plans.write(session, _plan(session, tmp_path, "关于路灯改造的建议"))
    assert list(session.scalars(select(models.Proposal.title))) == ["关于路灯改造的建议"]
    assert list(session.scalars(due)) == before


def test_a_deadline_in_a_file_is_done_where_its_record_is_there(session: ActorSession) -> None:
    task = a_task(session, an_item(session), signed_on=date(2024, 4, 12))
    session.flush()
    of = {"assignment_id": task.id, "unit_id": task.unit_id}
    line = {**of, "milestone": "签收", "due_on": date(2024, 4, 13)}
    bulk.insert_rows(session, models.Deadline, [line], str)
    made = session.scalars(select(models.Deadline).filter_by(milestone="签收")).one()
    assert made.done_on == date(2024, 4, 12)


def test_nothing_is_saved_before_anybody_has_said_what_must_hold(session: ActorSession) -> None:
    session.add(models.Unit(name="柳州市鱼峰区气象局"))
    with held_to(None), pytest.raises(RuntimeError, match="rules of saving"):
        session.flush()
