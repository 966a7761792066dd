"""What becomes of an import's rows, and what its undo kept, as the templates are given it. Asks, never writes."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from admin.frame import edge
from admin.imports.import_cells import CellField, CorrectionLine, FileCells
from admin.imports.import_dues import is_late
from admin.tables.drawing import row_url
from domain import models
from domain.access.importable import find_table
from domain.exports.data_words import say_data
from domain.imports import record
from domain.plans.recognising import vocabulary
from domain.plans.second_look import OTHER_TITLE, PAST_DUE
from domain.schema.file import Table
from domain.schema.states import ImportState
from domain.storing.session import ActorSession

OUTCOMES = ("新增", "更新", "未变", "无效", "失败")
WARNED, LATE = "提醒", "写入即逾期"
COLUMNS_OF_TOTALS = ("new_rows", "updated_rows", "unchanged_rows", "invalid_rows", "failed_rows")
TONES = {
    "新增": "green",
    "更新": "blue",
    "未变": "plain",
    "无效": "red",
    "失败": "red",
    WARNED: "amber",
    LATE: "red",
}
ROWS_PER_PAGE = 100


@dataclass(frozen=True)
class OutcomeChip:
    """A total that filters the rows by its outcome."""

    outcome: str
    count: int
    tone: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class ChangeLine:
    """A fact of a row that an update changes."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class DueLine:
    """What an item owes once the row is written, and until when."""

    milestone: str
    on: str
    is_late: bool


