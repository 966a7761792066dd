"""转为建议: a 现场意见 becomes an item of its meeting (S4), and is one no more as long as nobody has worked on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from domain import models
from domain.access.rule import Columns, everything
from domain.actors import OFFICE
from domain.lifecycle.acts.act import Act, Answer, Asking, Doing
from domain.lifecycle.acts.conditions import every, has, lacks
from domain.lifecycle.acts.items.onsite import TABLE
from domain.saving.hanging import hung_on
from domain.schema.states import ItemState, SponsorRole
from domain.storing.session import ActorSession

_OFFICE = {OFFICE: everything}
_DURING, _BETWEEN = "会议期间", "闭会期间"


def _convert(doing: Doing) -> None:
    """An item with what the opinion says, and its deputy as the first to have signed."""
    told, session = doing.answers, doing.session
    for row in doing.rows:
        item = models.Proposal(
            meeting_id=row.meeting_id,
            kind=told["kind"],
            number=told["number"],
            title=told["title"],
            body=row.summary,
            content_category_id=row.content_category_id,
            source=_when(row.collected_on, row.meeting.closed_on),
            submitted_on=row.collected_on,
            registered_on=doing.asking.today,
        )
        session.add(item)
        session.flush()
        if row.deputy_id:
            words = {"deputy_id": row.deputy_id, "role": SponsorRole.LEADS}
            session.add(models.Sponsor(proposal_id=item.id, **words))
        row.proposal_id = item.id


def _new_item(session: ActorSession, opinion_id: int) -> tuple[str, int] | None:
    """The item that was made of an opinion."""
    key = session.scalar(select(models.OnsiteOpinion.proposal_id).filter_by(id=opinion_id))
    return None if key is None else ("proposals", key)


def _when(collected_on: date, closed_on: date | None) -> str:
    return _BETWEEN if closed_on and collected_on > closed_on else _DURING


def _unconvert(doing: Doing) -> None:
    """The item goes with its signature: nobody has done anything with it."""
    for row in doing.rows:
        item, row.proposal_id = doing.session.get_one(models.Proposal, row.proposal_id), None
        doing.session.flush()
        doing.session.delete(item)


def _item_is_untouched(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The item that was made of it is registered, and nothing was hung on it but its signatures."""
    item, other = (models.alias_of("proposals", name) for name in ("made_item", "later_item"))
    links = [
        (models.alias_of(name, f"made_{name}").c[column])
        for name, column in hung_on("proposals")
        if name not in ("sponsors", TABLE)
    ]
    follows = or_(other.c.merged_into_id == item.c.id, other.c.carried_from_id == item.c.id)
    return exists().where(
        item.c.id == row.proposal_id,
        item.c.state == ItemState.REGISTERED,
        ~exists().where(follows),
        *(~exists().where(link == item.c.id) for link in links),
    )


def _unfit_number(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """A number that the meeting has already."""
    item = models.table_of("proposals")
    known = {item.c.kind: told["kind"], item.c.number: told["number"]}
    taken = select(item.c.meeting_id).where(*(column == said for column, said in known.items()))
    meetings = set(session.unchecked_connection().scalars(taken))
    why = "这次会议已有这个类型和案号的件，请换一个案号。"
    return {row.id: why for row in rows if row.meeting_id in meetings}


CONVERT = Act(
    name="make_proposal",
    label="转为建议",
    table=TABLE,
    who=_OFFICE,
    starts=(),
    when=lacks("proposal_id"),
    otherwise="已转为建议提案",
    answers=(
        Answer("kind", "proposals", is_required=True, default="建议"),
        Answer("number", "proposals", is_required=True),
        Answer("title", "proposals", is_required=True, begins="summary"),
    ),
    unfit=_unfit_number,
    write=_convert,
    opens=_new_item,
    says="已转为建议提案",
    in_bulk=False,
    help="登记为这次会议的一件：意见内容作原文，收集日期作提出日期，代表委员作领衔。",
)
UNCONVERT = Act(
    name="unmake_proposal",
    label="撤回转为建议",
    table=TABLE,
    who=_OFFICE,
    starts=(),
    when=every(has("proposal_id"), _item_is_untouched),
    otherwise="没有转为建议提案，或者那一件已经交办、有了记录",
    write=_unconvert,
    says="已撤回转为建议，登记的件已删除",
    tone="danger",
    in_bulk=False,
)
ACTS = (CONVERT, UNCONVERT)
