"""Every rule of a save is asked at every door, and none of them can go without a test that fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from sqlalchemy import Engine, select

from domain import models
from domain.access.rule import NotAllowed
from domain.actors import ADMIN, OFFICE, Actor
from domain.imports.undo import undo_import
from domain.rules_of_saving import RULES
from domain.saving.circles import GoesInACircle
from domain.saving.emptiness import StillEmpty
from domain.saving.happened import NotYetHappened, TooEarly
from domain.saving.known_settings import BadSetting
from domain.storing.session import ActorSession, actor_session, system_session
from domain.storing.write_rules import ByTable, RowWrite, Save, WriteRule, held_to
from jobs.commands.import_plan import import_plan_command
from jobs.commands.import_table import import_table_command
from seeds.reference import seed_reference
from tests.ground.district import Panel
from tests.ground.plans import workbook
from tests.ground.tasks import HANDED_OVER, a_deadline, a_reply, a_task, an_item

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
    office.post("/units/delete/", id=str(unit), confirmed="1")
    assert ears.heard("units") == once(1), "a deletion"
    with panel.truth() as session:
        of_housing = models.Unit.name.contains("住房")
        tasks = select(models.Assignment.id).join(models.Assignment.unit).where(of_housing)
        mine = [str(id) for id in session.scalars(tasks)]
    housing.post("/assignments/action/", action="sign", rowid=mine)
    assert len(mine) == 2 and ears.heard("assignments") == once(2), "a bulk act"
    school_task = panel.id_of("Assignment", unit_id=panel.id_of("Unit", name="鱼峰区教育局"))
    school.post("/assignments/action/", action="sign", rowid=str(school_task))
    assert ears.heard("assignments") == once(1), "an act on one row"


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


def test_what_the_program_derives_asks_only_the_rules_that_say_so(
    session: ActorSession, ears: Listens
) -> None:
    with session.as_program() as inner:
        inner.add(models.Unit(name="柳州市鱼峰区气象局"))
        inner.flush()
    assert ears.asked == []


def test_nothing_is_saved_before_anybody_has_said_what_must_hold(session: ActorSession) -> None:
    session.add(models.Unit(name="柳州市鱼峰区气象局"))
    with held_to(None), pytest.raises(RuntimeError, match="rules of saving"):
        session.flush()


# ---- each rule by itself


@contextmanager
def _office(session: ActorSession) -> Iterator[ActorSession]:
    """Somebody of the office at work on what the session has written."""
    clerk = models.User(username="office", full_name="李", role=OFFICE)
    session.add(clerk)
    session.flush()
    office = clerk.id
    session.commit()  # on SQLite nobody else could write before
    engine: Any = session.get_bind()
    with actor_session(engine, Actor("李", OFFICE, office), lambda: NOW) as acting:
        yield acting


def _known_numbers(session: ActorSession) -> None:
    session.commit()
    engine: Any = session.get_bind()
    with actor_session(engine, Actor("管理员", ADMIN), lambda: NOW) as admin:
        setting = admin.scalars(select(models.Setting).filter_by(name="LATE_RED_DAYS")).one()
        setting.value = "很多"
        with pytest.raises(BadSetting):
            admin.flush()


def _guards_accounts(session: ActorSession) -> None:
    session.add(models.User(username="root", full_name="张", role=ADMIN))
    session.commit()
    session.scalars(select(models.User).filter_by(username="root")).one().is_active = False
    with pytest.raises(NotAllowed):
        session.flush()


def _names_the_author(session: ActorSession) -> None:
    task = a_task(session, an_item(session)).id
    with _office(session) as office:
        row = office.get_one(models.Assignment, task)
        row.signed_on = date(2024, 4, 12)
        office.flush()
        assert row.signed_by_id == office.actor.user_id


def _keeps_typed_dates(session: ActorSession) -> None:
    line = a_deadline(session, a_task(session, an_item(session)), date(2024, 6, 5)).id
    session.get_one(models.Deadline, line).origin = "规则"
    with _office(session) as office:
        row = office.get_one(models.Deadline, line)
        row.due_on = date(2024, 6, 7)
        office.flush()
        assert row.origin == "手工"


def _has_happened(session: ActorSession) -> None:
    item = an_item(session).id
    with _office(session) as office:
        office.get_one(models.Proposal, item).closed_on = date(2024, 5, 1)
        with pytest.raises(NotYetHappened):
            office.flush()


def _not_before_handover(session: ActorSession) -> None:
    task = a_task(session, an_item(session, counts_from_on=HANDED_OVER)).id
    with _office(session) as office:
        office.get_one(models.Assignment, task).signed_on = date(2024, 4, 1)
        with pytest.raises(TooEarly):
            office.flush()


def _no_circles(session: ActorSession) -> None:
    one, other = an_item(session).id, an_item(session, "002").id
    with _office(session) as office:
        office.get_one(models.Proposal, one).merged_into_id = other
        office.flush()
        office.get_one(models.Proposal, other).merged_into_id = one
        with pytest.raises(GoesInACircle):
            office.flush()


def _replies_say_something(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    reply = a_reply(session, task, date(2024, 4, 19), state="拟稿", body="", document_no="").id
    with _office(session) as office:
        office.get_one(models.Reply, reply).state = "复核"
        with pytest.raises(StillEmpty):
            office.flush()


def _reacts(session: ActorSession) -> None:
    task = a_task(session, an_item(session)).id
    with _office(session) as office:
        row = office.get_one(models.Assignment, task)
        row.signed_on = date(2024, 4, 12)
        office.flush()
        assert row.state == "办理中"


PROBES = {
    "KnownNumbers": _known_numbers,
    "GuardsAccounts": _guards_accounts,
    "NamesTheAuthor": _names_the_author,
    "KeepsTypedDates": _keeps_typed_dates,
    "HasHappened": _has_happened,
    "NotBeforeHandover": _not_before_handover,
    "NoCircles": _no_circles,
    "RepliesSaySomething": _replies_say_something,
    "Reacts": _reacts,
}


def test_every_rule_is_probed() -> None:
    assert [type(rule).__name__ for rule in RULES] == list(PROBES)


@pytest.mark.parametrize("name", PROBES)
def test_a_rule_holds_while_it_is_listed(session: ActorSession, name: str) -> None:
    PROBES[name](session)


@pytest.mark.parametrize("name", PROBES)
def test_without_its_line_in_the_list_a_rule_does_not_hold(
    session: ActorSession, name: str
) -> None:
    with held_to([rule for rule in RULES if type(rule).__name__ != name]):
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            PROBES[name](session)
        session.rollback()
