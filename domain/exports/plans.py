"""The 分工方案 of one meeting as the office prints it (S0, 附件10, 附件11), in columns that the import understands.

What the acting person may not see is left out: rows by the session, columns by the rules.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from domain import models
from domain.access import scopes
from domain.exports.workbook import ExportSheet, SheetColumn
from domain.schema.states import ENDED, ItemState, SponsorRole, TaskRole
from domain.storing.session import ActorSession

AT_A_TIME = 500
_OWED = ("协办意见", "答复")


@dataclass(frozen=True)
class ReportColumn:
    """A column of the report, and the column of proposals it shows if it shows one.

    With ``is_needed`` it stands only where that is true of some row.
    """

    column: SheetColumn
    value: Callable[[Any], Any]
    source: str = ""
    is_needed: Callable[[Any], bool] | None = None


def plan_sheet(session: ActorSession, meeting: "models.Meeting") -> ExportSheet:
    """The plan of ``meeting``, ordered by number: what units have in hand or is merged; nothing that was withdrawn."""
    ids = _ordered_ids(session, meeting)
    columns = _columns(session, meeting, ids)
    return ExportSheet(
        name="分工方案",
        title=_title(session, meeting),
        notes=_notes(session, meeting, len(ids)),
        columns=[SheetColumn("序号", "place", 6), *(c.column for c in columns)],
        rows=_rows(session, ids, columns),
        made_at=session.now(),
        author=session.actor.name,
    )


def _ordered_ids(session: ActorSession, meeting: "models.Meeting") -> list[int]:
    item = models.Proposal
    light = session.execute(
        select(item.id, item.kind, item.number).where(
            item.meeting_id == meeting.id,
            item.state != ItemState.WITHDRAWN,
            item.assignments.any(models.Assignment.state.not_in(ENDED))
            | item.merged_into_id.is_not(None),
        )
    )
    return [row.id for row in sorted(light, key=lambda r: (natural(r.number), r.kind, r.id))]


def natural(number: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts 2 before 10, and numbers before 闭字1."""
    parts = re.findall(r"\d+|\D+", number)
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts)


def _rows(
    session: ActorSession, ids: Sequence[int], columns: Sequence[ReportColumn]
) -> Iterator[list[Any]]:
    for place, row in enumerate(_items(session, ids), 1):
        yield [place, *(column.value(row) for column in columns)]


def _items(session: ActorSession, ids: Sequence[int]) -> Iterator[Any]:
    """The proposals with their sponsors and units, in the order of ``ids``."""
    item, sponsor, assignment = models.Proposal, models.Sponsor, models.Assignment
    query = select(item).options(
        selectinload(item.sponsors).options(joinedload(sponsor.deputy)),
        selectinload(item.assignments).options(joinedload(assignment.unit)),
        selectinload(item.merged_into),
    )
    for start in range(0, len(ids), AT_A_TIME):
        some = ids[start : start + AT_A_TIME]
        found = {row.id: row for row in session.scalars(query.where(item.id.in_(some)))}
        yield from (found[key] for key in some)


def _columns(
    session: ActorSession, meeting: "models.Meeting", ids: Sequence[int]
) -> list[ReportColumn]:
    hidden = scopes.hidden_columns(session.actor, "proposals")
    shown = [column for column in _layout(meeting) if column.source not in hidden]
    waiting = [column for column in shown if column.is_needed]
    for row in _items(session, ids):
        waiting = [column for column in waiting if not (column.is_needed and column.is_needed(row))]
        if not waiting:
            break
    return [column for column in shown if column not in waiting]


_WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "人大": ("建议编号", "建议标题", "领衔代表", "联名代表"),
    "政协": ("提案号", "案由", "第一提案人", "联名提案人"),
}


