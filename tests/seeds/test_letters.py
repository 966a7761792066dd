"""The layout of GB/T 9704 as another program prints it, and how a letter is written as a text."""

from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from domain.papers.paper import OfficePaper
from domain.papers.word.template import DocumentTemplate
from seeds.papers.letters.layout import CHARACTERS, INSTEAD, LINES, STYLES
from seeds.papers.letters.register import LETTERS
from seeds.papers.letters.scripts import drawn
from tests.ground.office import as_pdf, pages_of

A_MILLIMETRE = 36_000
"""In the units in which a Word file is measured by python-docx."""


def written(content: bytes, folder: Path) -> Path:
    path = folder / "letter.docx"
    path.write_bytes(content)
    return path


def test_a_page_of_text_has_22_lines_of_28_characters(tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + n) for n in range(LINES * CHARACTERS * 2 + 1))
    pages = pages_of(as_pdf([written(drawn(f"【】{text}"), tmp_path)], tmp_path)[0])
    assert [len(page) for page in pages] == [LINES + 1, LINES + 1, 2]
    assert {len(line) for page in pages[:2] for line in page[:-1]} == {CHARACTERS}
    assert ["".join(page[-1].split()) for page in pages] == ["—1—", "—2—", "—3—"]


def test_the_text_stands_within_156_by_225_millimetres(tmp_path: Path) -> None:
    section = Document(str(written(drawn("正文"), tmp_path))).sections[0]
    sides = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(side / A_MILLIMETRE) for side in sides if side] == [37, 28, 26, 35]
    assert section.page_width and section.page_height
    assert [round(n / A_MILLIMETRE) for n in (section.page_width, section.page_height)] == [
        210,
        297,
    ]


def test_page_numbers_stand_at_the_outer_side(tmp_path: Path) -> None:
    document = Document(str(written(drawn("正文"), tmp_path)))
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert [one.style.name for one in (odd, even) if one.style] == ["单页码", "双页码"]
    assert [one.text.replace("1", "N") for one in (odd, even)] == ["— N —", "— N —"]


def test_every_style_names_its_east_asian_face_and_what_may_stand_in_for_it(tmp_path: Path) -> None:
    document = Document(str(written(drawn("正文"), tmp_path)))
    for style in STYLES:
        faces = document.styles[style.name].element.rPr.find(qn("w:rFonts"))
        assert faces.get(qn("w:eastAsia")) == style.face
        assert style.face in INSTEAD


def test_a_text_is_drawn_line_by_line(tmp_path: Path) -> None:
    text = """
【标题】标题
正文{{案由}}
【表】1 3
| #序号 | #案由 |
| ^1 | 甲/ 乙 |
| 2>合计 |
【横页】
【附件】附件
"""
    document = Document(str(written(drawn(text), tmp_path)))
    styles = [(p.text, p.style.name) for p in document.paragraphs if p.text and p.style]
    assert styles == [("标题", "公文标题"), ("正文{{案由}}", "公文正文"), ("附件", "附件标识")]
    table = document.tables[0]
    assert [[c.text for c in row.cells] for row in table.rows] == [
        ["序号", "案由"], ["1", "甲\n乙"], ["合计", "合计"],
    ]  # fmt: skip
    assert [s.orientation for s in document.sections] == [0, 1]


@pytest.mark.parametrize("paper", LETTERS, ids=lambda paper: paper.name)
def test_every_letter_is_a_template_that_is_drawn_alike_each_time(
    paper: OfficePaper, tmp_path: Path
) -> None:
    content = paper.draw()
    assert content == paper.draw()
    assert paper.ending == ".docx"
    assert (
        b"<"
        not in "".join(
            mark.name.replace("<>", "")
            for mark in DocumentTemplate(written(content, tmp_path)).marks
        ).encode()
    )  # no word was left to be given


def test_names_of_letters_are_told_apart() -> None:
    assert len({paper.name for paper in LETTERS}) == len(LETTERS)
