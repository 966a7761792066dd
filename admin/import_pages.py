"""What the templates of an import are given, drawn from its rows in the database. Asks, never writes."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from admin.sheets import row_url
from domain import imports, models
from domain.exports.data_words import say_data
from domain.plans import lookups, vocabulary
from domain.plans.assignees import CellReader
from domain.plans.second_look import OTHER_TITLE, PAST_DUE
from domain.schema import Table
from domain.storing.session import ActorSession
from domain.tables.importing import find_table
from domain.tables.reading import tell_ignored

OUTCOMES = ("新增", "更新", "未变", "无效", "失败")
WARNED = "提醒"
COLUMNS_OF_TOTALS = ("new_rows", "updated_rows", "unchanged_rows", "invalid_rows", "failed_rows")
TONES = {
    "新增": "green",
    "更新": "blue",
    "未变": "plain",
    "无效": "red",
    "失败": "red",
    WARNED: "amber",
}
ROWS_PER_PAGE = 100
MOST_STRANGERS = 40
SURE_SCORE = 60
"""A sheet recognised with less is shown with its columns open, for a person to look at."""


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
    due_on: str
    changes: tuple[ChangeLine, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Stranger:
    """A written unit name that the dictionary does not know, and how many rows have it."""

    index: int
    written: str
    rows: int
    why: str
    suggestions: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ChosenUnit:
    """A written unit name, what a person said that it means, and whether later files are to be read so too."""

    written: str
    unit: str
    is_kept: bool


@dataclass(frozen=True)
class KeptLine:
    """What an undo left as it was, why, and where it is found; no address where it is not there any more."""

    name: str
    why: str
    url: str


@dataclass(frozen=True)
class ColumnPick:
    """A column of the file and what it is taken for."""

    index: int
    label: str
    chosen: str
    score: int


@dataclass(frozen=True)
class TablePart:
    """A header found in the file: where, how sure, and its columns."""

    fingerprint: str
    header_rows: str
    score: int
    columns: tuple[ColumnPick, ...]
    given: str = ""
    """Whose choice the columns are, as a sentence; '' where the program recognised them."""
    unread: tuple[str, ...] = ()
    """Columns that look like a part of the plan and are not read, each with what it seems to hold."""

    @property
    def is_unsure(self) -> bool:
        """Whether a person should look at how the columns were taken."""
        return not self.given and self.score < SURE_SCORE


@dataclass(frozen=True)
class SheetPart:
    """A sheet of the file: its tables, or why nothing was read from it."""

    name: str
    skipped: str
    tables: tuple[TablePart, ...]
    left_out: tuple[tuple[int, str], ...] = ()
    """Lines that were taken for no item, by row number; of very many the first ones."""
    left_out_count: int = 0

    @property
    def needs_a_look(self) -> bool:
        """Whether one of its tables is not sure."""
        return any(table.is_unsure for table in self.tables)


@dataclass(frozen=True)
class RowsPart:
    """One page of the rows, under the filter by outcome."""

    chips: tuple[OutcomeChip, ...]
    lines: tuple[RowLine, ...]
    said: str
    previous_url: str
    next_url: str
    warned: int
    warned_url: str
    other_titles: int
    past_due: int


def draw_rows(session: ActorSession, row: Any, outcome: str, page: int) -> RowsPart:
    """The rows of an import, ROWS_PER_PAGE at a time, in the order of the file."""
    model: Any = models.ImportRow
    query = select(model).where(model.import_id == row.id)
    if outcome in OUTCOMES:
        query = query.where(model.outcome == outcome)
    elif outcome == WARNED:
        query = query.where(model.warnings.is_not(None))
    counts = dict(zip(OUTCOMES, (getattr(row, c) for c in COLUMNS_OF_TOTALS), strict=True))
    if warned := find_warned(session, row):
        counts[WARNED] = len(warned)
    total = counts.get(outcome, row.total_rows)
    page = min(max(page, 1), max(1, -(-total // ROWS_PER_PAGE)))
    first = (page - 1) * ROWS_PER_PAGE
    found = session.scalars(query.order_by(model.id).offset(first).limit(ROWS_PER_PAGE)).all()
    table, left = _words_of(row).name, (row.undo_result or {}).get("kept", ())
    kept = {one["id"] for one in left if one.get("table") == table}
    several = len({one.sheet for one in found}) > 1 or len(row.sheets or ()) > 1
    return RowsPart(
        chips=tuple(_chips(row, counts, outcome)),
        lines=tuple(_line(one, row, kept, show_sheet=several) for one in found),
        said=f"第 {first + 1}–{first + len(found)} 行，共 {total} 行" if found else "",
        previous_url=_page_url(row, outcome, page - 1) if page > 1 else "",
        next_url=_page_url(row, outcome, page + 1) if first + len(found) < total else "",
        warned=len(warned),
        warned_url=_page_url(row, WARNED, 1),
        other_titles=sum(OTHER_TITLE in columns for columns in warned.values()),
        past_due=sum(PAST_DUE in columns for columns in warned.values()),
    )


def find_warned(session: ActorSession, row: Any) -> dict[tuple[str, int], set[str]]:
    """The rows to look at twice, by sheet and row number, each with the columns its warnings stand in."""
    model: Any = models.ImportRow
    query = select(model.sheet, model.row_no, model.warnings)
    query = query.where(model.import_id == row.id, model.warnings.is_not(None))
    return {
        (sheet, number): {warning["column"] for warning in warnings}
        for sheet, number, warnings in session.execute(query)
    }


def find_other_titles(session: ActorSession, row: Any) -> list[tuple[str, int]]:
    """The rows, by sheet and number, that would give another title to the item of their number."""
    return [place for place, columns in find_warned(session, row).items() if OTHER_TITLE in columns]


def _chips(row: Any, counts: Mapping[str, int], chosen: str) -> Iterator[OutcomeChip]:
    every = _page_url(row, "", 1)
    yield OutcomeChip("全部", row.total_rows, "plain", every, chosen not in counts)
    for outcome, count in counts.items():
        url = _page_url(row, outcome, 1)
        yield OutcomeChip(outcome, count, TONES[outcome], url, chosen == outcome)


def _page_url(row: Any, outcome: str, page: int) -> str:
    asked = {"outcome": outcome} if outcome else {}
    return (
        url_for("importing.show", key=row.id, **asked, **({"page": page} if page > 1 else {}))
        + "#rows"
    )


def _line(one: Any, row: Any, kept: Container[int], *, show_sheet: bool) -> RowLine:
    """``kept``: the records of the import's table that its undo left there."""
    facts, words = one.facts or {}, _words_of(row)
    is_undone = row.state == imports.UNDONE
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
        units=tuple((a["role"], a["unit"]) for a in facts.get("assignments", ())),
        due_on=facts.get("due_on") or "",
        changes=tuple(
            ChangeLine(_label(words, column), _say(old), _say(new))
            for column, (old, new) in (one.changes or {}).items()
        ),
        errors=tuple(error["message"] for error in one.errors or ()),
        warnings=tuple(warning["message"] for warning in one.warnings or ()),
    )


