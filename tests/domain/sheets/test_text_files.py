"""Text files as programs write them: quotes, ="005", spaces, and which encoding; a doubt names its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.sheets.child import read_grids
from domain.sheets.grid import UnreadableFile
from tests.domain.sheets.made import one_grid

HEAD = "编号,案由,主办单位\r\n"
ROWS = "".join(f"{n:03},关于改造第{n}个老旧小区的建议,区住建局\r\n" for n in range(1, 8))


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "plan.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal_of(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        read_grids(path)
    return refusal.value.sentence


@pytest.mark.parametrize(
    "body",
    [
        '001,关于修路的建议,区住建局\n002,"关于修桥的建议,区住建局\n003,关于修渠的建议,区住建局\n',
        '001,关于修路的建议,区住建局\n002,"关于修桥的建议,区住建局\n003,"关于修渠的建议",区住建局\n',
        '001,"关于修路\n的建议",区住建局\n"关于修桥的建议,区住建局\n',
    ],
)
def test_a_quote_that_is_never_closed_is_told_with_its_line(tmp_path: Path, body: str) -> None:
    sentence = refusal_of(written(tmp_path, HEAD + body))
    assert sentence.startswith("第3行" if "修路的" in body else "第4行")
    assert "引号没有成对" in sentence


def test_a_quote_left_open_in_a_tabbed_text(tmp_path: Path) -> None:
    sentence = refusal_of(
        written(tmp_path, '编号\t案由\n001\t"关于修路的建议\n002\t关于修桥的建议\n')
    )
    assert sentence.startswith("第2行")


def test_quotes_that_belong_to_the_text_stay(tmp_path: Path) -> None:
    body = '001,"关于""一村一品""的\n建议",区住建局\n002,"一村一品"示范的建议,区住建局\n003,5" 管道的建议,区\n'
    cells = one_grid(written(tmp_path, HEAD + body)).cells
    assert [line[1] for line in cells[1:]] == [
        '关于"一村一品"的\n建议',
        "一村一品示范的建议",
        '5" 管道的建议',
    ]


@pytest.mark.parametrize("value", ['="005"', '"=""005"""', ' ="005"'])
def test_a_text_written_as_a_formula_is_the_text(tmp_path: Path, value: str) -> None:
    assert one_grid(written(tmp_path, HEAD + f"{value},标题,单位")).cells[1][0] == "005"


def test_a_real_formula_stays_to_be_told(tmp_path: Path) -> None:
    assert one_grid(written(tmp_path, HEAD + "=A1+1,标题,单位")).cells[1][0] == "=A1+1"


@pytest.mark.parametrize("delimiter", [", ", "; ", "|  "])
def test_a_space_before_a_quote_shifts_no_column(tmp_path: Path, delimiter: str) -> None:
    rows = [["编号", "案由", "单位"], ["001", '"修路, 修桥; 修|渠"', "区住建局"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert one_grid(written(tmp_path, text)).cells[1] == ["001", "修路, 修桥; 修|渠", "区住建局"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("title", ["一体推进一村一品一路一桥", "改造候车亭", "关于A区B路的建议"])
def test_utf_16_without_a_mark(tmp_path: Path, encoding: str, title: str) -> None:
    text = HEAD + f"001,{title},区住建局\r\n" * 3
    assert one_grid(written(tmp_path, text.encode(encoding))).cells[3] == ["001", title, "区住建局"]


@pytest.mark.parametrize(("first", "second"), [("utf-8", "gbk"), ("gbk", "utf-8")])
def test_two_encodings_in_one_file_are_told_with_their_lines(
    tmp_path: Path, first: str, second: str
) -> None:
    path = written(tmp_path, HEAD.encode(first) + ROWS.encode(second))
    places = {first: 1, second: 2}
    said = f"第{places['utf-8']}行是 UTF-8，第{places['gbk']}行是 GBK"
    assert said in refusal_of(path)


def test_damaged_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    data = (HEAD + ROWS).encode()
    place = data.index("第5".encode())
    assert "第6行有损坏的文字" in refusal_of(
        written(tmp_path, data[:place] + b"\xff" + data[place + 1 :])
    )


def test_big5_is_named(tmp_path: Path) -> None:
    text = "編號,案由,主辦單位\r\n001,關於改造老舊小區的建議,區住建局\r\n"
    assert "Big5" in refusal_of(written(tmp_path, text.encode("big5")))


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_gbk_with_rare_characters_is_still_read(tmp_path: Path, encoding: str) -> None:
    text = HEAD + "001,关于韦赟、蒙翀、覃彧、闫喆、甯珺等代表所提建议,区住建局\r\n"
    assert one_grid(written(tmp_path, text.encode(encoding))).cells[1][0] == "001"


def test_a_short_gbk_file_is_read(tmp_path: Path) -> None:
    assert one_grid(written(tmp_path, "编号,案由\n1,镕\n".encode("gbk"))).cells[1] == ["1", "镕"]


def test_a_formula_that_keeps_a_text_in_a_web_page(tmp_path: Path) -> None:
    page = '<table><tr><td>="005"</td><td>="a"&"b"</td></tr></table>'
    assert one_grid(written(tmp_path, page)).cells == [["005", '="a"&"b"']]


def test_the_fields_of_a_form_in_a_web_page(tmp_path: Path) -> None:
    cells = (
        "<input value=005>",
        "<select><option>甲<option selected>乙</select>",
        "<select><option>丙<option>丁</select>",
        "<input type=hidden value=1>无",
    )
    page = f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"
    assert one_grid(written(tmp_path, page)).cells == [["005", "乙", "丙", "无"]]
