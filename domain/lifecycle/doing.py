"""Doing an act: the rows are locked and judged again, the act writes as the program in the person's name, and what
follows from it is written in the same transaction. Twice pressed is done once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from domain import models
from domain.access.rule import NotAllowed
from domain.lifecycle.acts.act import AS_IT_IS, TODAY, Act, Answer, Asking, Doing
from domain.lifecycle.judging import Standing, asking_of, judge
from domain.schema.words import Column
from domain.storing.session import ActorSession, program_for

AT_ONCE = 2000
"""The most rows that one act is done on at once."""
_BACKFILLED = "（补录）"


@dataclass(frozen=True)
class PassedOver:
    """A row on which the act was not done, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """On how many rows an act was done, by their names, and which were passed over."""

    done: tuple[str, ...]
    passed_over: tuple[PassedOver, ...]


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
    )


def first_answer(answer: Answer, row: Any | None, today: date) -> Any:
    """What stands in an answer at first; ``row`` is the act's one row, None for several."""
    if answer.begins == TODAY:
        return today
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
        if is_wanted and answers.get(answer.column, answer.default) in blank:
            found[answer.column] = f"请填写{column_asked(act, answer).label}。"
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
    with program_for(session) as inner:
        inner.info["act"] = act.label + (_BACKFILLED if _is_backfilled(act, asking, told) else "")
        rows = _locked(inner, act, keys)
        standings = judge(session, (act,), keys)
        ready, passed_over = _parted(session, act, rows, standings, told)
        names = tuple(str(row) for row in ready)
        if ready:
            act.write(Doing(inner, asking, session.now(), ready, _of_row(act, told, ready)))
        inner.commit()
    session.expire_all()
    return Outcome(names, passed_over)


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


def _is_backfilled(act: Act, asking: Asking, told: Mapping[str, Any]) -> bool:
    """Whether the act tells of a day gone by: it is entered afterwards."""
    for answer in act.answers:
        column, day = column_asked(act, answer), told.get(answer.column)
        day = day.date() if isinstance(day, datetime) else day
        if column.has_happened and isinstance(day, date) and day < asking.today:
            return True
    return False


def _locked(inner: ActorSession, act: Act, keys: Sequence[int]) -> list[Any]:
    """The rows, held until the transaction ends: of two who press, the second sees what the first has done."""
    model = models.by_table[act.table]
    query = select(model).where(model.id.in_(keys)).options(*models.name_options(model))
    return list(inner.scalars(query.order_by(model.id).with_for_update(of=model)))


def _parted(
    session: ActorSession,
    act: Act,
    rows: Sequence[Any],
    standings: Mapping[int, Mapping[str, Standing]],
    told: Mapping[str, Any],
) -> tuple[list[Any], tuple[PassedOver, ...]]:
    ready, passed_over = [], []
    for row in rows:
        standing = standings[row.id][act.name]
        missing = [n for n in standing.missing if not (n.unless and told.get(n.unless))]
        if standing.is_open and not missing:
            ready.append(row)
        elif standing.is_open:
            why = "".join(need.said_of(session, row) for need in missing)
            passed_over.append(PassedOver(str(row), why))
        else:
            passed_over.append(PassedOver(str(row), why_closed(session, act, row)))
    return ready, tuple(passed_over)


def why_closed(session: ActorSession, act: Act, row: Any) -> str:
    """Why an act is not open for a row: who was there first and when, or what state the row is in."""
    log = models.ChangeLog
    last = (
        select(log.actor_name, log.happened_at, log.act)
        .where(log.table_name == act.table, log.row_id == row.id, log.act != "")
        .order_by(log.id.desc())
        .limit(1)
    )
    found = session.unchecked_connection().execute(last).one_or_none()
    column, state = row.words.columns[act.state], getattr(row, act.state)
    now = f"{column.label}是“{state}”"
    if state in act.starts and act.otherwise:
        now = act.otherwise
    if found is None:
        return f"{now}，不能{act.label}。"
    return f"{found.actor_name}已于 {found.happened_at:%Y-%m-%d %H:%M} {found.act}，现在{now}。"