def _words_of(row: Any) -> Table:
    """The table whose rows the import makes."""
    return find_table(row.target) or models.schema.tables["proposals"]


def _label(words: Table, column: str) -> str:
    known = words.columns.get(column)
    return vocabulary.NAMES.get(column) or (known.label if known else column)


def _say(value: Any) -> str:
    return "（空）" if value in (None, "") else say_data(value)


def find_strangers(session: ActorSession, row: Any) -> tuple[Stranger, ...]:
    """The unit names in the rows' errors that the dictionary does not know, the most frequent first."""
    model: Any = models.ImportRow
    query = select(model.errors).where(model.import_id == row.id, model.outcome == "无效")
    counted: Counter[str] = Counter()
    for errors in session.scalars(query):
        counted.update(
            {
                e["value"]
                for e in errors or ()
                if e["column"] in vocabulary.UNIT_COLUMNS and e["value"]
            }
        )
    return tuple(_known_strangers(session, row, counted))


def _known_strangers(session: ActorSession, row: Any, counted: Counter[str]) -> Iterator[Stranger]:
    if not counted:
        return
    book = lookups.load_unit_book(session, imports.chosen_units(row))
    reader, ids = CellReader(book), {unit.name: unit.id for unit in book.by_id.values()}
    index = 0
    for written, rows in counted.most_common():
        unknown = next((u for u in reader.read(written).unknown if u.written == written), None)
        if unknown and index < MOST_STRANGERS:
            offered = tuple((ids[name], name) for name in unknown.suggestions)
            yield Stranger(index, written, rows, unknown.why, offered)
            index += 1


