"""What of a sheet was not read although it may belong to the plan, as sentences: nothing is left out without a word.

Lines that were read and taken for no item (totals, headings) are `outcomes.LeftOut`, columns are `columns.Unread`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from domain.plans.recognising.fits import is_plan_title
from domain.plans.recognising.outcomes import Note
from domain.plans.recognising.tables import PlanTable
from domain.sheets.grid import Grid, column_letters
from domain.texts.asides import is_example
from domain.texts.text import clean, one_line


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
        start = table.beside
        if start is None or table.missing:
            continue
        rows = [row for row in _rows_of(table) if any(v != "" for v in grid.cells[row][start:])]
        if rows:
            part = f"{column_letters(start)}列起并排的另一块没有读取"
            yield _note(grid, rows, "一行只能是一件，请接在下面写", part, start)


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
