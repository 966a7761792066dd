"""Whether somebody is there for each step of a reply's way: who signs it, or records what was signed on paper.

A step that nobody can take is told before a reply is sent; it does not hold it up, as somebody may still be named.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select, true

from domain import models
from domain.access.rule import Columns
from domain.actors import OFFICE, SUPERVISOR, Actor
from domain.lifecycle.acts.act import Asking, Need
from domain.lifecycle.acts.conditions import route_asks
from domain.lifecycle.acts.replies.authors import UNITS
from domain.lifecycle.review import EVERY, KEY_ITEMS, OTHER_ITEMS
from domain.storing.session import ActorSession

_PARTNERS = "协办单位"


def _every_step_has_somebody(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Somebody in use, other than who sends it, can take every step that the reply is to go."""
    return ~_steps_of_nobody(row, asking.actor).exists()


def _tell_steps_of_nobody(session: ActorSession, row: Any) -> str:
    """The steps that nobody can take, by name, with who would be to sign."""
    reply = models.table_of("replies")
    found = session.unchecked_connection().execute(
        _steps_of_nobody(reply.c, session.actor).correlate(None).where(reply.c.id == row.id)
    )
    return "、".join(f"{line.step}（{line.signer}）" for line in found)


def _steps_of_nobody(row: Columns, sender: Actor) -> Select[Any]:
    line = models.alias_of("review_route_steps", "step_to_take")
    meeting = models.alias_of("meetings", "meeting_of_reply")
    item = models.alias_of("proposals", "item_of_reply")
    of_items = case((item.c.key_kind.is_(None), OTHER_ITEMS), else_=KEY_ITEMS)
    query = (
        select(line.c.step, line.c.signer)
        .join(meeting, meeting.c.review_route_id == line.c.review_route_id)
        .join(item, item.c.meeting_id == meeting.c.id)
        .where(
            item.c.id == row.proposal_id,
            or_(line.c.kind == EVERY, line.c.kind == row.kind),
            or_(line.c["items"] == EVERY, line.c["items"] == of_items),
            line.c.signer != _PARTNERS,
            ~_is_somebody(line.c.signer, row, item.c, sender),
            ~_is_somebody(line.c.recorder, row, item.c),
        )
        .order_by(line.c.position)
    )
    return query.correlate_except(line, meeting, item)


def _is_somebody(
    role: ColumnElement[Any], row: Columns, item: Columns, sender: Actor | None = None
) -> ColumnElement[bool]:
    """An account in use has the role: of the office, the item's own supervisor, or of the reply's unit, where it is
    not that of the ``sender`` (authors.py)."""
    person = models.alias_of("users", "somebody")
    is_another: ColumnElement[bool] = true()
    if sender is not None and sender.role in UNITS:
        is_another = or_(person.c.id != sender.user_id, route_asks(row, "own_drafts"))
    is_his = case(
        (role == OFFICE, person.c.role == OFFICE),
        (role == SUPERVISOR, person.c.id == item.supervisor_id),
        else_=and_(person.c.role == role, person.c.unit_id == row.unit_id, is_another),
    )
    found = select(person.c.id).where(person.c.is_active, is_his).correlate_except(person)
    return exists(found)


EVERY_STEP_HAS_SOMEBODY = Need(
    _every_step_has_somebody,
    "这几步现在没有人能办：{steps}。请先请交办督查定督办领导、系统管理员给单位开用户，不然送审后会停在那里。",
    names={"steps": _tell_steps_of_nobody},
)
