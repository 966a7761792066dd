"""A template opened with openpyxl, after a look at its parts: what could act, reach outside or be lost is refused."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

from domain.papers.marks import BadMark
from domain.sheets.grid import UnreadableFile

MAX_CELLS = 200_000
_TOO_LARGE = "模板里的格子太多，请只留下表头、标记行和合计，另存后再上传。"
_REFUSED: Mapping[str, str] = {
    r"vbaproject|macrosheets|dialogsheets": "宏",
    r"/externallinks/": "对别的文件的链接",
    r"/embeddings/|/activex/|/ctrlprops/": "嵌入的对象或控件",
    r"/connections\.xml|/querytables/|/model/": "数据连接",
    r"/pivot": "数据透视表",
    r"/media/|/charts/|/drawings/drawing": "图表或图片",
}
"""Parts of the file, and what they are called: the first could act or ask elsewhere, the last two would be lost."""
_REACHING = re.compile(
    r"\b(WEBSERVICE|FILTERXML|HYPERLINK|IMAGE|RTD|DDE|CALL|REGISTER(\.ID)?|EXEC|SQL\.REQUEST)\s*\(|\|.*!|\[\d+\]|\[[^\]]*\.xl",
    re.I,
)
"""Formulas that ask another program, another file or the network."""


def open_template(path: Path) -> Workbook:
    """The workbook. Raises UnreadableFile for a kind of content, BadMark for a formula, that no template may hold."""
    _check_parts(path)
    with path.open(
        "rb"
    ) as file:  # openpyxl goes by the ending of a name, so it is given the open file
        book = load_workbook(file)
    pages = book.worksheets
    if not pages or sum(len(page._cells) for page in pages) > MAX_CELLS:
        raise UnreadableFile(_TOO_LARGE)
    for page in pages:
        for cell in cells_of(page):
            _check_formula(cell, place_of(page, cell))
    return book


def cells_of(page: Worksheet) -> Iterator[Cell]:
    """All cells that hold something, row by row."""
    for _, cell in sorted(page._cells.items()):
        if isinstance(cell, Cell) and cell.value is not None:
            yield cell


def place_of(page: Worksheet, cell: Cell) -> str:
    """Where it stands, as its writer finds it: 工作表1!B3."""
    return f"{page.title}!{cell.coordinate}"


def _check_parts(path: Path) -> None:
    with ZipFile(path) as archive:
        names = [f"/{name.lower()}" for name in archive.namelist()]
    for pattern, what in _REFUSED.items():
        if any(re.search(pattern, name) for name in names):
            raise UnreadableFile(f"模板里有{what}，请删掉以后另存为 .xlsx 再上传。")


def _check_formula(cell: Cell, where: str) -> None:
    if isinstance(cell.value, ArrayFormula | DataTableFormula):
        raise BadMark(where, "模板里不能用数组公式，请改成普通公式。")
    if cell.data_type != "f":
        return
    text = str(cell.value)
    if "{{" in text:
        raise BadMark(where, "公式里不能写标记，请把标记单独写在一格，公式引用那一格。")
    if _REACHING.search(text):
        raise BadMark(where, "公式会打开别的文件、网址或程序，模板里不能用。")
