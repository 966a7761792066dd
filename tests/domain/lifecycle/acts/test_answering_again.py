"""回头看: what was promised last year comes up by itself, and is answered for again by way of the review."""

from datetime import date

from domain import models
from tests.domain.lifecycle.acts.later import (
    a_date,
    answered,
    close,
    is_last_years,
    the_letter,
    waits,
)
from tests.ground.acting import SCHOOL, act, item, state, task
from tests.ground.district import Panel

TITLE = "关于增设校门口斑马线的建议"
DUE = date(2024, 9, 30)


def looked_back(panel: Panel, letter: str = "B", due_on: date = DUE) -> int:
    """Last year's item, answered with this letter and closed; its main task."""
    answered(panel, letter)
    close(panel)
    is_last_years(panel)
    mine = task(panel, SCHOOL, "主办")
    if letter == "B":
        a_date(panel, mine, "再次答复", due_on)
    return mine


def begin(panel: Panel, mine: int, who: str = "school", status: int = 302) -> str:
    return act(panel, who, "answer_again", "assignments", mine, status=status)


def again(panel: Panel) -> int:
    return panel.id_of("Reply", kind="再次答复")


def write(panel: Panel, reply: int, letter: str = "A") -> None:
    """The unit fills in its draft."""
    category = the_letter(panel, letter)
    with panel.truth() as session:
        row = session.get_one(models.Reply, reply)
        row.body, row.answer_category_id = "今年已经办成。", category
        session.commit()


def test_what_was_promised_last_year_waits_for_its_unit(panel: Panel) -> None:
    looked_back(panel)
    assert "待再次答复" in panel.as_("school").get("/")
    assert TITLE in waits(panel, "school", "answer_again", "assignments")
    assert "待再次答复" not in panel.as_("office").get("/")


def test_what_was_solved_does_not_come_up(panel: Panel) -> None:
    mine = looked_back(panel, "A")
    assert TITLE not in waits(panel, "school", "answer_again", "assignments")
    assert "没有再次答复" in begin(panel, mine)


def test_nor_does_what_is_due_in_a_later_year(panel: Panel) -> None:
    looked_back(panel, due_on=date(2025, 9, 30))
    assert TITLE not in waits(panel, "school", "answer_again", "assignments")


def test_nor_does_an_item_of_this_year(panel: Panel) -> None:
    answered(panel)
    page = begin(panel, task(panel, SCHOOL, "主办"))
    assert "还没有到下一年" in page


def test_a_closed_item_is_answered_for_again_from_draft_to_deadline(panel: Panel) -> None:
    mine = looked_back(panel)
    begin(panel, mine)
    reply = again(panel)
    assert state(panel, "Reply", reply, "title") == f"关于《{TITLE}》落实情况的再次答复"
    assert TITLE not in waits(panel, "school", "answer_again", "assignments")
    assert TITLE in waits(panel, "school", "send", "replies")
    page = panel.as_("school").get(f"/proposals/details/?id={item(panel, '001')}")
    assert "拟稿、送审" in page  # whose turn it is, although the item is closed
    write(panel, reply)
    act(panel, "school", "send", "replies", reply)
    assert state(panel, "Reply", reply) == "督查审核"
    assert TITLE in waits(panel, "office", "pass", "replies")
    act(panel, "office", "pass", "replies", reply)
    act(panel, "school", "issue", "replies", reply, issued_on="2024-04-15")
    assert state(panel, "Proposal", item(panel, "001")) == "办结"
    line = panel.id_of("Deadline", assignment_id=mine, milestone="再次答复")
    assert state(panel, "Deadline", line, "done_on") == date(2024, 4, 15)
    assert TITLE not in waits(panel, "school", "answer_again", "assignments")
    assert panel.count("Reply", kind="答复", state="已答复") == 1  # the old answer stays


def test_a_second_one_counts_on(panel: Panel) -> None:
    mine = looked_back(panel)
    begin(panel, mine)
    write(panel, again(panel), "B")
    sent = {"submitted_on": "2024-04-15"}
    for name, more in (("send", sent), ("pass", {}), ("issue", {"issued_on": "2024-04-15"})):
        act(panel, "office", name, "replies", again(panel), **more)
    begin(panel, mine)
    assert panel.count("Reply", kind="再次答复", round=2) == 1


def test_pressed_twice_it_is_drafted_once(panel: Panel) -> None:
    mine = looked_back(panel)
    begin(panel, mine)
    assert "再次答复已经在拟" in begin(panel, mine)
    assert panel.count("Reply", kind="再次答复") == 1


def test_items_of_years_gone_by_come_up_too(panel: Panel) -> None:
    answered(panel)
    is_last_years(panel)
    key = item(panel, "001")
    with panel.truth() as session:
        session.get_one(models.Proposal, key).is_history = True
        session.commit()
    assert TITLE in waits(panel, "school", "answer_again", "assignments")
    begin(panel, task(panel, SCHOOL, "主办"))
    write(panel, again(panel))
    sent = {"submitted_on": "2024-04-15"}
    for name, more in (("send", sent), ("pass", {}), ("issue", {"issued_on": "2024-04-15"})):
        act(panel, "office", name, "replies", again(panel), **more)
    assert state(panel, "Reply", again(panel)) == "已答复"
    assert TITLE not in waits(panel, "school", "answer_again", "assignments")
