"""Doing an act: the rows are locked and judged again, the act writes as the program in the person's name, and what
follows from it is written in the same transaction. Twice pressed is done once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import object_session

from domain import models
from domain.access.rule import NotAllowed
from domain.lifecycle.acts.act import AS_IT_IS, TODAY, Act, Answer, Asking, Doing, Need
from domain.lifecycle.belonging import items_of
from domain.lifecycle.judging import asking_of, judge
from domain.messages.telling import tell_of
from domain.schema.words import Column
from domain.storing import bulk
from domain.storing.session import ActorSession, program_for

ONE_BY_ONE = "“{}”要一条一条地办。"
AT_ONCE = 2000
"""The most rows that one act is done on at once."""
_PORTION = 500
_BACKFILLED = "（补录）"


@dataclass(frozen=True)
class PassedOver:
    """A row on which the act was not done, and why."""

    row_id: int
    name: str
    why: str


@dataclass(frozen=True)
class Minded:
    """A row on which the act is done all the same, and what is to be minded of it."""

    row_id: int
    name: str
    sentence: str


@dataclass(frozen=True)
class Outcome:
    """On how many rows an act was done, by their names, which were passed over, and what is to be minded."""

    done: tuple[str, ...]
    passed_over: tuple[PassedOver, ...]
    minded: tuple[Minded, ...] = ()


def column_asked(act: Act, answer: Answer) -> Column:
    """The column that an answer fills, with its words; whether it must be filled the act says."""
    column = models.schema.tables[answer.table or act.table].columns[answer.column]
    sql_type = "DATE" if answer.is_day else column.sql_type
    return replace(
        column,
        label=answer.label or column.label,
        help=answer.help or column.help,
        is_required=answer.is_required,
        default=None,
        sql_type=sql_type,
        is_carried=False,
        choices=answer.choices or column.choices,
    )


def first_answer(answer: Answer, row: Any | None, today: date) -> Any:
    """What stands in an answer at first; ``row`` is the act's one row, None for several."""
    if answer.begins == TODAY:
        return today
    if answer.begins_from is not None and row is not None:
        session = object_session(row)
        assert isinstance(session, ActorSession)
        return answer.begins_from(session, row)
    if answer.begins and row is not None:
        name = answer.column if answer.begins == AS_IT_IS else answer.begins
        return getattr(row, name)
    return answer.default


def faults_of(act: Act, asking: Asking, answers: Mapping[str, Any]) -> dict[str, str]:
    """The answers that are missing, each with its sentence."""
    found, blank = {}, (None, "")
    for answer in act.asked_of(asking.actor):
        is_wanted = answer.is_required and not answer.begins
        is_wanted |= answers.get(answer.comes_with) not in blank
        is_wanted |= any(answers.get(name) == word for name, word in answer.comes_where.items())
        said, column = answers.get(answer.column, answer.default), column_asked(act, answer)
        if is_wanted and (said == [] if answer.is_many else said in blank):
            verb = "选" if answer.offers else "填写"
            found[answer.column] = answer.fault or f"请{verb}{column.label}。"
        elif answer.choices and said not in (*blank, *answer.choices):
            found[answer.column] = f"{act.label}的{column.label}只能是{'或'.join(answer.choices)}。"
    return found


