"""What comes after an answer, in the small district: an item that is answered, promises, deadlines, a year gone by."""

from datetime import date
from typing import Any

from domain import models
from tests.ground.acting import SCHOOL, a_draft, act, item, state, task
from tests.ground.district import Panel

ON = "2024-04-15"


def answered(panel: Panel, letter: str = "B", number: str = "001", unit: str = SCHOOL) -> int:
    """Let the main unit of the item have answered with this letter; the reply's id."""
    reply = a_draft(panel, task(panel, unit, "主办"), answer_category_id=the_letter(panel, letter))
    sent = {"submitted_on": ON, "partner_note": "已电话征求意见"}
    a_ledger_entry(panel, task(panel, unit, "主办"))
    for name, more in (("send", sent), ("pass", {}), ("issue", {"issued_on": ON})):
        act(panel, "office", name, "replies", reply, **more)
    assert state(panel, "Proposal", item(panel, number)) == "答复"
    return reply


def the_letter(panel: Panel, letter: str) -> int:
    """The category of this letter; B is the one to look back at."""
    key = panel.id_of("AnswerCategory", letter=letter)
    with panel.truth() as session:
        session.get_one(models.AnswerCategory, key).is_promise = letter == "B"
        session.commit()
    return key


def a_ledger_entry(panel: Panel, task_id: int) -> None:
    with panel.truth() as session:
        words = {"stage": "办前", "activity": "调查研究", "summary": "到现场看过"}
        session.add(
            models.LedgerEntry(assignment_id=task_id, happened_on=date(2024, 4, 12), **words)
        )
        session.commit()


def a_promise(panel: Panel, task_id: int, due_on: date, **words: Any) -> int:
    """Something that the unit has promised in its answer."""
    with panel.truth() as session:
        known = {"content": "增设护栏", **words}
        made = models.Commitment(assignment_id=task_id, due_on=due_on, **known)
        session.add(made)
        session.commit()
        key: int = made.id
        return key


def a_date(panel: Panel, task_id: int, milestone: str, due_on: date) -> int:
    """A deadline of a task that somebody has given it; records complete it."""
    with panel.truth() as session:
        known = {"milestone": milestone, "due_on": due_on, "origin": "手工"}
        line = models.Deadline(assignment_id=task_id, **known)
        session.add(line)
        session.commit()
        key: int = line.id
        return key


def is_last_years(panel: Panel) -> None:
    """Let the district's 人大 meeting have been a year ago."""
    with panel.truth() as session:
        session.query(models.Meeting).filter_by(body="人大").one().year = 2023
        session.commit()


def close(panel: Panel, number: str = "001") -> None:
    """Let the item be 办结."""
    key = item(panel, number)
    with panel.truth() as session:
        row = session.get_one(models.Proposal, key)
        row.closed_on, row.state = date(2024, 4, 15), "办结"
        session.commit()


def waits(panel: Panel, who: str, act_name: str, table: str) -> str:
    """The list of what waits for this person to do this act."""
    return panel.as_(who).get(f"/{table}/?waits={act_name}")
