"""The change log speaks names: of units, items and people that a change refers to, as far as the reader sees them."""

import re
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

from openpyxl import load_workbook
from sqlalchemy import event, select

from admin.frame.db import db
from domain import models
from domain.actors import ADMIN, AUDITOR, OFFICE, Actor
from domain.exports.data_words import tell
from domain.storing.session import actor_session
from tests.ground.district import MORNING, Panel


def moved(panel: Panel) -> int:
    """A person moves the task of 住建局 for item 002 to a unit that is deleted later; the task's id."""
    with panel.app.app_context():
        person = Actor("李", OFFICE, panel.id_of("User", username="office"))
        with actor_session(db.engine, person, lambda: MORNING) as session:
            new = models.Unit(name="鱼峰区临时办公室")
            session.add(new)
            task = session.scalars(
                select(models.Assignment)
                .join(models.Assignment.proposal)
                .where(models.Proposal.number == "002")
            ).one()
            task_id, old = task.id, task.unit_id
            session.flush()
            task.unit_id = new.id
            session.commit()
            with panel.truth() as truth:  # a task with a deadline keeps its unit
                truth.query(models.Deadline).filter_by(assignment_id=task_id).delete()
                truth.commit()
            session.expire_all()
            task.unit_id = old
            session.commit()
            session.delete(new)
            session.commit()
    return task_id


def test_the_log_names_what_a_change_refers_to_and_what_is_gone(panel: Panel) -> None:
    task = moved(panel)
    path = f"/change_log/?table_name=assignments&row_id.from={task}"
    page = panel.as_("office").get(path)
    gone = "鱼峰区临时办公室（已删除）"
    assert f"承办单位：鱼峰区住房和城乡建设局 → {gone}" in page
    assert f"承办单位：{gone} → 鱼峰区住房和城乡建设局" in page
    key = gone_unit(panel)
    forget(panel, "units", key)
    assert f"承办单位：鱼峰区住房和城乡建设局 → 已删除 #{key}" in panel.as_("office").get(path)


def gone_unit(panel: Panel) -> int:
    with panel.truth() as session:
        log = models.ChangeLog
        return session.scalars(
            select(log.row_id).where(log.table_name == "units", log.action == "删除")
        ).one()


def forget(panel: Panel, table: str, key: int, but: str = "") -> None:
    """As if the log had never told of a row, but for what was done to it once."""
    with panel.truth() as session:
        log = models.ChangeLog
        for part in session.scalars(select(log).where(log.part_of_id.is_not(None))):
            part.part_of_id = None
        session.flush()
        for entry in session.scalars(select(log).filter_by(table_name=table, row_id=key)):
            if entry.action != but:
                session.delete(entry)
        session.commit()


def handed_over(panel: Panel) -> int:
    """The office gives 003 to a unit; the id of the item."""
    item = panel.id_of("Proposal", number="003")
    unit = panel.id_of("Unit", short_name="教育局")
    panel.as_("office").post("/assignments/new/", proposal_id=item, unit_id=unit, role="主办")
    return item


def auditors_page(panel: Panel) -> str:
    return panel.as_("auditor").get("/change_log/?table_name=assignments&action=新增")


def test_an_auditor_reads_the_name_that_the_log_gives_what_he_may_not_open(panel: Panel) -> None:
    item = handed_over(panel)
    page = auditors_page(panel)
    assert "建议提案：建议003号 关于延长图书馆开放时间的建议" in page
    assert "承办单位：鱼峰区教育局" in page  # everybody knows the units
    assert "建议003号" in panel.as_("office").get("/change_log/?table_name=assignments")
    panel.as_("auditor").get(f"/proposals/details/?id={item}", 404)


def test_an_auditor_reads_the_number_of_what_his_log_does_not_tell(panel: Panel) -> None:
    item = handed_over(panel)
    forget(panel, "proposals", item)
    assert f"建议提案：#{item}（不在您的范围内）" in auditors_page(panel)


def test_a_row_is_not_called_by_the_name_of_one_that_had_its_number_before(panel: Panel) -> None:
    item = handed_over(panel)
    with panel.truth() as session:
        words = {"action": "删除", "table_name": "proposals", "table_label": "建议提案"}
        former = {"row_id": item, "row_name": "建议077号 早已删除的一件", "changes": {}}
        session.add(models.ChangeLog(happened_at=MORNING, actor_name="李", **words, **former))
        session.commit()
    page = auditors_page(panel)
    assert f"建议提案：#{item}（不在您的范围内）" in page and "建议077号" not in page


