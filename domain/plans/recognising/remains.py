"""What a person must hear of beside the values, as sentences: parts of a sheet that were not read although they may
belong to the plan, rows and columns that are hidden, text that is struck or hidden. Nothing is left out without a word.

Lines that were read and taken for no item (totals, headings) are `outcomes.LeftOut`, columns are `columns.Unread`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from domain.imports.outcomes import HIDDEN_ROWS, CellError
from domain.plans.recognising.fits import is_plan_title
from domain.plans.recognising.lines import ItemLines
from domain.plans.recognising.outcomes import Note, PlanRow
from domain.plans.recognising.tables import PlanTable
from domain.sheets.grid import Grid, column_letters
from domain.sheets.merges import Merged
from domain.texts.asides import is_example
from domain.texts.text import clean, one_line

HIDDEN_ROW, LEFT_OUT_TEXT = "hidden_row", "left_out_text"
"""The kinds of doubt."""
_HIDDEN = "这一行在表格里是隐藏的（或被筛选掉、看不见），也读取了，请看是不是要的。"


def of_sheet(grid: Grid, skipped: str) -> tuple[Note, ...]:
    """A sheet of which no row was read; a blank one is nothing to tell of."""
    if not any(value != "" for line in grid.cells for value in line):
        return ()
    titles = [row for row in range(len(grid.cells)) if _title_in(grid, row)]
    return (_note(grid, titles, skipped.removesuffix("，没有读取"), "没有读取"),)


def of_tables(grid: Grid, tables: Sequence[PlanTable], read: Set[int]) -> tuple[Note, ...]:
    """Parts of a sheet of which other rows were read. `read`: the rows of its items."""
    told = [*_other_tables(grid, tables, read), *_blocks_beside(grid, tables)]
    within = {row for table in tables if table.missing for row in _rows_of(table)}
    lost = [
        row
        for row in range(len(grid.cells))
        if row not in read
        and row not in within
        and _title_in(grid, row)
        and not is_example(grid.cells[row])
    ]
    if lost:
        told.append(_note(grid, lost, "不在认出的表里，或标题不在标题列", _rows(lost)))
    return tuple(told)


def _other_tables(grid: Grid, tables: Sequence[PlanTable], read: Set[int]) -> Iterator[Note]:
    for table in tables:
        rows = [row for row in _rows_of(table) if any(v != "" for v in grid.cells[row])]
        if table.missing and rows and not read & set(rows):
            part = f"第{table.header_rows[0] + 1}行起的另一张表没有读取"
            titles = [row for row in rows if _title_in(grid, row)]
            yield _note(grid, titles, table.missing, part)


def _blocks_beside(grid: Grid, tables: Sequence[PlanTable]) -> Iterator[Note]:
    for table in tables:
        start = table.beside if table.beside is not None else _unread_beside(grid, table)
        if start is None or table.missing:
            continue
        rows = [row for row in _rows_of(table) if any(v != "" for v in grid.cells[row][start:])]
        if rows:
            part = f"{column_letters(start)}列起并排的另一块没有读取"
            yield _note(grid, rows, "一行只能是一件，请接在下面写", part, start)


def _unread_beside(grid: Grid, table: PlanTable) -> int | None:
    """Where columns begin that are set apart by a blank one, are not read, and have titles of items in them."""
    last = max((column.index for column in table.columns), default=0)
    blanks = (n for n in range(last + 1, len(table.labels)) if not table.labels[n])
    start = next((n + 1 for n in blanks if n + 1 < len(table.labels)), None)
    if start is None or not any(_title_in(grid, row, start) for row in _rows_of(table)):
        return None
    return start


def _rows_of(table: PlanTable) -> range:
    return range(table.first_row, table.last_row)


def _title_in(grid: Grid, row: int, start: int = 0) -> str:
    """A title of an item in the row, '' if there is none. A title alone in its row is that of the document."""
    line = grid.cells[row]
    if sum(value != "" for value in line) < 2:
        return ""
    return next(
        (text for value in line[start:] if isinstance(value, str) and is_plan_title(text := clean(value))),
        "",
    )  # fmt: skip


def _rows(rows: Sequence[int]) -> str:
    """第5行没有读取, 第5、6、9行没有读取."""
    named = "、".join(str(row + 1) for row in rows[:5])
    return f"第{named}行{f'等{len(rows)}行' if len(rows) > 5 else ''}没有读取"


def _note(grid: Grid, rows: Sequence[int], why: str, part: str, start: int = 0) -> Note:
    where = f"工作表“{grid.sheet}”" if grid.sheet else ""
    sample = next(filter(None, (_title_in(grid, row, start) for row in rows)), "")
    shown = f"，里面像是有建议提案（如“{one_line(sample)[:40]}”）" if sample else ""
    return Note(f"{where}{part}：{why}{shown}。", bool(rows))


def with_doubts(
    rows: Sequence[PlanRow], items: Sequence[ItemLines], merged: Merged
) -> list[PlanRow]:
    """The rows, each with what to say of it besides. ``items`` are the lines they were read from."""
    grid = merged.grid
    if not grid.remarks and not grid.unseen and not grid.hidden_rows:
        return list(rows)
    return [
        replace(row, doubts=(*_doubts(row, item, merged), *row.doubts))
        for row, item in zip(rows, items, strict=True)
    ]


def _doubts(row: PlanRow, item: ItemLines, merged: Merged) -> Iterator[CellError]:
    if merged.grid.hidden_rows.intersection(item.rows):
        yield replace(row.error("title", row.title or "", _HIDDEN), kind=HIDDEN_ROW)
    told = set()
    for line in item.rows:
        for column in row.table.columns:
            place = merged.top_of(line, column.index)
            remark = merged.remark_at(line, column.index) or merged.unseen_at(line, column.index)
            if remark and (place, column.canonical) not in told:
                told.add((place, column.canonical))
                sentence = (
                    f"{row.where}“{column.label}”：“{remark.text[:60]}”{remark.why}，请确认。"
                )
                cell = f"{column_letters(column.index)}{line + 1}"
                yield CellError(
                    column.canonical, column.label, remark.text, sentence, (), cell, LEFT_OUT_TEXT
                )


def notes_of(grid: Grid, found: Sequence[tuple[PlanTable, Sequence[ItemLines]]]) -> Iterator[Note]:
    """Sentences about a sheet: how many of its rows are hidden, and which hidden columns were read or not."""
    where = f"工作表“{grid.sheet}”" if grid.sheet else "表格"
    items = [item for _, of_table in found for item in of_table]
    hidden = sum(bool(grid.hidden_rows.intersection(item.rows)) for item in items)
    if hidden:
        yield Note(f"{where}有 {hidden} {HIDDEN_ROWS}，也读取了。")
    for table, _ in found:
        read = {column.index for column in table.columns}
        for index in sorted(grid.hidden_columns):
            label = table.labels[index] if index < len(table.labels) else ""
            if label:
                what = "也读取了" if index in read else "没有读取"
                yield Note(f"{where}隐藏的{column_letters(index)}列“{label}”{what}。")
