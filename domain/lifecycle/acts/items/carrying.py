"""跨年度接续: what was promised and is not done goes on in the next year, with somebody who tracks it (S1).

The item begins anew in a later meeting, at the units that answer it; the old one stays as it was answered. What is
decided for a year alone, as 重点 and who supervises it, is decided again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from domain import models
from domain.access.rule import Columns, everything
from domain.actors import OFFICE
from domain.dues.under_way import is_answering
from domain.lifecycle.acts.act import Act, Answer, Asking, Doing
from domain.lifecycle.acts.conditions import every, negated, nothing_hangs_on
from domain.lifecycle.acts.items.assigning import HOW, Beginning, begin_tasks, unfit_days
from domain.lifecycle.last_answers import promises_still, promising_tasks
from domain.saving.hanging import hung_on
from domain.schema.states import ENDED, ItemState, PromiseState, TaskState
from domain.storing.session import ActorSession

_OFFICE, _LABEL = {OFFICE: everything}, "跨年度接续"
_ONCE_ANSWERED = (
    ItemState.HANDED_OVER,
    ItemState.HANDLING,
    ItemState.REVIEWED,
    ItemState.ANSWERED,
    ItemState.RATED,
    ItemState.REDONE,
    ItemState.CLOSED,
)
_KEPT = (
    "kind",
    "title",
    "content_category_id",
    "area_role",
    "upper_unit",
    "source",
    "submitted_on",
    "delegation",
    "abstract",
    "body",
    "leader",
)
"""What is known of an item whichever year it is handled in."""
_OF_SPONSOR = ("deputy_id", "role", "position", "wants_reply")
_OF_TASK = ("unit_id", "leader", "office", "handler")
_ON, _MOST = "续", 20
_BEGUN_WITH = ("sponsors", "assignments")
"""What a new item is made with."""


def _promises_still(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """A unit that answers the item has promised what it has not called done since; no other item has taken it in."""
    task = models.alias_of("assignments", "promising_task")
    promised = exists().where(
        task.c.proposal_id == row.id, is_answering(task.c), promises_still(task.c.id)
    )
    return and_(row.merged_into_id.is_(None), promised)


def is_carried_on(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The item goes on in a later year."""
    heir = models.alias_of("proposals", "carrying_on")
    return exists().where(heir.c.carried_from_id == row.id)


def _would_be_lost(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Its year has gone by, and not all that was promised was entered and kept. Of items of years before the panel
    (历史件) only last year's are asked for."""
    meeting = models.alias_of("meetings", "meeting_gone_by")
    gone_by = exists().where(
        meeting.c.id == row.meeting_id,
        meeting.c.year < asking.today.year,
        or_(~row.is_history, meeting.c.year == asking.today.year - 1),
    )
    tasks = models.alias_of("assignments", "promised_task")
    promised = select(tasks.c.proposal_id).where(
        tasks.c.id.in_(promising_tasks()), is_answering(tasks.c)
    )
    kept = (PromiseState.KEPT, PromiseState.WRITTEN_OFF)
    promise = models.table_of("commitments").c
    is_kept = and_(
        _has_promise(row, promise.state.in_(kept)), ~_has_promise(row, promise.state.not_in(kept))
    )
    return and_(row.id.in_(promised), gone_by, ~is_kept)


def _has_promise(row: Columns, which: ColumnElement[bool]) -> ColumnElement[bool]:
    task, promise = models.table_of("assignments").c, models.table_of("commitments").c
    return exists().where(
        task.proposal_id == row.id,
        task.state.not_in(ENDED),
        promise.assignment_id == task.id,
        which,
    )


def _carry_on(doing: Doing) -> None:
    items = list(_heirs(doing))
    doing.session.add_all(items)
    doing.session.flush()
    old_ids = [item.id for item in doing.rows]
    heirs = {item.carried_from_id: item.id for item in items}
    sponsor, task, unit = models.Sponsor, models.Assignment, models.Unit
    for (row,) in doing.among(select(sponsor), sponsor.proposal_id, old_ids):
        known = {name: getattr(row, name) for name in _OF_SPONSOR}
        doing.session.add(models.Sponsor(proposal_id=heirs[row.proposal_id], **known))
    answering = select(task).join(unit, unit.id == task.unit_id)
    answering = answering.where(is_answering(task), unit.is_active).order_by(task.id)
    found = list(doing.among(answering, task.proposal_id, old_ids))
    begin_tasks(
        doing,
        [
            Beginning(
                heirs[row.proposal_id],
                row.role,
                more={name: getattr(row, name) for name in _OF_TASK},
            )
            for (row,) in found
        ],
    )


def _heirs(doing: Doing) -> Iterator[Any]:
    """The new items, one for each old one."""
    told, taken = doing.answers, _taken_numbers(doing)
    for item in doing.rows:
        number = next(n for n in _numbers(item.number) if n not in taken[item.kind])
        taken[item.kind].add(number)
        yield models.Proposal(
            meeting_id=told["meeting_id"],
            number=number,
            registered_on=doing.asking.today,
            handed_over_on=told["handed_over_on"],
            carried_from_id=item.id,
            tracker=told["tracker"],
            **{name: getattr(item, name) for name in _KEPT},
        )


def _numbers(number: str) -> Iterator[str]:
    """What an item may be numbered in a later year: as it was, or so that one sees that it goes on."""
    yield number
    yield f"{number}{_ON}"
    yield from (f"{number}{_ON}{n}" for n in range(2, _MOST))


def _taken_numbers(doing: Doing) -> dict[str, set[str]]:
    """By kind the numbers, of those that may be given, that the meeting has already."""
    item, taken = models.Proposal, defaultdict[str, set[str]](set)
    asked = [number for row in doing.rows for number in _numbers(row.number)]
    here = select(item.kind, item.number).where(item.meeting_id == doing.answers["meeting_id"])
    for kind, number in doing.among(here, item.number, asked):
        taken[kind].add(number)
    return taken


_days_unfit = unfit_days(lambda item: item)


def _unfit(session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]) -> dict[int, str]:
    """An item goes on in a later meeting of the body to which it was put."""
    chosen = session.get(models.Meeting, told["meeting_id"])
    meeting = models.Meeting
    used = {row.meeting_id for row in rows}
    query = select(meeting.id, meeting.body, meeting.level, meeting.year)
    known = {row.id: row for row in session.execute(query.where(meeting.id.in_(used)))}
    found = dict(_days_unfit(session, rows, told))
    for row in rows:
        old = known.get(row.meeting_id)
        if chosen is None or old is None or (chosen.body, chosen.level) != (old.body, old.level):
            found[row.id] = "要接续到同一级、同一机构（人大或政协）的会议。"
        elif chosen.year <= old.year:
            found[row.id] = f"要接续到以后年度的会议，{chosen} 是 {chosen.year} 年的。"
    return found