def test_who_does_not_read_the_log_gets_no_name_from_it(panel: Panel) -> None:
    foreign = panel.id_of("Proposal", number="003")
    entry = SimpleNamespace(table_name="assignments", changes={"proposal_id": [None, foreign]})
    column = models.schema.tables["change_log"].columns["changes"]
    said = {}
    with panel.app.app_context():
        for name, role in (("auditor", AUDITOR), ("admin", ADMIN)):
            person = Actor(name, role, panel.id_of("User", username=name))
            with actor_session(db.engine, person, lambda: MORNING) as session:
                said[name] = tell(session, [entry], [column]).say(entry, column)
    assert said["admin"] == f"建议提案：#{foreign}（不在您的范围内）"
    assert said["auditor"] == "建议提案：建议003号 关于延长图书馆开放时间的建议"


def reached_elsewhere(panel: Panel) -> None:
    """The office gets a deputy's new number, and a unit's contact."""
    unit = panel.id_of("Unit", short_name="教育局")
    with panel.app.app_context():
        person = Actor("李", OFFICE, panel.id_of("User", username="office"))
        with actor_session(db.engine, person, lambda: MORNING) as session:
            deputy = session.scalars(select(models.Deputy).filter_by(name="覃丽")).one()
            deputy.phone, deputy.address, deputy.post = "13700137000", "屏山大道9号", "校长"
            words = {"duty": "联络员", "name": "黄老师", "mobile_phone": "13600136000"}
            session.add(models.UnitContact(unit_id=unit, **words))
            session.commit()


def test_an_auditor_reads_that_a_number_changed_but_not_the_number(panel: Panel) -> None:
    reached_elsewhere(panel)
    auditor, private = panel.as_("auditor"), ("13700137000", "13800138000", "屏山大道9号")
    page = auditor.get("/change_log/?table_name=deputies&action=修改")
    entry = panel.id_of("ChangeLog", table_name="deputies", action="修改")
    opened = auditor.get(f"/change_log/details/?id={entry}")
    sheet = auditor.client.get("/exports/list/change_log?table_name=deputies")
    exported = "".join(
        str(c.value) for row in load_workbook(BytesIO(sheet.data)).active for c in row
    )
    for text in (page, opened, exported):
        assert "单位及职务" in text and "校长" in text
        hidden = ("联系电话", "通讯地址")
        shown = re.sub(r"\s*<[^>]+>\s*", "：", text)
        assert all(re.search(f"{label}：+（不在您的范围内）", shown) for label in hidden)
        assert not [words for words in private if words in text]
    contact = auditor.get("/change_log/?table_name=unit_contacts")
    assert "姓名：黄老师" in contact and "手机：（不在您的范围内）" in contact
    assert "13600136000" not in contact


def test_the_office_reads_the_numbers_that_it_keeps(panel: Panel) -> None:
    reached_elsewhere(panel)
    page = panel.as_("office").get("/change_log/?table_name=deputies&action=修改")
    assert "联系电话：13800138000 → 13700137000" in page


def test_the_export_names_them_too(panel: Panel, tmp_path: Path) -> None:
    moved(panel)
    answer = panel.as_("office").client.get("/exports/list/change_log?table_name=assignments")
    (tmp_path / "log.xlsx").write_bytes(answer.data)
    cells = [c.value for row in load_workbook(tmp_path / "log.xlsx").active for c in row]
    gone = "鱼峰区住房和城乡建设局 → 鱼峰区临时办公室（已删除）"
    assert any(f"承办单位：{gone}" in str(cell) for cell in cells)


def test_a_page_of_the_log_costs_a_query_per_table_and_not_per_row(panel: Panel) -> None:
    office, asked = panel.as_("office"), list[str]()
    for number in range(10, 40):
        office.post(
            "/proposals/new/", meeting_id=panel.id_of("Meeting", body="人大"), kind="建议",
            number=str(number), title=f"第{number}件", area_role="主办", source="会议期间",
        )  # fmt: skip
    with panel.app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        office.get("/change_log/?table_name=proposals")
    names = [sql for sql in asked if "FROM meetings" in sql and "meetings.name" in sql]
    assert len(names) == 1
