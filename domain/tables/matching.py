"""Rows of a sheet against what is stored: by the id if the file has it, else by what it has of the business key.

A table without a business key knows a row again only if all columns of the file are equal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select

from domain import models
from domain.imports.outcomes import FAILED, INVALID, NEW, UNCHANGED, UPDATED, CellError
from domain.schema.words import Column, Table
from domain.sheets.grid import UnreadableFile, column_letters
from domain.storing import bulk
from domain.storing.halving import OUR_FAULT
from domain.storing.refusals.violations import Violation
from domain.storing.session import ActorSession
from domain.tables.carrying import fits, with_carried
from domain.tables.links import Links, text_key
from domain.tables.reading import TableSheet
from domain.tables.values import read_value
from domain.texts.numbers import Unclear
from domain.texts.text import clean, one_line
from domain.texts.typed_text import tidy

Key = tuple[Any, ...]
Stored = Mapping[Key, Sequence[Mapping[str, Any]]]
_AT_ONCE = 500


@dataclass
class TableStep:
    """What becomes of one row. `changes`: column -> [old, new] as stored; `name`: how the file calls the row."""

    row: int
    name: str
    words: Table
    values: dict[str, Any] = field(default_factory=dict)
    outcome: str = UNCHANGED
    errors: list[CellError] = field(default_factory=list)
    stored: Mapping[str, Any] | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    record_id: int | None = None
    open: dict[int, list[int]] = field(default_factory=dict)
    """By its place in the grid a reference that several rows are called by, with their ids."""

    @property
    def where(self) -> str:
        """How sentences name the row."""
        return f"第{self.row}行"

    def fail(self, column: Column, message: str) -> None:
        """Add an error of the whole row, told under this column."""
        sentence = f"{self.where}“{column.label}”：{message}"
        self.errors.append(CellError(column.name, column.label, "", sentence))

    def refuse(self, rule: Violation | None) -> None:
        """The database did not take the row: for this rule, which its data broke, or, None, for a fault of ours."""
        columns = self.words.columns
        blamed = [columns[name] for name in (rule.columns if rule else ()) if name in columns]
        self.outcome = INVALID if rule else FAILED
        self.record_id = self.stored["id"] if self.stored else None
        self.fail(next(iter([*blamed, *columns.values()])), rule.sentence if rule else OUR_FAULT)


def references_in(sheet: TableSheet) -> dict[str, dict[str, str]]:
    """The texts of the sheet that should name rows of other tables, each once; see `links.look_up`."""
    found: dict[str, dict[str, str]] = {}
    for place, column in sheet.columns.items():
        if column.references:
            texts = found.setdefault(column.references, {})
            for row in sheet.rows:
                if (cell := sheet.grid.at(row, place)) != "":
                    texts.setdefault(text_key(cell), clean(cell))
    return found


def match(session: ActorSession, words: Table, sheet: TableSheet, links: Links) -> list[TableStep]:
    """A step per filled row, in order. Raises UnreadableFile when rows cannot be told apart by the file's columns."""
    names = tuple(column.name for column in sheet.columns.values())
    key = key_of(words, names)
    steps, seen = [_read(words, sheet, row, links) for row in sheet.rows], dict[Key, int]()
    _tell_apart(session, words, sheet, [step for step in steps if step.open])
    stored = _stored(session, words, key, steps)
    for step in steps:
        if not step.errors:
            _compare(step, words, key, stored)
        if not step.errors:
            _refuse_double(step, words, key, seen)
        if step.errors:
            step.outcome = INVALID
    return steps


def key_of(words: Table, names: Sequence[str]) -> tuple[str, ...]:
    """The columns by which rows are known again. Columns of the key that have a default may be absent.

    Their default is not what an absent column says: a row is known by the others, where they tell of one row alone.
    """
    if "id" in names:
        return ("id",)
    given = tuple(name for name in words.business_key if name in names)
    absent = [words.columns[name] for name in words.business_key if name not in names]
    missing = [column for column in absent if column.default is None or not given]
    if missing:
        labels = "、".join(column.label for column in missing)
        raise UnreadableFile(f"缺少“{labels}”列，不能确定每一行是哪一条“{words.label}”。")
    return given or tuple(names)


def _read(words: Table, sheet: TableSheet, row: int, links: Links) -> TableStep:
    filled = [one_line(clean(sheet.grid.at(row, place))) for place in sheet.columns]
    step = TableStep(row + 1, "　".join(filter(None, filled))[:100], words)
    for place, column in sheet.columns.items():
        cell, problem = sheet.cell_of(row, place), sheet.fault_at(row, place)
        try:
            if problem:
                raise Unclear(problem.why)
            if cell == "" or not column.references:
                day = sheet.grid.day(cell) if column.kind == "date" else cell
                step.values[column.name] = read_value(column, day)
            elif len(found := links.find(column, cell)) == 1:
                step.values[column.name] = found[0]
            else:
                step.open[place] = found
        except Unclear as doubt:
            step.errors.append(
                _error(
                    sheet,
                    (row, place),
                    column,
                    problem.text if problem else clean(cell),
                    str(doubt),
                )
            )
    return step