def _is_untouched(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The item that carries it on was made by the act, and nobody has done anything with it."""
    heir = models.alias_of("proposals", "untouched_heir")
    task = models.alias_of("assignments", "task_of_heir")
    log = models.alias_of("change_log", "making_of_heir")
    merged = models.alias_of("proposals", "merged_into_heir")
    is_worked_on = exists().where(
        task.c.proposal_id == heir.c.id,
        or_(task.c.state != TaskState.UNSIGNED, ~nothing_hangs_on(asking, task.c)),
    )
    hanging = (
        models.alias_of(name, f"heir_{name}").c[column]
        for name, column in hung_on("proposals")
        if name not in _BEGUN_WITH
    )
    is_made = exists().where(
        log.c.table_name == "proposals",
        log.c.row_id == heir.c.id,
        log.c.act.startswith(_LABEL),
    )
    return exists().where(
        heir.c.carried_from_id == row.id,
        is_made,
        ~is_worked_on,
        heir.c.state.in_((ItemState.REGISTERED, ItemState.HANDED_OVER)),
        ~exists().where(merged.c.merged_into_id == heir.c.id),
        *(~exists().where(link == heir.c.id) for link in hanging),
    )


def _undo(doing: Doing) -> None:
    heir, task = models.Proposal, models.Assignment
    old_ids = [item.id for item in doing.rows]
    heirs = [row for (row,) in doing.among(select(heir), heir.carried_from_id, old_ids)]
    for (row,) in list(doing.among(select(task), task.proposal_id, [item.id for item in heirs])):
        doing.session.delete(row)
    doing.session.flush()
    for row in heirs:
        doing.session.delete(row)


CARRY = Act(
    name="carry_on",
    label=_LABEL,
    table="proposals",
    who=_OFFICE,
    starts=_ONCE_ANSWERED,
    when=every(_promises_still, negated(is_carried_on)),
    otherwise="最近一次答复不是要回头看的类别，或者已经接续、并案",
    answers=(
        Answer("meeting_id", is_required=True, label="接续到", help="以后年度的会议。"),
        Answer("tracker", is_required=True),
        *HOW,
    ),
    unfit=_unfit,
    write=_carry_on,
    says="已接续，并交办给原来的主办、分办单位",
    todo="待接续的跨年度件",
    owed=_would_be_lost,
    is_dated=False,
    help="在以后年度的会议里登记一件接着办，标题、提出人等照原件；案号已经有了的，后面加“续”。原件和答复不变；"
    "单位已停用的，请再交办。",
)
UNDO = Act(
    name="undo_carry",
    label="取消接续",
    table="proposals",
    who=_OFFICE,
    starts=_ONCE_ANSWERED,
    when=_is_untouched,
    otherwise="没有用“跨年度接续”登记过，或者接续的件已经在办",
    write=_undo,
    says="已取消接续，接续的件已去掉",
    tone="danger",
    in_bulk=False,
)
ACTS = (CARRY, UNDO)