def draw_kept(row: Any) -> tuple[KeptLine, ...]:
    """What the undo of an import left as it was."""
    return tuple(
        KeptLine(one["name"], one["why"], row_url(one["table"], one["id"]) if one.get("id") else "")
        for one in (row.undo_result or {}).get("kept", ())
    )


def find_chosen(session: ActorSession, row: Any) -> tuple[ChosenUnit, ...]:
    """What people said that written unit names mean in this file."""
    chosen, kept, unit = imports.chosen_units(row), imports.aliases_to_keep(row), models.Unit
    of_them = select(unit).where(unit.id.in_(chosen.values()))
    names = {one.id: one.name for one in session.scalars(of_them)} if chosen else {}
    return tuple(
        ChosenUnit(written, names[key], written in kept)
        for written, key in sorted(chosen.items())
        if key in names
    )


def draw_sheets(session: ActorSession, row: Any) -> tuple[SheetPart, ...]:
    """How the file was understood."""
    return tuple(_sheet(session, row, sheet) for sheet in row.sheets or ())


def draw_ignored(row: Any) -> tuple[str, ...]:
    """Which columns of a table's file were not imported, and why, as sentences."""
    headers = [header for sheet in row.sheets or () for header in sheet.get("ignored", ())]
    return tuple(tell_ignored(_words_of(row), headers))


def _sheet(session: ActorSession, row: Any, sheet: Mapping[str, Any]) -> SheetPart:
    left_out = sheet.get("left_out") or {"count": 0, "lines": []}  # older imports kept none
    return SheetPart(
        sheet["sheet"] or "表格",
        sheet["skipped"],
        tuple(_table(table, _given(session, row, table)) for table in sheet["tables"]),
        tuple((number, text) for number, text in left_out["lines"]),
        left_out["count"],
    )


def _given(session: ActorSession, row: Any, table: Mapping[str, Any]) -> str:
    """Whether people said what the columns are, now or in an earlier import; what came since was not read by."""
    fingerprint = table["fingerprint"]
    if fingerprint in imports.chosen_columns(row):
        return "这份表头按这次指定的列读取，写入后同样的表头都会这样认。"
    kept = imports.find_mapping(session, row.target, fingerprint)
    read = {str(column["index"]): column["column"] for column in table["columns"]}
    if kept is None or kept.columns != read:
        return ""
    by = f"{kept.saved_by or ''} {kept.saved_at:%Y-%m-%d}".strip()
    return f"这份表头按上次（{by}）指定的列读取。"


def _table(table: Mapping[str, Any], given: str) -> TablePart:
    taken = {column["index"]: column for column in table["columns"]}
    unread = {column["index"]: column for column in table.get("unread", ())}
    picks = []
    for index, label in enumerate(table["labels"]):
        column = taken.get(index, {"column": "", "score": 0})
        if label or column["column"] or index in unread:
            picks.append(
                ColumnPick(index, label or "（无表头）", column["column"], column["score"])
            )
    rows = "、".join(map(str, table["header_rows"]))
    told = tuple(_tell_unread(column) for column in unread.values())
    return TablePart(table["fingerprint"], rows, table["score"], tuple(picks), given, told)


def _tell_unread(column: Mapping[str, Any]) -> str:
    label = column["label"] or "（无表头）"
    return f"“{label}”像是{column['holds']}（如“{column['sample']}”）"
