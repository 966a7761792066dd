"""The change log as people read it: what people did, an act as one entry that opens, old and new values in full."""

import re
from typing import Any

from sqlalchemy import text

from admin.frame.db import db
from domain import models
from domain.storing.session import system_session
from tests.ground.acting import SCHOOL, a_draft, act, item, task
from tests.ground.district import MORNING, Panel


def entries(panel: Panel, *columns: str, **known: Any) -> list[tuple[Any, ...]]:
    """These columns of the entries with these values, as they were written."""
    log = models.ChangeLog
    with panel.truth() as session:
        rows = session.query(log).filter_by(**known).order_by(log.id)
        return [tuple(getattr(row, name) for name in columns) for row in rows]


def listed(page: str) -> int:
    """How many rows a list shows."""
    return len(re.findall(r"<tr>\s*<td", page))


def test_an_act_is_one_entry_that_opens_with_what_it_changed(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等协办")
    heads = entries(panel, "id", "table_name", "row_id", "parts", act="送审", part_of_id=None)
    ((head, table, key, parts),) = heads
    assert (table, key) == ("replies", reply)
    below = entries(panel, "table_name", part_of_id=head)
    assert {name for (name,) in below} >= {"review_steps", "replies", "assignments", "proposals"}
    assert parts == len(below)
    page = panel.as_("office").get(f"/change_log/details/?id={head}")
    assert "变更记录（同一次操作）" in page and "审核环节" in page
    part = entries(panel, "id", part_of_id=head)[0][0]
    page = panel.as_("office").get(f"/change_log/details/?id={part}")
    assert f'href="/change_log/details/?id={head}"' in page


def test_several_rows_of_one_act_are_one_entry(panel: Panel) -> None:
    chosen = task(panel, SCHOOL, "主办"), panel.id_of("Assignment", role="协办")
    act(panel, "office", "urge", "assignments", *chosen, content="请尽快签收")
    assert entries(panel, "parts", act="催办", part_of_id=None) == [(1,)]
    act(panel, "office", "urge", "assignments", *chosen, content="再催一次")  # another deed
    assert entries(panel, "parts", act="催办", part_of_id=None) == [(1,), (1,)]


def test_the_log_opens_with_what_people_did_and_everything_is_a_click_away(panel: Panel) -> None:
    act(panel, "school", "sign", "assignments", task(panel, SCHOOL, "主办"))
    office = panel.as_("office")
    page = office.get("/change_log/")
    assert listed(page) == 1 and "人工改动" in page
    way = re.search(r'<a class="button" href="([^"]*)">[^\n]*看全部改动</a>', page)
    assert way and way[1] == "/change_log/?all=1"
    whole = office.get(way[1])
    assert listed(whole) > 10 and "只看人工改动" in whole
    off = re.search(r'href="([^"]*)" aria-label="去掉：人工改动"', page)
    assert off and off[1] == way[1]  # to take the condition away is not to get it back
    search = re.search(r'<form class="search".*?</form>', whole, re.S)
    assert search and 'name="all" value="1"' in search[0]


def test_a_row_shows_all_its_entries(panel: Panel) -> None:
    key = item(panel, "001")
    act(panel, "school", "sign", "assignments", task(panel, SCHOOL, "主办"))
    link = f"/change_log/?table_name=proposals&row_id.from={key}&row_id.to={key}"
    page = panel.as_("office").get(link)
    assert listed(page) >= 2 and "办理状态：交办 → 办理" in page  # made, and moved on by the act


def test_a_value_that_was_not_there_is_told_as_empty(panel: Panel) -> None:
    act(panel, "school", "sign", "assignments", task(panel, SCHOOL, "主办"))
    act(panel, "school", "unsign", "assignments", task(panel, SCHOOL, "主办"))
    page = panel.as_("office").get("/change_log/")
    assert "签收日期：（空） → 2024-04-15" in page
    assert "签收日期：2024-04-15 → （空）" in page
    made = panel.as_("office").get("/change_log/?table_name=proposals&action=新增")
    assert "案号：001" in made and "（空）" not in made  # of a new row there is nothing before


def test_an_entry_shows_old_and_new_in_full(panel: Panel) -> None:
    key = a_draft(panel, task(panel, SCHOOL, "主办"), body="原来的话。" * 400)
    with panel.truth() as session:
        session.get_one(models.Reply, key).body = "改过的话。" * 400 + "\n第二段。"
        session.commit()
    (entry,) = entries(panel, "id", table_name="replies", action="修改")
    page = panel.as_("office").get(f"/change_log/details/?id={entry[0]}")
    shown = page.split("改了什么")[1].split("</section>")[0]
    assert "原来的话。" * 400 in shown and "改过的话。" * 400 + "\n第二段。" in shown
    assert "<dt>内容</dt>" not in page


def test_what_was_taken_back_with_a_savepoint_stands_for_nothing(panel: Panel) -> None:
    with panel.truth() as session:
        point = session.begin_nested()
        session.add(models.Unit(name="取消的单位"))
        session.flush()
        point.rollback()
        session.add(models.Unit(name="鱼峰区档案局"))
        session.flush()
        session.add(models.Unit(name="鱼峰区史志办"))
        session.commit()
    made = entries(panel, "row_name", "parts", table_name="units", part_of_id=None)
    assert made[-1] == ("鱼峰区档案局", 1)


def test_a_new_transaction_is_a_new_deed(panel: Panel) -> None:
    with panel.app.app_context(), system_session(db.engine, "夜里", lambda: MORNING) as session:
        for name in ("鱼峰区档案局", "鱼峰区史志办"):
            session.add(models.Unit(name=name))
            session.commit()
    made = entries(panel, "parts", actor_name="夜里")
    assert made == [(0,), (0,)]


def test_the_opening_list_is_led_by_its_index(panel: Panel) -> None:
    """The page that a million entries must not slow down: no sorting, no walk over what the program wrote."""
    with panel.app.app_context(), db.engine.connect() as connection:
        many = " ".join(
            ("INSERT INTO change_log (happened_at, actor_name, action, table_name, table_label,",
             "row_id, changes, parts) SELECT happened_at, '程序', action, table_name, table_label,",
             "row_id, changes, 0 FROM change_log WHERE id IN (SELECT MAX(id) FROM change_log)")
        )  # fmt: skip
        for _ in range(300):
            connection.execute(text(many))
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE change_log"))
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # there are few rows yet
        explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}
        asked = "SELECT id FROM change_log WHERE user_id IS NOT NULL AND part_of_id IS NULL"
        plan = connection.execute(
            text(f"{explain[connection.dialect.name]} {asked} ORDER BY id DESC LIMIT 51")
        )
        told = "\n".join(str(row) for row in plan)
        connection.rollback()
    assert "ix_change_log_people" in told and "TEMP B-TREE" not in told and "Sort" not in told
