"""A row's name tells what it hangs on, wherever it stands alone: in the change log, in pickers, in questions."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from admin.frame.db import db
from admin.tables.desk import Desk
from admin.tables.finding.waiting import waiting_acts
from domain import models
from domain.actors import OFFICE, Actor
from domain.lifecycle.judging import asking_of, waits_for
from domain.schema.file import read_schema
from domain.storing.session import actor_session, system_session
from domain.tables.links import look_up, text_key
from tests.admin.imports.test_import_screens import NEW, press, preview
from tests.ground.district import MORNING, Panel
from tests.ground.doors.scene import TABLES, Scene, open_scene
from tests.ground.doors.visitor import AtTheDoor
from tests.ground.kept_apps import KeptApps
from tests.ground.serving.databases import Databases

ALONE = {
    "proposals": "an item is told by its title",
    "onsite_opinions": "an opinion is told by what it says",
    "events": "told by its day, its kind and its title",
    "attachments": "hangs on one of seven: the name of a file",
    "reminder_reads": "written by the thousand, read nowhere alone",
    "sent_forms": "read by nobody",
    "messages": "told by what it says; whose it is stands on the page of the reader alone",
    "import_rows": "stands below its import",
    "deadline_rules": "tells its set",
}


@pytest.fixture(scope="module")
def scene(
    databases: Databases, kept_apps: KeptApps, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    with open_scene(databases, kept_apps, tmp_path_factory.mktemp("names")) as scene:
        yield scene


@pytest.mark.parametrize("table", TABLES)
def test_a_name_tells_by_its_text_or_by_what_the_row_hangs_on(table: str) -> None:
    """Rows that are many below one other are called after that other one too, or have a name that is theirs alone."""
    words = read_schema().tables[table]
    unique = [set(c.columns) for c in words.constraints if c.kind == "unique"]
    fields = {f if f in words.columns else f"{f}_id" for f in models.name_fields(words)}
    required = {c.name for c in words.columns.values() if c.references and c.is_required}
    owners = {c for c in required if not words.columns[c].is_carried}
    is_told = not owners or owners & fields or any(key <= fields for key in unique)
    assert is_told or table in ALONE


def test_a_ledger_entry_is_called_after_its_task_in_the_log_and_above_what_hangs_on_it(
    panel: Panel,
) -> None:
    school, name = panel.as_("school"), "鱼峰区教育局主办 建议001号 关于增设校门口斑马线的建议"
    task = panel.id_of("Assignment", unit_id=panel.id_of("Unit", short_name="教育局"), role="主办")
    school.post(
        "/ledger_entries/new/", assignment_id=task, happened_on="2024-04-12",
        stage="办前", activity="调查研究", summary="到校门口看了放学时段的车流",
    )  # fmt: skip
    entry = panel.id_of("LedgerEntry", assignment_id=task)
    assert f"2024-04-12 调查研究 {name}" in panel.as_("auditor").get("/change_log/?q=调查研究")
    form = school.get(f"/ledger_invitees/new/?ledger_entry_id={entry}")
    assert f'value="2024-04-12 调查研究 {name}"' in form
    listed = school.get("/ledger_entries/?columns=happened_on,activity")
    assert f">{name}" not in listed  # a list shows what it is asked for, and not the name again
    page = school.get(f"/assignments/details/?id={task}")
    assert page.count(f"2024-04-12 调查研究 {name}") == 0


def test_a_plan_calls_its_sponsors_as_the_panel_does(panel: Panel) -> None:
    preview(panel, NEW)
    press(panel, "apply", only_valid="0")
    with panel.truth() as session:
        log = models.ChangeLog
        told = select(log.row_id, log.row_name).where(
            log.table_name == "sponsors", log.import_id.is_not(None)
        )
        (key, name), *others = session.execute(told).all()
        assert not others
        assert name == str(session.get(models.Sponsor, key))
        assert name == "覃丽（人大）领衔 建议004号 关于整治背街小巷的建议"


def test_a_category_of_answers_is_short_beside_its_reply_and_told_by_its_meeting_alone(
    panel: Panel,
) -> None:
    """Two meetings have an A: who picks one must know which, who reads a list of replies does."""
    letter = a_second_a(panel)
    task = panel.id_of("Assignment", unit_id=panel.id_of("Unit", short_name="教育局"), role="主办")
    with panel.truth() as session:
        reply = models.Reply(assignment_id=task, answer_category_id=letter)
        session.add(reply)
        session.commit()
        key = reply.id
    office, full = panel.as_("office"), "A类 A类（鱼峰区第一届人大第五次会议）"
    assert ">A类<" in office.get("/replies/")
    assert full in office.get(f"/replies/details/?id={key}")
    offered = office.json("/replies/ajax/lookup/?name=answer_category_id&query=A")
    assert {row["text"] for row in offered} == {full, "A类 已解决（鱼峰区政协一届四次会议）"}


def test_a_unit_without_an_abbreviation_is_called_by_its_name_in_a_list(panel: Panel) -> None:
    with panel.truth() as session:
        session.add(models.Unit(name="鱼峰区气象局"))
        session.commit()
    unit = panel.id_of("Unit", name="鱼峰区气象局")
    with panel.truth() as session:
        session.add(models.UnitContact(unit_id=unit, duty="联络员", name="赵"))
        session.commit()
    page = panel.as_("office").get(f"/unit_contacts/?unit_id={unit}&columns=name,unit_id")
    row = re.sub(r"<[^>]+>", " ", page.split("<tbody>")[1].split("</tbody")[0])
    assert row.split() == ["赵", "鱼峰区气象局"]


def test_a_table_that_is_imported_may_use_either_name_and_is_told_where_it_is_not_enough(
    panel: Panel,
) -> None:
    letter = a_second_a(panel)
    texts = ["A类", "B类", "A类 A类（鱼峰区第一届人大第五次会议）"]
    with panel.app.app_context(), system_session(db.engine, "测试", lambda: MORNING) as session:
        found = look_up(session, {"answer_categories": {text_key(t): t for t in texts}})
    ids = [found.ids["answer_categories", text_key(text)] for text in texts]
    assert [len(keys) for keys in ids] == [2, 1, 1] and ids[2] == [letter]


def a_second_a(panel: Panel) -> int:
    """Another meeting calls a category A as well; the id of the first."""
    with panel.truth() as session:
        other = panel.id_of("Meeting", body="政协")
        session.add(models.AnswerCategory(meeting_id=other, letter="A", definition="已解决"))
        session.commit()
    return panel.id_of("AnswerCategory", letter="A", meeting_id=panel.id_of("Meeting", body="人大"))


@pytest.mark.parametrize("table", TABLES)
def test_no_page_asks_for_each_row_what_it_is_called(scene: Scene, table: str) -> None:
    """The world has rows below many parents: a name that is read row by row would ask the same again and again."""
    at = AtTheDoor.of(*scene, OFFICE)
    if not at.reads(table):
        pytest.skip("the office does not read this table")
    asked: list[str] = []

    def note(*arguments: Any) -> None:
        asked.append(arguments[2])

    with scene[0].app_context():
        engine = db.engine
    at.get(f"/{table}/")
    event.listen(engine, "before_cursor_execute", note)
    try:
        at.get(f"/{table}/")
        at.get(f"/exports/list/{table}")
        at.client.get(f"/{table}/ajax/lookup/?name=none")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    often = {sql: n for sql, n in Counter(asked).items() if n > 4 and sql.startswith("SELECT")}
    assert not often


def test_a_short_name_is_made_of_what_the_name_holds(tmp_path: Path) -> None:
    file = tmp_path / "schema.sql"
    text = read_schema().text.replace("-- 简称：{letter}类", "-- 简称：{letter}类 {sort_order}")
    file.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="表 answer_categories 的 简称"):
        read_schema(file)


def test_what_is_loaded_for_names_and_asked_for_acts_is_written_down_once(panel: Panel) -> None:
    """Dozens of times for each page it took longer than the database."""
    assert models.name_options(models.Reply) is models.name_options(models.Reply)
    with actor_session(panel_engine(panel), Actor("黄", OFFICE), lambda: MORNING) as session:
        desk = Desk(models.schema.tables["replies"], session.actor, session)
        assert desk.query_for(desk.listed) is desk.query_for(desk.listed)
        acts = waiting_acts(desk)
        assert waits_for(acts, asking_of(session)) is waits_for(acts, asking_of(session))


def panel_engine(panel: Panel) -> Engine:
    with panel.app.app_context():
        return db.engine