def perform(
    session: ActorSession, act: Act, ids: Iterable[int], answers: Mapping[str, Any]
) -> Outcome:
    """Do ``act`` on those of these rows for which it is open and nothing is missing; the others are told why.

    All in the transaction of the person's ``session``, which the caller commits, or rolls back after an error. Raises
    NotAllowed where the act is not for this role, and whatever a save may be refused for.
    """
    asking = asking_of(session)
    if asking.actor.role not in act.who:
        raise NotAllowed(f"您的角色不能{act.label}。")
    keys, told = sorted(set(ids)), _whole_answers(act, asking, answers)
    if len(keys) > 1 and not act.in_bulk:
        raise NotAllowed(ONE_BY_ONE.format(act.label))
    with program_for(session) as inner:
        inner.info["act"] = act.label + (_BACKFILLED if _is_backfilled(act, asking, told) else "")
        rows = _locked(inner, act, keys)
        ready, passed_over = sort_out(session, act, rows, told)
        names, minded = tuple(str(row) for row in ready), to_mind(session, act, ready)
        if ready:
            said, chosen = _of_row(act, told, ready), _chosen(inner, act, ready, told)
            act.write(Doing(inner, asking, session.now(), ready, said, chosen))
            tell_of(inner, act.tells, ready, said)
        inner.commit()
    session.expire_all()
    return Outcome(names, passed_over, minded)


def to_mind(session: ActorSession, act: Act, rows: Sequence[Any]) -> tuple[Minded, ...]:
    """What is to be minded of these rows before the act is done on them, which does not stand in its way."""
    if not act.warns:
        return ()
    standings = judge(session, (act,), [row.id for row in rows])
    return tuple(
        Minded(row.id, str(row), "".join(need.said_of(session, row) for need in needs))
        for row in rows
        if (needs := standings[row.id][act.name].to_mind)
    )


