"""What has the colour of its ground is read as anybody would copy it, and told: nobody sees it in the file."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Color, Font, PatternFill

from tests.domain.sheets.made import one_grid
from tests.ground.plans import read_file

HEADS = ("案号", "标题", "主办单位")
ROW = ("005", "关于修路的建议", "鱼峰区住房和城乡建设局")
RED = PatternFill("solid", fgColor="FFC00000")


def a_book(folder: Path, font: Font, fill: PatternFill | None = None) -> Path:
    book = Workbook()
    page = book.active
    page.append(HEADS)
    page.append(ROW)
    page["C2"].font = font
    if fill is not None:
        page["C2"].fill = fill
    book.save(folder / "plan.xlsx")
    return folder / "plan.xlsx"


@pytest.mark.parametrize(
    ("font", "fill"),
    [
        (Font(color="FFFFFFFF"), None),
        (Font(color=Color(theme=0)), None),
        (Font(color=Color(indexed=9)), None),
        (Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FFFFFFFF")),
    ],
)
def test_white_text_is_read_and_told(tmp_path: Path, font: Font, fill: PatternFill | None) -> None:
    file = a_book(tmp_path, font, fill)
    assert one_grid(file).cells[1][2] == ROW[2]
    (row,) = read_file(file).rows
    (doubt,) = row.doubts
    assert (
        "鱼峰区住房和城乡建设局”的字和底色一样（如白字），打开文件看不见，也读取了" in doubt.message
    )
    assert doubt.cell == "C2"


@pytest.mark.parametrize(
    ("font", "fill"),
    [(Font(color="FFFFFFFF"), RED), (Font(color="FF000000"), None), (Font(color="FF112233"), None)],
)
def test_text_that_is_seen_is_no_news(tmp_path: Path, font: Font, fill: PatternFill | None) -> None:
    assert one_grid(a_book(tmp_path, font, fill)).unseen == {}