def _tell_apart(
    session: ActorSession, words: Table, sheet: TableSheet, steps: Sequence[TableStep]
) -> None:
    """Of several rows of one name take the one that a composite key allows: B类 is that of the item's own meeting."""
    rows = with_carried(session, words, [dict(step.values) for step in steps])
    for place, column in sheet.columns.items():
        ids = {row_id for step in steps for row_id in step.open.get(place, ())}
        above = models.by_table[column.references] if column.references else None
        parents = bulk.read_rows(session, above, ids) if above else {}
        for step, row in zip(steps, rows, strict=True):
            if place in step.open:
                called = step.open[place]
                among = ((one, parents[one]) for one in called if one in parents)
                fitting = [one for one, parent in among if fits(words, column, parent, row)]
                if len(fitting) == 1:
                    step.values[column.name] = fitting[0]
                else:
                    step.errors.append(_too_many(sheet, (step.row - 1, place), len(called)))


def _too_many(sheet: TableSheet, at: tuple[int, int], count: int) -> CellError:
    column = sheet.columns[at[1]]
    label = models.schema.tables[column.references or ""].label
    doubt = f"可以指{count}条“{label}”，请写得再具体些"
    return _error(sheet, at, column, clean(sheet.grid.at(*at)), doubt)


def _error(
    sheet: TableSheet, at: tuple[int, int], column: Column, value: str, doubt: str
) -> CellError:
    row, place = at
    quoted = f"“{one_line(value)[:60]}”" if value else ""
    end = "？" if "是不是" in doubt else "。"
    message = f"第{row + 1}行“{column.label}”：{quoted}{doubt}{end}"
    return CellError(
        column.name, column.label, value, message, (), f"{column_letters(place)}{row + 1}"
    )


def _stored(
    session: ActorSession, words: Table, key: Sequence[str], steps: Iterable[TableStep]
) -> Stored:
    """By their keys the stored rows that steps may mean, and a few more; of those that are alike the oldest first.

    Looked up by the one column of the key that tells the file's rows apart best.
    """
    wanted = {_key_values(step, key) for step in steps if not step.errors}
    place, values = max(
        ((place, {one[place] for one in wanted}) for place in range(len(key))),
        key=lambda pair: len(pair[1]),
    )
    rows = models.table_of(words.name)
    query = select(rows).order_by(rows.c.id)
    found: dict[Key, list[Mapping[str, Any]]] = {}
    for condition in _among(rows.c[key[place]], values):
        for row in session.connection().execute(query.where(condition)).mappings():
            found.setdefault(tuple(row[name] for name in key), []).append(dict(row))
    return found


def _among(column: ColumnElement[Any], values: Collection[Any]) -> Iterator[ColumnElement[bool]]:
    """Conditions, short enough for a statement each, which together hold where the column has one of the values."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        yield column.is_(None)
    for start in range(0, len(known), _AT_ONCE):
        yield column.in_(known[start : start + _AT_ONCE])


def _compare(step: TableStep, words: Table, key: Sequence[str], stored: Stored) -> None:
    found = stored.get(_key_values(step, key), ())
    if len(found) > 1 and (others := _absent(words, key)):
        step.fail(
            words.columns[key[-1]],
            f"系统里有{len(found)}条这样的“{words.label}”，请在文件里加上{others}列，写明是哪一条。",
        )
        return
    step.stored = next(iter(found), None)
    if step.stored is None:
        if key == ("id",) and step.values["id"] is not None:
            step.fail(words.columns["id"], f"没有编号为{step.values['id']}的记录。")
        step.outcome = NEW
        return
    step.record_id = step.stored["id"]
    step.changes = {
        name: [step.stored[name], value]
        for name, value in step.values.items()
        if name != "id" and not _is_stored(words.columns[name], step.stored[name], value)
    }
    step.outcome = UPDATED if step.changes else UNCHANGED


def _is_stored(column: Column, stored: Any, value: Any) -> bool:
    """Whether a cell says what is stored already; blanks around a text and characters that do not show say nothing."""
    return bool(stored == value) or (isinstance(stored, str) and tidy(column, stored) == value)


def _key_values(step: TableStep, key: Sequence[str]) -> Key:
    return tuple(step.values[name] for name in key)


def _absent(words: Table, key: Sequence[str]) -> str:
    """The columns of the business key that the file does not have, in quotes; '' where there is none."""
    if key == ("id",):
        return ""
    absent = (name for name in words.business_key if name not in key)
    return "".join(f"“{words.columns[name].label}”" for name in absent)


def _refuse_double(step: TableStep, words: Table, key: Sequence[str], seen: dict[Key, int]) -> None:
    values = _key_values(step, key)
    is_known_by = key == ("id",) or words.business_key
    if not is_known_by or values == (None,):
        return
    first = seen.setdefault(values, step.row)
    if first != step.row:
        others = _absent(words, key)
        apart = f"；不是同一条的，请加上{others}列写明区别" if others else ""
        step.fail(
            words.columns[key[-1]], f"与第{first}行是同一条“{words.label}”，请删去一行{apart}。"
        )


def usable(steps: Iterable[TableStep]) -> list[TableStep]:
    """The steps that write something."""
    return [step for step in steps if step.outcome in (NEW, UPDATED)]
