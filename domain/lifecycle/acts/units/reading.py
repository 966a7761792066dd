"""已阅: who was told of something says that he has read it; when stands beside the message, by his name."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from domain.access.criteria import to_self
from domain.access.rule import Columns
from domain.actors import LEADER, LIAISON, OFFICE
from domain.lifecycle.acts.act import Act, Asking, Doing
from domain.messages.telling import URGED


def _is_unread(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.read_at.is_(None)


def _read(doing: Doing) -> None:
    for message in doing.rows:
        message.read_at = doing.now


def _has_no_place_of_its_own(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """What is urged is read as 收到的催办, once for the whole unit."""
    return and_(row.kind != URGED)


READ = Act(
    name="read_message",
    label="已阅",
    table="messages",
    who={LIAISON: to_self, LEADER: to_self, OFFICE: to_self},
    starts=(),
    when=_is_unread,
    otherwise="不是给您的，或者您已经看过",
    write=_read,
    says="已阅",
    todo="收到的消息",
    owed=_has_no_place_of_its_own,
    is_dated=False,
    tone="first",
)
ACTS = (READ,)
