"""How an import's file was understood, for the templates: sheets, columns, names of units. Asks, never writes.

What becomes of the rows is import_rows.py.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from admin.imports.import_rows import words_of
from domain import models
from domain.imports import record
from domain.imports.outcomes import HIDDEN_ROWS
from domain.plans import lookups
from domain.plans.recognising import vocabulary
from domain.plans.recognising.assignees import CellReader
from domain.storing.session import ActorSession
from domain.tables.reading import tell_ignored

MOST_STRANGERS = 40
SURE_SCORE = 60
"""A sheet recognised with less is shown with its columns open, for a person to look at."""


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


def find_strangers(session: ActorSession, row: "models.Import") -> tuple[Stranger, ...]:
    """The unit names in the rows' errors that the dictionary does not know, the most frequent first."""
    model = models.ImportRow
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


def _known_strangers(
    session: ActorSession, row: "models.Import", counted: Counter[str]
) -> Iterator[Stranger]:
    if not counted:
        return
    book = lookups.load_unit_book(session, record.chosen_units(row))
    reader, ids = CellReader(book), {unit.name: unit.id for unit in book.by_id.values()}
    index = 0
    for written, rows in counted.most_common():
        unknown = next((u for u in reader.read(written).unknown if u.written == written), None)
        if unknown and index < MOST_STRANGERS:
            offered = tuple((ids[name], name) for name in unknown.suggestions)
            yield Stranger(index, written, rows, unknown.why, offered)
            index += 1


def find_chosen(session: ActorSession, row: "models.Import") -> tuple[ChosenUnit, ...]:
    """What people said that written unit names mean in this file."""
    chosen, kept, unit = record.chosen_units(row), record.aliases_to_keep(row), models.Unit
    of_them = select(unit).where(unit.id.in_(chosen.values()))
    names = {one.id: one.name for one in session.scalars(of_them)} if chosen else {}
    return tuple(
        ChosenUnit(written, names[key], written in kept)
        for written, key in sorted(chosen.items())
        if key in names
    )


def draw_sheets(session: ActorSession, row: "models.Import") -> tuple[SheetPart, ...]:
    """How the file was understood."""
    return tuple(_sheet(session, row, sheet) for sheet in row.sheets or ())


def draw_notes(row: "models.Import") -> tuple[str, ...]:
    """What to know of the file, as sentences: parts and columns that were not read, and hidden columns."""
    told = (note for sheet in row.sheets or () for note in sheet.get("notes", ()))
    notes = [note for note in told if HIDDEN_ROWS not in note]  # those have a notice of their own
    headers = [header for sheet in row.sheets or () for header in sheet.get("ignored", ())]
    return (*notes, *(tell_ignored(words_of(row), headers) if headers else ()))


def _sheet(session: ActorSession, row: "models.Import", sheet: Mapping[str, Any]) -> SheetPart:
    left_out = sheet.get("left_out") or {"count": 0, "lines": []}  # older imports kept none
    return SheetPart(
        sheet["sheet"] or "表格",
        sheet["skipped"],
        tuple(_table(table, _given(session, row, table)) for table in sheet["tables"]),
        tuple((number, text) for number, text in left_out["lines"]),
        left_out["count"],
    )


def _given(session: ActorSession, row: "models.Import", table: Mapping[str, Any]) -> str:
    """Whether people said what the columns are, now or in an earlier import; what came since was not read by."""
    fingerprint = table["fingerprint"]
    if fingerprint in record.chosen_columns(row):
        return "这份表头按这次指定的列读取，写入后同样的表头都会这样认。"
    kept = record.find_mapping(session, row.target, fingerprint)
    read = {str(column["index"]): column["column"] for column in table["columns"]}
    if kept is None or kept.columns != read:
        return ""
    who = kept.saved_by.brief_name if kept.saved_by else ""
    by = f"{who} {kept.saved_at:%Y-%m-%d}".strip()
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