def _layout(meeting: "models.Meeting") -> list[ReportColumn]:
    number, title, lead, joint = _WORDS[meeting.body]
    text = SheetColumn
    return [
        ReportColumn(text(number, "code", 11), lambda row: row.number),
        ReportColumn(
            text("类型", "choice", 8),
            lambda row: row.kind,
            is_needed=lambda row: row.kind != meeting.kind,
        ),
        ReportColumn(text(title, "text", 44), lambda row: row.title),
        ReportColumn(text(lead, "choice", 12), lambda row: _people(row, SponsorRole.LEADS)),
        ReportColumn(text(joint, "text", 20), lambda row: _people(row, "联名")),
        ReportColumn(text("主办单位", "text", 22), lambda row: _units(row, TaskRole.LEAD)),
        ReportColumn(
            text("分办单位", "text", 22),
            lambda row: _units(row, TaskRole.EACH),
            is_needed=lambda row: bool(_units(row, TaskRole.EACH)),
        ),
        ReportColumn(text("协办单位", "text", 26), lambda row: _units(row, TaskRole.PARTNER)),
        ReportColumn(
            text("责任领导", "choice", 11),
            lambda row: row.leader,
            "leader",
            is_needed=lambda row: bool(row.leader),
        ),
        ReportColumn(
            text("办理时限", "date", 12),
            lambda row: row.due_on,
            is_needed=lambda row: bool(row.due_on),
        ),
        ReportColumn(
            text("并入", "code", 8),
            _main_item,
            "merged_into_id",
            is_needed=lambda row: row.merged_into_id is not None,
        ),
        ReportColumn(text("备注", "text", 16), lambda row: row.note, "note"),
    ]


def _main_item(row: "models.Proposal") -> str:
    """The number of the item that this one is merged into, with its kind where that is another."""
    main = row.merged_into
    if main is None:
        return ""
    return main.number if main.kind == row.kind else f"{main.kind}{main.number}"


def _people(row: "models.Proposal", role: str) -> str:
    signed = sorted((s for s in row.sponsors if s.role == role), key=lambda s: (s.position, s.id))
    return "、".join(s.deputy.name for s in signed if s.deputy)


def _units(row: "models.Proposal", role: str) -> str:
    held = (a for a in row.assignments if a.role == role and a.state not in ENDED)
    return "、".join(task.unit.name for task in held if task.unit)


def _title(session: ActorSession, meeting: "models.Meeting") -> str:
    what = f"代表{meeting.kind}" if meeting.body == "人大" else meeting.kind
    area = setting(session, "AREA_NAME")
    handed_down = area and not meeting.name.startswith(area)
    return f"{f'{area}落实' if handed_down else ''}{meeting.name}{what}承办分工方案"


def _notes(session: ActorSession, meeting: "models.Meeting", count: int) -> str:
    office = setting(session, "OFFICE_NAME")
    by = f"填报单位：{office}　　" if office else ""
    dues = "、".join(
        f"{milestone}{_said(days)}" for milestone, days in _general_dues(session, meeting)
    )
    return f"{by}{_in_words(session.now())}　　共 {count} 件" + (
        f"　　未写明办理时限的：{dues}" if dues else ""
    )


def _said(days: Sequence[tuple[date, int]]) -> str:
    """The day that most items share and how many keep another; else the first and the last one."""
    (usual, count), *others = days
    rest = sum(number for _, number in others)
    if count > rest:
        return f"{_in_words(usual)}前" + (f"（{rest} 件另定）" if rest else "")
    every = [day for day, _ in days]
    return f"各件不同，{_in_words(min(every))}至{_in_words(max(every))}"


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _general_dues(
    session: ActorSession, meeting: "models.Meeting"
) -> list[tuple[str, list[tuple[date, int]]]]:
    """What partners and those who answer owe: the days, with how many items are due then, the most frequent first."""
    line, task, item = models.Deadline, models.Assignment, models.Proposal
    items = func.count(item.id.distinct())
    days = (
        select(line.milestone, line.due_on, items)
        .join(task, task.id == line.assignment_id)
        .join(item, item.id == task.proposal_id)
        .where(
            item.meeting_id == meeting.id, item.due_on.is_(None), item.state != ItemState.WITHDRAWN
        )
        .where(task.state.not_in(ENDED), line.milestone.in_(_OWED))
        .group_by(line.milestone, line.due_on)
        .order_by(items.desc(), line.due_on)
    )
    found: dict[str, list[tuple[date, int]]] = {}
    for milestone, day, count in session.execute(days):
        found.setdefault(milestone, []).append((day, count))
    return [(milestone, found[milestone]) for milestone in _OWED if milestone in found]


def setting(session: ActorSession, name: str) -> str:
    """The value of a setting; '' where there is none, or none for the acting person."""
    value: str | None = session.scalar(
        select(models.Setting.value).where(models.Setting.name == name)
    )
    return value or ""
