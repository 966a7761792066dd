"""What is marked in the user's own workbook: first what people corrected, over it what is wrong. Asks only."""

from collections.abc import Iterator

from sqlalchemy import select

from admin.frame import edge
from admin.imports.import_cells import FileCells
from domain import models
from domain.imports.marking.marks import Mark


def marks_of(row: "models.Import") -> Iterator[Mark]:
    """Every corrected cell, then every fault."""
    cells = FileCells(row)
    yield from _corrected(cells)
    model = models.ImportRow
    mine = select(model).where(model.import_id == row.id, model.errors.is_not(None))
    for one in edge.session().scalars(mine.order_by(model.id)):
        header = tuple(cells.table_of(one.sheet, one.row_no)["header_rows"])
        for error in one.errors:
            yield Mark(one.sheet, one.row_no, error["cell"], error["message"], header)


def _corrected(cells: FileCells) -> Iterator[Mark]:
    for one in cells.kept.values():
        if one.item:
            sheet, row, column = one.place
            header = tuple(cells.table_of(sheet, row)["header_rows"])
            cell = f"{column}{row}" if one.place.is_in_file else ""
            label = cells.label_of(one.place)
            said = f"“{label}”原为“{one.old}”" if one.old else f"“{label}”原来空着"
            said += f"，{one.by} {one.at[:16]} 在预览里改正为“{one.new}”。"
            yield Mark(sheet, row, cell, said, header, one.new)
