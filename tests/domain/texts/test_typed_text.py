"""What people type is kept, to the indent of a paragraph, and is stored in one form, by whatever door it comes."""

from typing import Any

import pytest
from sqlalchemy import select

from domain import models
from domain.sheets.grid import Grid
from domain.tables.importing import TableImport, import_table, open_table
from tests.admin.tables.test_admin_forms import field, item, seen
from tests.ground.district import Panel

TEXT = "　　第一段，\u200b有缩进。\r\n　　第二段。\n\n"


def import_rows(panel: Panel, table: str, *rows: list[Any]) -> TableImport:
    """What an import of these rows, the header first, does."""
    words = models.schema.tables[table]
    with panel.truth() as session:
        done = import_table(session, open_table(session, words, [Grid(None, list(rows))]))
        session.commit()
        return done


def new_item(panel: Panel, **sent: str) -> dict[str, Any]:
    meeting = panel.id_of("Meeting", body="人大")
    return {"meeting_id": meeting, "kind": "建议", "number": "009", "title": "新件", "area_role": "主办",
            "source": "会议期间", **sent}  # fmt: skip


def as_a_browser_sends(panel: Panel, key: int) -> dict[str, Any]:
    """Every field of the item's form as it is shown; lines end as HTML has it."""
    with panel.truth() as session:
        row = session.get_one(models.Proposal, key)
        values = {name: getattr(row, name) for name in row.words.columns}
    return {name: str(value).replace("\r\n", "\n").replace("\n", "\r\n")
            for name, value in values.items() if value not in (None, "", False)}  # fmt: skip


def test_who_fills_in_one_field_leaves_the_long_texts_as_they_are(panel: Panel) -> None:
    key, office = item(panel), panel.as_("office")
    with panel.truth() as session:
        row = session.get_one(models.Proposal, key)
        row.body, row.title = TEXT, "关于\n斑马线的建议 "
        session.commit()
    path = f"/proposals/edit/?id={key}"
    sent = as_a_browser_sends(panel, key) | {"note": "先联系代表"}
    office.post(path, seen=seen(office.get(path)), **sent)
    with panel.truth() as session:
        row = session.get_one(models.Proposal, key)
        assert (row.body, row.title, row.note) == (TEXT, "关于\n斑马线的建议 ", "先联系代表")
        last = session.scalars(
            select(models.ChangeLog).order_by(models.ChangeLog.id.desc())
        ).first()
        assert list(last.changes) == ["note"]


def test_a_long_text_keeps_its_first_indent_and_loses_what_does_not_show(panel: Panel) -> None:
    office = panel.as_("office")
    office.post(
        "/proposals/new/",
        **new_item(panel, body="\r\n \r\n　　第一段\u200b。\r\n　　第二段。 \r\n\r\n"),
    )
    assert panel.count("Proposal", number="009", body="　　第一段。\n　　第二段。") == 1


@pytest.mark.parametrize(
    "written", ["第009号", "００９", "0 09", "009\u200b", " 建议第009号", "人大建议009号"]
)
def test_a_number_is_stored_as_a_plan_would_write_it(panel: Panel, written: str) -> None:
    panel.as_("office").post("/proposals/new/", **new_item(panel, number=written))
    done = import_rows(
        panel, "proposals", ["届次会议", "类型", "案号", "标题"],
        ["鱼峰区第一届人大第五次会议", "建议", written, "新件"],
    )  # fmt: skip
    assert panel.count("Proposal", number="009") == 1
    assert done.totals["unchanged"] == 1


def test_what_is_no_number_is_refused_at_its_field_on_the_form_and_in_a_table(panel: Panel) -> None:
    page = panel.as_("office").post(
        "/proposals/new/", status=200, **new_item(panel, number="关于路灯")
    )
    assert "不是编号，请写成 005 或 第005号。" in field(page, "number")
    done = import_rows(
        panel, "proposals", ["届次会议", "类型", "案号", "标题"],
        ["鱼峰区第一届人大第五次会议", "建议", "关于路灯", "新件"],
    )  # fmt: skip
    assert "不是编号，请写成 005 或 第005号" in done.steps[0].errors[0].message
    assert panel.count("Proposal") == 3


def test_a_number_from_before_stays_until_somebody_changes_it(panel: Panel) -> None:
    key, office = item(panel), panel.as_("office")
    with panel.truth() as session:
        session.get_one(models.Proposal, key).number = "旧档甲"
        session.commit()
    path = f"/proposals/edit/?id={key}"
    sent = as_a_browser_sends(panel, key) | {"note": "补登"}
    office.post(path, seen=seen(office.get(path)), **sent)
    assert panel.count("Proposal", number="旧档甲", note="补登") == 1


def test_a_title_of_which_nothing_shows_is_empty(panel: Panel) -> None:
    page = panel.as_("office").post(
        "/proposals/new/", status=200, **new_item(panel, title="\u200b\ufeff　")
    )
    assert "请填写标题。" in field(page, "title")


@pytest.mark.parametrize("sign", ["\0", "\x01", "\x1f", "\x85"])
def test_a_character_that_no_paper_holds_is_refused_everywhere(panel: Panel, sign: str) -> None:
    office = panel.as_("office")
    for name in ("title", "body"):
        page = office.post(
            "/proposals/new/", status=200, **new_item(panel, **{name: f"甲{sign}乙"})
        )
        assert "含有不能保存的字符，请重新输入。" in field(page, name)
    done = import_rows(panel, "units", ["单位全称"], [f"甲{sign}局"])
    assert "含有不能保存的字符，请重新输入。" in done.steps[0].errors[0].message
    assert panel.count("Proposal") == 3 and panel.count("Unit") == 2


def test_an_indent_comes_through_a_table_and_back_unchanged(panel: Panel) -> None:
    head = ["届次会议", "类型", "案号", "标题", "原文"]
    row = ["鱼峰区第一届人大第五次会议", "建议", 9, "新件", "　　第一段。\n　　第二段。"]
    assert import_rows(panel, "proposals", head, row).totals["new"] == 1
    assert panel.count("Proposal", number="9", body="　　第一段。\n　　第二段。") == 1
    with panel.truth() as session:
        session.scalars(select(models.Proposal).filter_by(number="9")).one().body = TEXT
        session.commit()
    row[4] = TEXT.replace("\u200b", "")
    assert import_rows(panel, "proposals", head, row).totals["unchanged"] == 1


def test_a_text_of_a_book_is_refused_with_its_length(panel: Panel) -> None:
    page = panel.as_("office").post(
        "/proposals/new/", status=200, **new_item(panel, body="长" * 100_001)
    )
    assert "最多 100000 个字，现在是 100001 个。" in field(page, "body")
    done = import_rows(
        panel, "settings", ["键名", "设置项", "取值"], ["book", "书", "长" * 100_001]
    )
    assert "最多 100000 个字，现在是 100001 个。" in done.steps[0].errors[0].message