@dataclass(frozen=True)
class RowLine:
    """One row of the file with what becomes of it."""

    place: str
    outcome: str
    tone: str
    number: str
    title: str
    url: str
    lead: str
    joint: tuple[str, ...]
    units: tuple[tuple[str, str], ...]
    merged_into: str
    due_on: str
    dues: tuple[DueLine, ...]
    changes: tuple[ChangeLine, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    fields: tuple[CellField, ...]
    corrections: tuple[CorrectionLine, ...]
    open_url: str


@dataclass(frozen=True)
class KeptLine:
    """What an undo left as it was, why, and where it is found; no address where it is not there any more."""

    name: str
    why: str
    url: str


@dataclass(frozen=True)
class RowsPart:
    """One page of the rows, under the filter by outcome."""

    outcome: str
    chips: tuple[OutcomeChip, ...]
    lines: tuple[RowLine, ...]
    said: str
    previous_url: str
    next_url: str
    warned: int
    warned_url: str
    other_titles: int
    past_due: int


def draw_rows(
    session: ActorSession, row: "models.Import", outcome: str, page: int, late: int = 0
) -> RowsPart:
    """The rows of an import, ROWS_PER_PAGE at a time, in the order of the file; ``late`` of them are so at once."""
    model = models.ImportRow
    query = select(model).where(model.import_id == row.id)
    if outcome in OUTCOMES:
        query = query.where(model.outcome == outcome)
    elif outcome == WARNED:
        query = query.where(model.warnings.is_not(None))
    elif outcome == LATE:
        query = query.where(is_late(edge.today()))
    counts = dict(zip(OUTCOMES, (getattr(row, c) for c in COLUMNS_OF_TOTALS), strict=True))
    if warned := find_warned(session, row):
        counts[WARNED] = len(warned)
    if late:
        counts[LATE] = late
    total = counts.get(outcome, row.total_rows)
    page = min(max(page, 1), max(1, -(-total // ROWS_PER_PAGE)))
    first = (page - 1) * ROWS_PER_PAGE
    found = session.scalars(query.order_by(model.id).offset(first).limit(ROWS_PER_PAGE)).all()
    table, left = words_of(row).name, (row.undo_result or {}).get("kept", ())
    kept = {one["id"] for one in left if one.get("table") == table}
    cells = FileCells(row)
    return RowsPart(
        outcome=outcome if outcome in counts else "",
        chips=tuple(_chips(row, counts, outcome)),
        lines=tuple(_line(one, row, kept, cells) for one in found),
        said=f"第 {first + 1}–{first + len(found)} 行，共 {total} 行" if found else "",
        previous_url=_page_url(row, outcome, page - 1) if page > 1 else "",
        next_url=_page_url(row, outcome, page + 1) if first + len(found) < total else "",
        warned=len(warned),
        warned_url=_page_url(row, WARNED, 1),
        other_titles=sum(OTHER_TITLE in kinds for kinds in warned.values()),
        past_due=sum(PAST_DUE in kinds for kinds in warned.values()),
    )


def find_warned(session: ActorSession, row: "models.Import") -> dict[tuple[str, int], set[str]]:
    """The rows to look at twice, by sheet and row number, each with the kinds of its doubts."""
    model = models.ImportRow
    query = select(model.sheet, model.row_no, model.warnings)
    query = query.where(model.import_id == row.id, model.warnings.is_not(None))
    return {
        (sheet, number): {warning.get("kind", "") for warning in warnings}
        for sheet, number, warnings in session.execute(query)
    }


def find_other_titles(session: ActorSession, row: "models.Import") -> list[tuple[str, int]]:
    """The rows, by sheet and number, that would give another title to the item of their number."""
    return [place for place, kinds in find_warned(session, row).items() if OTHER_TITLE in kinds]


def _chips(row: "models.Import", counts: Mapping[str, int], chosen: str) -> Iterator[OutcomeChip]:
    every = _page_url(row, "", 1)
    yield OutcomeChip("全部", row.total_rows, "plain", every, chosen not in counts)
    for outcome, count in counts.items():
        url = _page_url(row, outcome, 1)
        yield OutcomeChip(outcome, count, TONES[outcome], url, chosen == outcome)


def _page_url(row: "models.Import", outcome: str, page: int) -> str:
    asked: dict[str, Any] = {"outcome": outcome} if outcome else {}
    asked |= {"page": page} if page > 1 else {}
    return url_for("importing.show", key=row.id, **asked) + "#rows"


def draw_line(one: "models.ImportRow", row: "models.Import") -> RowLine:
    """One row of an import that was not taken back."""
    return _line(one, row, (), FileCells(row))


def _line(
    one: "models.ImportRow", row: "models.Import", kept: Container[int], cells: FileCells
) -> RowLine:
    """``kept``: the records of the import's table that its undo left there."""
    facts, words = one.facts or {}, words_of(row)
    show_sheet, is_open = len(row.sheets or ()) > 1, row.state in record.PREVIEWED
    today = edge.today().isoformat()
    sheet: dict[str, Any] = {"sheet": one.sheet} if one.sheet else {}
    is_undone = row.state == ImportState.UNDONE
    is_gone = is_undone and one.outcome == "新增" and one.record_id not in kept
    return RowLine(
        place=f"{one.sheet} {one.row_no}" if show_sheet and one.sheet else str(one.row_no),
        outcome=one.outcome,
        tone="plain" if is_undone else TONES[one.outcome],
        number=facts.get("number") or "",
        title=facts.get("title") or ("" if facts else one.title),
        url=row_url(words.name, one.record_id) if one.record_id and not is_gone else "",
        lead=facts.get("lead") or "",
        joint=tuple(facts.get("joint") or ()),
        merged_into=facts.get("merged_into") or "",
        units=tuple((a["role"], a["unit"]) for a in facts.get("assignments", ())),
        due_on=facts.get("due_on") or "",
        dues=tuple(DueLine(name, day, day < today) for name, day in one.dues or ()),
        changes=tuple(
            ChangeLine(_label(words, column), _say(old), _say(new))
            for column, (old, new) in (one.changes or {}).items()
        ),
        errors=tuple(error["message"] for error in one.errors or ()),
        warnings=tuple(warning["message"] for warning in one.warnings or ()),
        fields=tuple(cells.fields_of_errors(one)) if is_open else (),
        corrections=tuple(cells.lines_of(one)),
        open_url=url_for("importing.row", key=row.id, number=one.row_no, **sheet),
    )


def words_of(row: "models.Import") -> Table:
    """The table whose rows the import makes."""
    return find_table(row.target) or models.schema.tables["proposals"]


def _label(words: Table, column: str) -> str:
    known = words.columns.get(column)
    return vocabulary.NAMES.get(column) or (known.label if known else column)


def _say(value: Any) -> str:
    return "（空）" if value in (None, "") else say_data(value)


def draw_kept(row: "models.Import") -> tuple[KeptLine, ...]:
    """What the undo of an import left as it was."""
    return tuple(
        KeptLine(one["name"], one["why"], row_url(one["table"], one["id"]) if one.get("id") else "")
        for one in (row.undo_result or {}).get("kept", ())
    )
