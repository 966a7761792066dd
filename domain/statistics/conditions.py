"""Named conditions: what can be asked of a row that none of its columns holds, as 已按期 or 末次评价.

Each is SQL on the rows of its table. What hangs on a row is asked of the mapped classes, so that the session's scope
follows there: whether a task was met about is what the reader sees of its ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from domain import models
from domain.dues.deadlines import CLOSE, OPINION, REDO, REPLY
from domain.schema.states import ENDED, Rating, ReplyKind, ReplyState

Holds = Callable[[Any, date], ColumnElement[bool]]


@dataclass(frozen=True)
class NamedCondition:
    """A condition on the rows of a table, with its label and a sentence. ``reads``: the columns that it looks at."""

    name: str
    label: str
    table: str
    about: str
    holds: Holds
    reads: str
    source: str = ""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Table and column of what it looks at."""
        return tuple(
            (table, name) for table, _, name in (r.partition(".") for r in self.reads.split())
        )


def _counts(task: Any, today: date) -> ColumnElement[bool]:
    return and_(task.state.not_in(ENDED), _is_not_of_items(task, _is_gone))


def _is_gone(item: Any) -> ColumnElement[bool]:
    return or_(item.withdrawn_on.is_not(None), item.merged_into_id.is_not(None))


def _is_not_of_items(task: Any, are: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Those are few: gathered once, they are left out sooner than the item of every task is looked up."""
    item = aliased(models.Proposal)
    found: ColumnElement[bool] = task.proposal_id.not_in(select(item.id).where(are(item)))
    return found


def _is_to_answer(task: Any, today: date) -> ColumnElement[bool]:
    is_recent = _is_not_of_items(task, lambda item: item.is_history)
    return and_(_counts(task, today), is_recent)


def _is_answered(task: Any, today: date) -> ColumnElement[bool]:
    reply = aliased(models.Reply)
    issued = select(reply.id).where(
        reply.assignment_id == task.id,
        reply.state == ReplyState.ISSUED,
        reply.kind.in_((ReplyKind.ANSWER, ReplyKind.OPINION)),
    )
    return issued.exists()


def _has_line(task: Any, *conditions: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    line = aliased(models.Deadline)
    query = select(line.id).where(line.assignment_id == task.id)
    return query.where(*(condition(line) for condition in conditions)).exists()


def _is_of_answer(line: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = line.milestone.in_((REPLY, OPINION))
    return found


def _has_come_due(task: Any, today: date) -> ColumnElement[bool]:
    return _has_line(
        task, _is_of_answer, lambda line: or_(line.done_on.is_not(None), line.due_on < today)
    )


def _is_on_time(task: Any, today: date) -> ColumnElement[bool]:
    return _has_line(task, _is_of_answer, lambda line: line.done_on <= line.due_on)


def _is_late(task: Any, today: date) -> ColumnElement[bool]:
    item = aliased(models.Proposal)
    is_open = select(item.id).where(
        item.id == task.proposal_id, item.closed_on.is_(None), ~item.is_history
    )
    line = aliased(models.Deadline)  # begun with: what is late is few, and has an index
    late = select(line.assignment_id).where(
        line.done_on.is_(None), line.due_on < today, line.milestone.in_((REPLY, REDO, CLOSE))
    )
    return and_(task.id.in_(late), is_open.exists())


def _is_to_meet(task: Any, today: date) -> ColumnElement[bool]:
    item = aliased(models.Proposal)
    is_key = select(item.id).where(item.id == task.proposal_id, item.key_kind.is_not(None))
    return is_key.exists()


def _is_met(task: Any, today: date) -> ColumnElement[bool]:
    entry = aliased(models.LedgerEntry)
    met = select(entry.id).where(entry.assignment_id == task.id, entry.is_face_to_face)
    return met.exists()


def _is_consulted(task: Any, today: date) -> ColumnElement[bool]:
    entry = aliased(models.LedgerEntry)
    asked = select(entry.id).where(
        entry.assignment_id == task.id,
        or_(entry.is_face_to_face, entry.activity == "联系代表委员"),
    )
    return asked.exists()


def _answers_of(task: Any, reply: Any, category: Any) -> Any:
    """The issued answers to a task with their categories, those of a year later too."""
    return (
        select(reply.id)
        .join(category, category.id == reply.answer_category_id)
        .where(
            reply.assignment_id == task.id,
            reply.state == ReplyState.ISSUED,
            reply.kind != ReplyKind.OPINION,
        )
    )


def _has_promised(task: Any, today: date) -> ColumnElement[bool]:
    reply, category = aliased(models.Reply), aliased(models.AnswerCategory)
    found: ColumnElement[bool] = (
        _answers_of(task, reply, category).where(category.is_promise).exists()
    )
    return found


def _has_solved_what_it_promised(task: Any, today: date) -> ColumnElement[bool]:
    first, promise = aliased(models.Reply), aliased(models.AnswerCategory)
    later, category = aliased(models.Reply), aliased(models.AnswerCategory)
    solved = (
        _answers_of(task, first, promise)
        .where(promise.is_promise)
        .join(later, later.assignment_id == first.assignment_id)
        .join(category, category.id == later.answer_category_id)
        .where(
            later.state == ReplyState.ISSUED,
            later.kind != ReplyKind.OPINION,
            category.is_solved,
            _comes_after(later, first, "issued_on"),
        )
    )
    found: ColumnElement[bool] = solved.exists()
    return found


def _comes_after(later: Any, first: Any, day: str) -> ColumnElement[bool]:
    """By their days; of one day the one that was entered later."""
    then, before = getattr(later, day), getattr(first, day)
    return or_(then > before, and_(then == before, later.id > first.id))


def _is_last_answer(reply: Any, today: date) -> ColumnElement[bool]:
    later = aliased(models.Reply)
    newer = select(later.id).where(
        later.assignment_id == reply.assignment_id,
        later.kind == ReplyKind.ANSWER,
        later.state == ReplyState.ISSUED,
        later.round > reply.round,
    )
    is_answer = and_(reply.kind == ReplyKind.ANSWER, reply.state == ReplyState.ISSUED)
    return and_(is_answer, ~newer.exists())


def _is_last_round(reply: Any, today: date) -> ColumnElement[bool]:
    later = aliased(models.Reply)
    newer = select(later.id).where(
        later.assignment_id == reply.assignment_id,
        later.kind == reply.kind,
        later.round > reply.round,
    )
    return ~newer.exists()


def _is_last_report(report: Any, today: date) -> ColumnElement[bool]:
    later = aliased(models.UnitReport)
    newer = select(later.id).where(later.unit_id == report.unit_id, later.year > report.year)
    return ~newer.exists()


def _is_of(reply: Any, *flags: str) -> ColumnElement[bool]:
    category = aliased(models.AnswerCategory)
    is_one = or_(*(getattr(category, flag) for flag in flags))
    return select(category.id).where(category.id == reply.answer_category_id, is_one).exists()


def _rated_beside(feedback: Any, is_beside: Callable[[Any], ColumnElement[bool]]) -> Any:
    """Another rating of the same person for the same task that says something."""
    here, there, other = aliased(models.Reply), aliased(models.Reply), aliased(models.Feedback)
    return (
        select(other.id)
        .join(there, there.id == other.reply_id)
        .join(here, here.assignment_id == there.assignment_id)
        .where(
            here.id == feedback.reply_id,
            other.deputy_id == feedback.deputy_id,
            other.result_rating != Rating.SILENT,
            is_beside(other),
        )
    )


def _is_first_rating(feedback: Any, today: date) -> ColumnElement[bool]:
    earlier = _rated_beside(feedback, lambda other: _comes_after(feedback, other, "received_on"))
    return and_(feedback.result_rating != Rating.SILENT, ~earlier.exists())


def _is_last_rating(feedback: Any, today: date) -> ColumnElement[bool]:
    later = _rated_beside(feedback, lambda other: _comes_after(other, feedback, "received_on"))
    return and_(feedback.result_rating != Rating.SILENT, ~later.exists())


def _has_come_back(delivery: Any, today: date) -> ColumnElement[bool]:
    feedback = aliased(models.Feedback)
    returned = select(feedback.id).where(
        feedback.reply_id == delivery.reply_id, feedback.deputy_id == delivery.deputy_id
    )
    return returned.exists()


def _is_by_people(entry: Any, today: date) -> ColumnElement[bool]:
    return and_(entry.user_id.is_not(None), entry.part_of_id.is_(None))


_ITEM = "assignments.state proposals.withdrawn_on proposals.merged_into_id"
_LINE = "deadlines.milestone deadlines.due_on deadlines.done_on"
_ANSWER = "replies.state replies.kind"
_RATING = "feedbacks.result_rating feedbacks.received_on"

_ALL = (
    NamedCondition(
        "counts", "计入统计", "assignments",
        "没有退办、撤办，所办的件没有撤回，也没有并入别的件", _counts, _ITEM,
    ),
    NamedCondition(
        "to_answer", "应办复", "assignments",
        "计入统计，不是历史件：要答复，或要送达协办意见", _is_to_answer, f"{_ITEM} proposals.is_history",
    ),
    NamedCondition(
        "answered", "已办复", "assignments",
        "已有正式答复，或已送达协办意见", _is_answered, _ANSWER,
    ),
    NamedCondition(
        "come_due", "应按期办复", "assignments",
        "答复或协办意见的时限已过，或者已经办复；时限还没有到、也没有办复的不算", _has_come_due, _LINE,
    ),
    NamedCondition(
        "on_time", "已按期", "assignments",
        "答复或协办意见在时限当天或以前办完；延期的按延到的日期", _is_on_time, _LINE,
    ),
    NamedCondition(
        "late", "逾期未办结", "assignments",
        "件还没有办结，答复、重新办理或办结的时限已过而没有完成", _is_late,
        f"{_LINE} proposals.closed_on proposals.is_history", "S3",
    ),
    NamedCondition(
        "to_meet", "应面商", "assignments",
        "重点建议和重点提案一律面商：填了重点类别的件", _is_to_meet, "proposals.key_kind", "S0",
    ),
    NamedCondition(
        "met", "已面商", "assignments",
        "办理台账里有一次面商", _is_met, "ledger_entries.is_face_to_face", "S0",
    ),
    NamedCondition(
        "consulted", "已协商", "assignments",
        "办理台账里联系过代表委员，或面商过", _is_consulted,
        "ledger_entries.is_face_to_face ledger_entries.activity", "S0",
    ),
    NamedCondition(
        "promised", "需回头看", "assignments",
        "正式答复标过需回头看的类别，如B类", _has_promised, f"{_ANSWER} answer_categories.is_promise",
    ),
    NamedCondition(
        "promise_solved", "回头看已解决", "assignments",
        "标过需回头看的类别，后来的答复改标了算已解决的类别，如A类", _has_solved_what_it_promised,
        f"{_ANSWER} replies.issued_on answer_categories.is_promise answer_categories.is_solved",
    ),
    NamedCondition(
        "last_answer", "末次答复", "replies",
        "已经正式答复，而且没有更晚一轮的正式答复；再次答复不算", _is_last_answer, f"{_ANSWER} replies.round",
    ),
    NamedCondition(
        "last_round", "最近一轮", "replies",
        "这项任务没有更晚一轮的同种答复；拟稿中的也算", _is_last_round, "replies.kind replies.round",
    ),
    NamedCondition(
        "last_report", "最近一年", "unit_reports",
        "这个单位没有更晚年度的总结", _is_last_report, "unit_reports.unit_id unit_reports.year",
    ),
    NamedCondition(
        "solved", "已解决", "replies",
        "答复类别是算已解决的，如A类", lambda reply, today: _is_of(reply, "is_solved"),
        "replies.answer_category_id answer_categories.is_solved",
    ),
    NamedCondition(
        "solved_or_planned", "已解决或计划解决", "replies",
        "答复类别是算已解决的或需回头看的，如A类、B类", lambda reply, today: _is_of(reply, "is_solved", "is_promise"),
        "replies.answer_category_id answer_categories.is_solved answer_categories.is_promise",
    ),
    NamedCondition(
        "first_rating", "初次评价", "feedbacks",
        "这位代表委员对这项任务最早的一次表态；未表态的不算", _is_first_rating, _RATING,
    ),
    NamedCondition(
        "last_rating", "末次评价", "feedbacks",
        "这位代表委员对这项任务最近的一次表态；未表态的不算", _is_last_rating, _RATING,
    ),
    NamedCondition(
        "form_back", "反馈表已收回", "deliveries",
        "这位代表委员对这份答复已有意见反馈", _has_come_back, "feedbacks.deputy_id",
    ),
    NamedCondition(
        "by_people", "人工改动", "change_log",
        "人填表、办理、导入写下的，一次操作一条，一并改动的打开看；程序夜里自己写的不算", _is_by_people,
        "change_log.user_id change_log.part_of_id",
    ),
)  # fmt: skip


@lru_cache(maxsize=500)
def clause_of(condition: NamedCondition, model: Any, today: date) -> ColumnElement[bool]:
    """The condition as SQL on a mapped class. Kept: making aliases takes longer than asking by them."""
    return condition.holds(model, today)


CONDITIONS: Mapping[tuple[str, str], NamedCondition] = {(c.table, c.name): c for c in _ALL}
"""All of them, by table and name."""


def conditions_of(table: str) -> tuple[NamedCondition, ...]:
    """The named conditions on the rows of a table."""
    return tuple(condition for condition in _ALL if condition.table == table)
