"""Items and tasks for tests about time, written with as few words as the test needs."""

from datetime import date
from typing import Any

from sqlalchemy import select

from domain import models
from domain.storing.session import ActorSession

HANDED_OVER = date(2024, 4, 10)


def an_item(session: ActorSession, number: str = "001", **more: Any) -> Any:
    """A 建议 of the seeded 人大 meeting of 2024, handed over on 2024-04-10."""
    meeting = session.scalars(select(models.Meeting).filter_by(body="人大", year=2024)).one()
    known = {"kind": "建议", "title": f"关于第{number}号的建议", "handed_over_on": HANDED_OVER}
    item = models.Proposal(meeting_id=meeting.id, number=number, **{**known, **more})
    session.add(item)
    session.flush()
    return item


def a_task(
    session: ActorSession, item: Any, unit: str = "区教育局", role: str = "主办", **more: Any
) -> Any:
    """The item given to a unit, named by its short name."""
    found = session.scalars(select(models.Unit).filter_by(short_name=unit)).one()
    task = models.Assignment(proposal_id=item.id, unit_id=found.id, role=role, **more)
    session.add(task)
    session.flush()
    return task


def a_reply(
    session: ActorSession, task: Any, on: date, letter: str | None = "A", **more: Any
) -> Any:
    """An issued reply with its letter; a 协办意见 has none."""
    proposal = session.get(models.Proposal, task.proposal_id)
    category = session.scalars(
        select(models.AnswerCategory).filter_by(meeting_id=proposal.meeting_id, letter=letter)
    ).first()
    known = {"state": "已答复", "issued_on": on, "answer_category_id": category and category.id}
    reply = models.Reply(assignment_id=task.id, **{**known, **more})
    session.add(reply)
    session.flush()
    return reply


def a_rating(session: ActorSession, reply: Any, on: date, rating: str = "不满意") -> Any:
    """What a deputy says of the reply."""
    deputy = models.Deputy(name=f"代表{reply.id}", body="人大", term=15)
    session.add(deputy)
    session.flush()
    feedback = models.Feedback(
        reply_id=reply.id,
        deputy_id=deputy.id,
        received_on=on,
        work_rating="满意",
        result_rating=rating,
        opinion="没有解决。" if rating == "不满意" else "",
    )
    session.add(feedback)
    session.flush()
    return feedback


def a_deadline(
    session: ActorSession, task: Any, due_on: date, milestone: str = "答复", **more: Any
) -> Any:
    """A deadline set by hand, so that no rule moves it and no record completes or opens it."""
    words = {"milestone": milestone, "due_on": due_on, "origin": "手工"}
    words["is_done_by_hand"] = "done_on" in more
    line = models.Deadline(assignment_id=task.id, **{**words, **more})
    session.add(line)
    session.flush()
    return line


def deadlines_of(session: ActorSession, task: Any) -> dict[str, date]:
    """What is stored for the task: milestone and due date."""
    line = models.Deadline
    rows = session.execute(select(line.milestone, line.due_on).where(line.assignment_id == task.id))
    return dict(rows.all())
