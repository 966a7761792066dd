"""What a person must hear of beside the values: rows and columns that are hidden, text that is struck or hidden.

Nothing here is an error: a row is read as it is seen, and this says what was not seen or not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.imports.outcomes import HIDDEN_ROWS, CellError
from domain.plans.recognising.lines import ItemLines
from domain.plans.recognising.outcomes import Note, PlanRow
from domain.plans.recognising.tables import PlanTable
from domain.sheets.grid import Grid, column_letters
from domain.sheets.merges import Merged

HIDDEN_ROW, LEFT_OUT_TEXT = "hidden_row", "left_out_text"
"""The kinds of doubt."""
_HIDDEN = "这一行在表格里是隐藏的（或被筛选掉、看不见），也读取了，请看是不是要的。"


def with_doubts(
    rows: Sequence[PlanRow], items: Sequence[ItemLines], merged: Merged
) -> list[PlanRow]:
    """The rows, each with what to say of it besides. ``items`` are the lines they were read from."""
    grid = merged.grid
    if not grid.remarks and not grid.hidden_rows:
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
            remark = merged.remark_at(line, column.index)
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