def _whole_answers(act: Act, asking: Asking, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered; of what nobody answered, or was asked, what it begins with whatever the row."""
    whole = dict(answers)
    for answer in act.answers:
        is_open = answer.column not in whole or not answer.is_for(asking.actor)
        if is_open and answer.begins in ("", TODAY):
            whole[answer.column] = first_answer(answer, None, asking.today)
    return whole


def _of_row(act: Act, told: Mapping[str, Any], rows: Sequence[Any]) -> Mapping[str, Any]:
    """The answers; what nobody answered begins with what the one row says."""
    row = rows[0] if len(rows) == 1 else None
    open_answers = (answer for answer in act.answers if answer.column not in told)
    return {**{a.column: first_answer(a, row, date.min) for a in open_answers}, **told}


def _chosen(
    session: ActorSession, act: Act, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[str, dict[int, tuple[int, ...]]]:
    """What is meant, row by row, where several of what is offered may be chosen: what was told, else all."""
    return {
        answer.column: {
            key: tuple(offered) if told.get(answer.column) is None else told[answer.column]
            for key, offered in answer.offers(session, rows).items()
        }
        for answer in act.answers
        if answer.offers and answer.is_many
    }


def _is_backfilled(act: Act, asking: Asking, told: Mapping[str, Any]) -> bool:
    """Whether the act tells of a day gone by: it is entered afterwards."""
    for answer in act.answers:
        day = told.get(answer.column)
        day = day.date() if isinstance(day, datetime) else day
        is_its_day = answer.begins == TODAY or column_asked(act, answer).has_happened
        if is_its_day and isinstance(day, date) and day < asking.today:
            return True
    return False


def _locked(inner: ActorSession, act: Act, keys: Sequence[int]) -> list[Any]:
    """The rows, held until the transaction ends: of two who press, the second sees what the first has done.

    Their items are held first, in the order of their ids: whether an act is open depends on all that an item has.
    """
    model = models.by_table[act.table]
    items = items_of(inner, act.table, bulk.read_rows(inner, model, keys).values())
    bulk.read_rows(inner, models.Proposal, items, lock=True, stays=True)
    query = select(model).where(model.id.in_(keys)).options(*models.name_options(model))
    held = query.order_by(model.id).with_for_update(of=model)
    return list(inner.scalars(held.execution_options(populate_existing=True)))


def sort_out(
    session: ActorSession, act: Act, rows: Sequence[Any], told: Mapping[str, Any] | None = None
) -> tuple[list[Any], tuple[PassedOver, ...]]:
    """Of these rows those on which the act can be done now, and why not on the others; a few questions for all.

    ``told``: the answers; None before they are given, when what an answer may explain is not missing yet.
    """
    standings = judge(session, (act,), [row.id for row in rows])
    unfit = _unfit(session, act, rows, told) if told is not None else {}
    ready, missing, closed = [], [], []
    for row in rows:
        standing = standings[row.id][act.name]
        needs = [need for need in standing.missing if not _is_explained(need, row, told)]
        if row.id in unfit and _is_its_answer(act, row, told):
            missing.append(PassedOver(row.id, str(row), unfit[row.id]))
        elif not standing.is_open:
            closed.append(row)
        elif needs:
            why = "".join(need.said_of(session, row) for need in needs)
            missing.append(PassedOver(row.id, str(row), why))
        elif row.id in unfit:
            missing.append(PassedOver(row.id, str(row), unfit[row.id]))
        else:
            ready.append(row)
    whys = _whys_closed(session, act, closed)
    return ready, (*missing, *(PassedOver(row.id, str(row), whys[row.id]) for row in closed))


def _unfit(
    session: ActorSession, act: Act, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """By row what is wrong with the answers for it: as the act says, or something is chosen that it does not offer."""
    found = dict(act.unfit(session, rows, told)) if act.unfit else {}
    for answer in act.asked_of(session.actor):
        said = told.get(answer.column)
        if answer.offers and said is not None:
            label, keys = column_asked(act, answer).label, said if answer.is_many else [said]
            for key, offered in answer.offers(session, rows).items():
                if not offered.keys() >= set(keys):
                    known = "、".join(offered.values()) or "没有"
                    found.setdefault(key, f"{label}只能从还可以选的里面选：{known}。")
    return found


def _is_its_answer(act: Act, row: Any, told: Mapping[str, Any] | None) -> bool:
    """Whether the row is what an answer names, as the main item among those that are merged into it: whatever else is
    the matter with it, that is why it is passed over."""
    columns = (column_asked(act, answer) for answer in act.answers if not answer.table)
    named = [told.get(c.name) for c in columns if told and c.references == act.table]
    return row.id in named


def _is_explained(need: Need, row: Any, told: Mapping[str, Any] | None) -> bool:
    """Whether an answer, given or to come, or what the row says already explains what is missing."""
    if not need.unless:
        return False
    return told is None or bool(told.get(need.unless) or getattr(row, need.unless))


def _whys_closed(session: ActorSession, act: Act, rows: Sequence[Any]) -> dict[int, str]:
    """By row why an act is not open for it: who was there first and when, and what is the matter now."""
    last = _last_acts(session, act, [row.id for row in rows])
    return {row.id: _why_closed(act, row, last.get(row.id)) for row in rows}


def _last_acts(session: ActorSession, act: Act, ids: Sequence[int]) -> dict[int, Any]:
    """By row the last entry of the log that an act has made, whoever may read the log."""
    log, found = models.table_of("change_log"), dict[int, Any]()
    for start in range(0, len(ids), _PORTION):
        some = log.c.row_id.in_(ids[start : start + _PORTION])
        newest = select(func.max(log.c.id)).where(
            log.c.table_name == act.table, some, log.c.act != ""
        )
        named = select(log.c.row_id, log.c.actor_name, log.c.happened_at, log.c.act)
        query = named.where(log.c.id.in_(newest.group_by(log.c.row_id)))
        found |= {row.row_id: row for row in session.unchecked_connection().execute(query)}
    return found


def _why_closed(act: Act, row: Any, last: Any) -> str:
    state = getattr(row, act.state) if act.starts else ""
    if state in (*act.starts, "") and act.otherwise:
        now = act.otherwise
    else:
        now = f"{row.words.columns[act.state].label}是“{state}”"
    if last is None:
        return f"{now}，不能{act.label}。"
    return f"{last.actor_name}已于 {last.happened_at:%Y-%m-%d %H:%M} {last.act}，现在{now}。"
