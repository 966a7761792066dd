"""并案: items of one content are handled as one (S0 §六, 48). A merged item is handled with its main item and follows
its state; its own tasks end, and whoever signed it first is owed the main item's answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from domain import models
from domain.access.rule import Columns, NotAllowed, everything
from domain.actors import OFFICE
from domain.lifecycle.acts.act import Act, Answer, Asking, Doing
from domain.lifecycle.acts.conditions import every, is_open, negated
from domain.lifecycle.acts.items.assigning import end_tasks
from domain.schema.states import DRAFTS, ENDED, Ending, ItemState
from domain.storing.session import ActorSession


def takes_others_in(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Other items are merged into this one."""
    other = models.alias_of("proposals", "taken_in")
    return exists().where(other.c.merged_into_id == row.id)


def is_merged(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The item is handled with another."""
    return row.merged_into_id.is_not(None)


def _nothing_is_sent(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """No unit has sent anything on the item for review or further."""
    reply = models.alias_of("replies", "sent_on")
    return ~exists().where(reply.c.proposal_id == row.id, reply.c.state.not_in(DRAFTS))


def _unfit_for_main(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """Which items cannot be merged into the chosen one, and why."""
    main = session.get(models.Proposal, told["merged_into_id"])
    if main is None:
        return dict.fromkeys((row.id for row in rows), "所选的主案不存在。")
    if why := _why_no_main(main):
        return dict.fromkeys((row.id for row in rows), why)
    unfit = dict[int, str]()
    for row in rows:
        if row.id == main.id:
            unfit[row.id] = "这是所选的主案自己，别的件并入它。"
        elif row.meeting_id != main.meeting_id:
            unfit[row.id] = f"主案要是同一次会议的件，{main} 是另一次会议的。"
    return unfit


def _why_no_main(main: Any) -> str:
    """What keeps an item from taking others in; "" where nothing does."""
    if main.merged_into_id is not None:
        return f"{main} 自己已经并入别的件，请并入它的主案。"
    if main.withdrawn_on or main.closed_on or main.is_history:
        return f"{main} 已经{main.state}，不能再并入。"
    return ""


def _merge(doing: Doing) -> None:
    """The items' own tasks end: who answers is a matter of the main item."""
    chosen = doing.answers["merged_into_id"]
    main = doing.session.get_one(models.Proposal, chosen, with_for_update=True)
    if why := _why_no_main(main):  # whoever held it meanwhile has changed it
        raise NotAllowed(why)
    task = models.Assignment
    at_work = select(task).where(task.state.not_in(ENDED)).options(*models.name_options(task))
    held = doing.among(at_work, task.proposal_id, [item.id for item in doing.rows])
    tasks = [row for (row,) in held]
    end_tasks(doing, tasks, Ending.TAKEN_BACK, f"并入{main}"[:300])
    for item in doing.rows:
        item.merged_into_id = main.id


def _split(doing: Doing) -> None:
    for item in doing.rows:
        item.merged_into_id = None


MERGE = Act(
    name="merge",
    label="并案",
    table="proposals",
    who={OFFICE: everything},
    starts=(ItemState.REGISTERED, ItemState.HANDED_OVER, ItemState.HANDLING),
    when=every(is_open, negated(takes_others_in), _nothing_is_sent),
    otherwise="已并案、办结或撤回，有别的件并入它，或者已有单位送审",
    answers=(
        Answer("merged_into_id", is_required=True, help="由它一并答复的主案，同一次会议的。"),
    ),
    unfit=_unfit_for_main,
    write=_merge,
    says="已并案",
    help="内容相同的件并入主案办理：原来的任务结束，记录保留；以后随主案的办理状态，答复也寄送它的第一提案人。",
)
SPLIT = Act(
    name="split",
    label="解除并案",
    table="proposals",
    who={OFFICE: everything},
    starts=(
        ItemState.REGISTERED,
        ItemState.HANDED_OVER,
        ItemState.HANDLING,
        ItemState.REVIEWED,
        ItemState.ANSWERED,
        ItemState.RATED,
        ItemState.REDONE,
        ItemState.CLOSED,
        ItemState.WRITTEN_OFF,
    ),
    when=is_merged,
    otherwise="没有并入别的件",
    write=_split,
    says="已解除并案，请重新交办",
)
ACTS = (MERGE, SPLIT)
