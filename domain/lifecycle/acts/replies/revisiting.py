"""再梳理: towards the end of October every answer of the year is looked at once more (S0 §六).

Where nothing has changed, the unit says so; where the letter has, it answers anew, in the next round (S0 附件1, 附件2).
The old answer stays as it was given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from domain import models
from domain.access.criteria import of_own_assignment
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.dues.deadlines import REVIEW
from domain.lifecycle.acts.act import AS_IT_IS, Act, Answer, Asking, Doing
from domain.lifecycle.acts.conditions import by_oneself, every
from domain.schema.states import ENDED, ReplyKind, ReplyState, Revisit
from domain.storing.session import ActorSession

_UNITS = {LIAISON: of_own_assignment, OFFICE: everything}
_BEFORE = timedelta(days=30)
"""So long before it is due it waits for the unit."""


def _is_last_answer(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The answer of the last round to a task at work, of an item that is neither withdrawn, merged, written off nor of
    a year gone by."""
    later = models.alias_of("replies", "later_round")
    is_replaced = exists().where(
        later.c.assignment_id == row.assignment_id,
        later.c.kind == row.kind,
        later.c.round > row.round,
    )
    task, item = (models.alias_of(n, f"revisited_{n}") for n in ("assignments", "proposals"))
    is_held = exists().where(
        task.c.id == row.assignment_id,
        task.c.state.not_in(ENDED),
        item.c.id == task.c.proposal_id,
        item.c.withdrawn_on.is_(None),
        item.c.merged_into_id.is_(None),
        item.c.written_off_on.is_(None),
        ~item.c.is_history,
    )
    return and_(row.kind == ReplyKind.ANSWER, ~is_replaced, is_held)


def _is_not_revisited(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Nobody has said what has become of it; nor is there a new round of it where its letter was to change."""
    return or_(row.revisit_result.is_(None), row.revisit_result == Revisit.CHANGED)


def _is_time(asking: Asking, row: Columns) -> ColumnElement[bool]:
    line = models.alias_of("deadlines", "revisited_by")
    due = select(line.c.assignment_id).where(
        line.c.milestone == REVIEW,
        line.c.done_on.is_(None),
        line.c.due_on <= asking.today + _BEFORE,
    )
    return row.assignment_id.in_(due)


def _is_not_built_on(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """It was revisited, and nobody has written anything into the new round."""
    later, file = models.alias_of("replies", "new_round"), models.table_of("attachments")
    step = models.table_of("review_steps")
    is_untouched = and_(
        later.c.state == ReplyState.DRAFT,
        later.c.body == "",
        ~exists().where(file.c.reply_id == later.c.id),
        ~exists().where(step.c.reply_id == later.c.id),
    )
    built_on = exists().where(
        later.c.assignment_id == row.assignment_id,
        later.c.kind == row.kind,
        later.c.round > row.round,
        ~is_untouched,
    )
    return and_(row.revisited_on.is_not(None), ~built_on)


def _note(doing: Doing, reply: Any, result: str, reason: str = "") -> None:
    reply.revisited_on, reply.revisited_by_id = doing.asking.today, doing.person
    reply.revisit_result, reply.revisit_reason = result, reason


def _confirm(doing: Doing) -> None:
    for reply in doing.rows:
        _note(doing, reply, Revisit.CONFIRMED)


def _change(doing: Doing) -> None:
    """The next round begins with the new letter and what stays the same of the old answer."""
    told = doing.answers
    for reply in doing.rows:
        _note(doing, reply, Revisit.CHANGED, told["revisit_reason"])
        kept = ("assignment_id", "kind", "title", "signer", "contact_name", "contact_phone")
        doing.session.add(
            models.Reply(
                round=reply.round + 1,
                answer_category_id=told["answer_category_id"],
                drafted_on=doing.asking.today,
                drafter=reply.drafter,
                **{name: getattr(reply, name) for name in kept},
            )
        )


def _undo(doing: Doing) -> None:
    """The round that was begun goes with it: nobody has written anything into it."""
    reply, revisited = models.Reply, {reply.assignment_id: reply for reply in doing.rows}
    answers = select(reply).where(reply.kind == ReplyKind.ANSWER)
    for (draft,) in list(doing.among(answers, reply.assignment_id, list(revisited))):
        if draft.round > revisited[draft.assignment_id].round:
            doing.session.delete(draft)
    for reply in doing.rows:
        reply.revisited_on = reply.revisited_by_id = reply.revisit_result = None
        reply.revisit_reason = ""


def _unfit_letter(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    same = [row.id for row in rows if row.answer_category_id == told.get("answer_category_id")]
    return dict.fromkeys(same, "类别和原来的一样：没有变的，请用“确认类别”。")


CONFIRM = Act(
    name="confirm_letter",
    label="确认类别",
    table="replies",
    who=_UNITS,
    starts=(ReplyState.ISSUED,),
    when=every(_is_last_answer, _is_not_revisited),
    otherwise="已经再梳理过、有了新的一轮，或者任务、本件已经结束",
    write=_confirm,
    says="已确认类别",
    todo="待再梳理",
    todo_of=(LIAISON,),
    owed=_is_time,
    help="推进落实没有重大变化，答复类别照旧的，确认一下；有变化的，用“改变类别”。",
)
CHANGE = Act(
    name="change_letter",
    label="改变类别",
    table="replies",
    who=_UNITS,
    starts=(ReplyState.ISSUED,),
    when=every(_is_last_answer, _is_not_revisited),
    otherwise="已经再梳理过、有了新的一轮，或者任务、本件已经结束",
    answers=(
        Answer("answer_category_id", is_required=True, begins=AS_IT_IS),
        Answer("revisit_reason", is_required=True),
    ),
    unfit=_unfit_letter,
    write=_change,
    says="已改变类别，请写新的一轮答复，再送审",
    in_bulk=False,
    help="推进落实有重大变化、答复类别变了的，重新答复代表委员：按新的类别拟新的一轮，原来的答复保留。",
)
UNDO = Act(
    name="undo_revisit",
    label="撤回再梳理",
    table="replies",
    who=_UNITS,
    starts=(ReplyState.ISSUED,),
    when=every(_is_not_built_on, by_oneself("revisited_by_id")),
    otherwise="不是您再梳理的，或者新的一轮已经在写",
    write=_undo,
    says="已撤回再梳理",
    help="改变类别时拟的新一轮，还没有写的，一并去掉。",
)
ACTS = (CONFIRM, CHANGE, UNDO)
