"""Text that is struck through or hidden by a style, or by one run of an old workbook, is left out and told."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from domain.sheets.grid import Grid
from domain.sheets.readers import biff, numbers
from domain.sheets.readers.marks import Runs
from tests.domain.sheets.made import ods, one_grid, records, zipped
from tests.domain.sheets.test_word_text import cell, document, row, run, table

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def told(grid: Grid) -> dict[tuple[int, int], tuple[str, str]]:
    return {place: (one.text, one.why) for place, one in grid.remarks.items()}


# ---- runs of an old workbook

PLAIN, STRUCK = 0, 1


def rich(text: str, *runs: tuple[int, int]) -> bytes:
    """A shared string; `runs` are (start, number of the font)."""
    head = struct.pack("<HBH", len(text), 0x09, len(runs))
    return head + text.encode("utf-16-le") + b"".join(struct.pack("<HH", *one) for one in runs)


def struck_of(
    monkeypatch: pytest.MonkeyPatch,
    texts: bytes,
    *more: bytes,
    style: int = PLAIN,
    strings: int = 1,
) -> dict[tuple[int, int], Runs | None]:
    """What the second look finds struck in A1, which shows the last of the strings."""
    table = struct.pack("<II", strings, strings) + texts
    head = records(
        (0x0031, struct.pack("<HH", 200, 0)),
        (0x0031, struct.pack("<HH", 200, 8)),
        (0x00E0, struct.pack("<HH", 0, 0)),
        (0x00E0, struct.pack("<HH", 1, 0)),
        (0x00FC, table),
        *((0x003C, part) for part in more),
    )
    book = head + records(
        (0x0085, struct.pack("<IHBB", len(head) + 18, 0, 2, 0) + b"ab"),
        (0x000A, b""),
        (0x00FD, struct.pack("<HHHI", 0, 0, style, strings - 1)),
        (0x000A, b""),
    )
    monkeypatch.setattr(biff, "_workbook", lambda data: book)
    return biff.scan(b"")[0]["ab"].struck


def test_one_run_of_a_cell_in_an_old_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    text = rich("区教育局、区财政局", (5, STRUCK))
    assert struck_of(monkeypatch, text) == {(0, 0): Runs("区教育局、", "区财政局")}


def test_a_run_in_the_middle_behind_other_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = struct.pack("<HB", 2, 0) + b"ab"
    spoken = struct.pack("<HBI", 1, 0x05, 3) + "甲".encode("utf-16-le") + b"xyz"
    text = rich("甲、乙、丙", (2, STRUCK), (4, PLAIN))
    found = struck_of(monkeypatch, plain + spoken + text, strings=3)
    assert found == {(0, 0): Runs("甲、丙", "乙、")}


@pytest.mark.parametrize("cut", range(5, 17, 2))
def test_a_string_that_goes_on_in_the_next_record(
    monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    text = rich("区教育局、区财政局", (5, STRUCK))
    found = struck_of(monkeypatch, text[:cut], b"\x01" + text[cut:])
    assert found == {(0, 0): Runs("区教育局、", "区财政局")}


def test_a_run_that_is_not_struck_in_a_struck_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    text = rich("甲、乙", (2, PLAIN))
    assert struck_of(monkeypatch, text, style=1) == {(0, 0): Runs("乙", "甲、")}


def test_runs_that_are_only_bold_strike_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert struck_of(monkeypatch, rich("甲、乙", (2, PLAIN))) == {}


def test_a_table_of_strings_that_is_cut_short_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    assert struck_of(monkeypatch, rich("甲、乙", (2, STRUCK))[:7]) == {}


# ---- styles of Word


def with_styles(folder: Path, styles: str, *cells: str) -> Grid:
    """A document of one row whose styles these are."""
    path = document(folder, table(row(*cells)))
    with zipfile.ZipFile(path) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts["word/styles.xml"] = f'<w:styles xmlns:w="{_W}">{styles}</w:styles>'
    return one_grid(zipped(path, parts))


def style(name: str, looks: str = "", based_on: str = "", kind: str = "character") -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}">{base}<w:rPr>{looks}</w:rPr></w:style>'


def paragraph(name: str, *runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr>{"".join(runs)}</w:p>'


def styled(text: str, name: str, looks: str = "") -> str:
    return run(text, f'<w:rStyle w:val="{name}"/>{looks}')


def test_a_style_of_characters_strikes_a_run(tmp_path: Path) -> None:
    styles = style("Gone", "<w:strike/>")
    grid = with_styles(tmp_path, styles, cell(run("区教育局"), styled("、区财政局", "Gone")))
    assert grid.cells == [["区教育局"]]
    assert told(grid) == {(0, 0): ("、区财政局", numbers.STRUCK)}


def test_a_style_hides_by_the_one_it_is_based_on(tmp_path: Path) -> None:
    styles = style("Base", "<w:vanish/>") + style("Secret", based_on="Base")
    grid = with_styles(tmp_path, styles, cell(run("甲"), styled("乙", "Secret")))
    assert grid.cells == [["甲"]]
    assert told(grid) == {(0, 0): ("乙", numbers.HIDDEN)}


def test_a_style_of_the_paragraph_strikes_the_whole_cell(tmp_path: Path) -> None:
    styles = style("Old", "<w:dstrike/>", kind="paragraph")
    grid = with_styles(tmp_path, styles, cell(paragraph("Old", run("甲"))), cell(run("乙")))
    assert grid.cells == [["", "乙"]]
    assert told(grid) == {(0, 0): ("甲", numbers.STRUCK)}


@pytest.mark.parametrize(
    ("styles", "inner"),
    [
        (style("S", '<w:strike w:val="0"/>'), styled("甲", "S")),
        (style("S", "<w:strike/>"), styled("甲", "S", '<w:strike w:val="false"/>')),
        (style("S", "<w:strike/>") + style("T", '<w:strike w:val="0"/>', "S"), styled("甲", "T")),
        (
            style("P", "<w:strike/>", kind="paragraph") + style("S", "<w:strike/>"),
            paragraph("P", styled("甲", "S")),
        ),
        (style("S", based_on="S"), styled("甲", "S")),
    ],
    ids=["off", "taken back at the run", "taken back by a style", "switched back", "a circle"],
)
def test_what_no_style_strikes_is_read(tmp_path: Path, styles: str, inner: str) -> None:
    grid = with_styles(tmp_path, styles, cell(inner))
    assert (grid.cells, told(grid)) == ([["甲"]], {})


# ---- named styles of an OpenDocument

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style", "text", "table")
)


def ods_style(name: str, family: str, looks: str = "", parent: str = "") -> str:
    properties = f"<style:text-properties {looks}/>" if looks else ""
    of = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:family="{family}"{of}>{properties}</style:style>'
    )


def ods_with(folder: Path, shared: str, own: str, cells: str) -> Grid:
    path = ods(folder / "x.ods", f"<table:table-row>{cells}</table:table-row>", own)
    with zipfile.ZipFile(path) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts["styles.xml"] = (
        f"<office:document-styles {_SPACES}><office:styles>{shared}</office:styles>"
        "</office:document-styles>"
    )
    return one_grid(zipped(path, parts))


def ods_cell(text: str, name: str = "") -> str:
    of = f' table:style-name="{name}"' if name else ""
    return f'<table:table-cell office:value-type="string"{of}><text:p>{text}</text:p></table:table-cell>'


LINE = 'style:text-line-through-style="solid"'


def test_a_named_style_strikes_a_cell(tmp_path: Path) -> None:
    grid = ods_with(
        tmp_path, ods_style("Gone", "table-cell", LINE), "", ods_cell("甲", "Gone") + ods_cell("乙")
    )
    assert grid.cells == [["", "乙"]]
    assert told(grid) == {(0, 0): ("甲", numbers.STRUCK)}


def test_a_style_of_the_sheet_has_what_its_named_parent_has(tmp_path: Path) -> None:
    shared = ods_style("Gone", "table-cell", LINE)
    grid = ods_with(
        tmp_path, shared, ods_style("ce1", "table-cell", parent="Gone"), ods_cell("甲", "ce1")
    )
    assert told(grid) == {(0, 0): ("甲", numbers.STRUCK)}


def test_a_named_style_of_a_span_hides(tmp_path: Path) -> None:
    shared = ods_style("Secret", "text", 'text:display="none"')
    text = '甲<text:span text:style-name="Secret">乙</text:span>'
    grid = ods_with(tmp_path, shared, "", ods_cell(text))
    assert grid.cells == [["甲"]]
    assert told(grid) == {(0, 0): ("乙", numbers.HIDDEN)}


def test_a_style_that_takes_its_parents_line_back_strikes_nothing(tmp_path: Path) -> None:
    own = ods_style("ce1", "table-cell", 'style:text-line-through-style="none"', "Gone")
    grid = ods_with(tmp_path, ods_style("Gone", "table-cell", LINE), own, ods_cell("甲", "ce1"))
    assert (grid.cells, told(grid)) == ([["甲"]], {})
