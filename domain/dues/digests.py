"""Which reminders go out by e-mail, to whom, in what words: one mail a person and night.

Not here: the sending (jobs/work/mail.py), the reminders themselves (nightly.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from domain import actors, models
from domain.schema.states import Audience

# What could not be sent is tried again for this many nights; after that it is old news.
TRIED_FOR = timedelta(days=7)
SHOWN = 50
_USERS = {
    Audience.LIAISON: actors.LIAISON,
    Audience.LEADER: actors.LEADER,
    Audience.OFFICE: actors.OFFICE,
}
_CONTACTS = {Audience.LIAISON: "联络员", Audience.LEADER: "分管领导"}


@dataclass(frozen=True)
class Digest:
    """One mail: the reminders of one audience of one unit (of all units for the office)."""

    audience: str
    unit_id: int | None
    newest_id: int
    subject: str
    text: str
    addresses: tuple[str, ...]


def unsent(session: Session, on: date) -> Iterator[Digest]:
    """What is to be mailed as of `on`: open, not mailed yet, and somebody has an address."""
    for audience in (Audience.LIAISON, Audience.LEADER, Audience.OFFICE):
        unit = models.Assignment.unit_id
        by_unit = [] if audience == Audience.OFFICE else [unit]
        newest = func.max(models.Reminder.id).label("newest")
        groups = _waiting(audience, on).with_only_columns(newest, func.count(), *by_unit)
        for newest_id, count, *unit_id in session.execute(groups.group_by(*by_unit)).all():
            if newest_id and (to := _addresses(session, audience, *unit_id)):
                lines = _lines(session, audience, on, *unit_id)
                text = _text(lines, count)
                subject = f"建议提案办理提醒：{count}项（{on.isoformat()}）"
                first_unit = unit_id[0] if unit_id else None
                yield Digest(audience, first_unit, newest_id, subject, text, to)


def mark_mailed(session: Session, digest: Digest, now: datetime) -> None:
    """Note that the reminders of the digest have gone out."""
    reminder, line, task = models.Reminder, models.Deadline, models.Assignment
    lines = select(line.id).join(task, task.id == line.assignment_id)
    if digest.unit_id is not None:
        lines = lines.where(task.unit_id == digest.unit_id)
    session.execute(
        update(reminder)
        .where(reminder.audience == digest.audience, reminder.mailed_at.is_(None))
        .where(reminder.id <= digest.newest_id, reminder.deadline_id.in_(lines))
        .values(mailed_at=now)
        .execution_options(synchronize_session=False)
    )


def _waiting(audience: str, on: date, *unit_id: int) -> Select[Any]:
    reminder, line, task = models.Reminder, models.Deadline, models.Assignment
    found = (
        select(reminder.id)
        .join(line, line.id == reminder.deadline_id)
        .join(task, task.id == line.assignment_id)
        .where(reminder.audience == audience, reminder.mailed_at.is_(None))
        .where(reminder.created_on > on - TRIED_FOR, reminder.created_on <= on)
        .where(line.done_on.is_(None))
    )
    return found.where(task.unit_id == unit_id[0]) if unit_id else found


def _addresses(session: Session, audience: str, *unit_id: int) -> tuple[str, ...]:
    """The addresses of the users and contacts who are told, each once."""
    user, contact = models.User, models.UnitContact
    users = select(user.email).where(user.role == _USERS[audience], user.is_active)
    found = set(session.scalars(users.where(user.unit_id == unit_id[0]) if unit_id else users))
    if unit_id:
        contacts = select(contact.email).where(contact.duty == _CONTACTS[audience])
        found |= set(session.scalars(contacts.where(contact.unit_id == unit_id[0])))
    return tuple(sorted(found - {""}))


def _lines(session: Session, audience: str, on: date, *unit_id: int) -> list[str]:
    reminder, line, item, unit = models.Reminder, models.Deadline, models.Proposal, models.Unit
    task = models.Assignment
    rows = session.execute(
        _waiting(audience, on, *unit_id)
        .with_only_columns(
            unit.name, item.kind, item.number, item.title, line.milestone, line.due_on
        )
        .add_columns(reminder.step)
        .join(item, item.id == task.proposal_id)
        .join(unit, unit.id == task.unit_id)
        .order_by(line.due_on, line.id)
        .limit(SHOWN)
    )
    return [
        f"【{step}】{name}：{kind}{number}号《{title}》，{milestone}，{due_on.isoformat()}到期"
        for name, kind, number, title, milestone, due_on, step in rows
    ]


def _text(lines: list[str], count: int) -> str:
    more = [f"……共{count}项，其余请登录系统查看。"] if count > len(lines) else []
    head = "以下办理事项即将到期或已经逾期，请及时办理："
    return "\n".join([head, "", *lines, *more, "", "（本邮件由系统自动发出，请勿回复。）"])
