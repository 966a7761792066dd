"""Files that are broken, foreign or meant to harm: each gets one Chinese sentence, and this process goes on.

The recipes are those that made spreadsheet libraries abort, hang or take all memory.
"""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.sheets import child
from domain.sheets.child import read_grids
from domain.sheets.grid import UnreadableFile
from domain.sheets.readers import biff
from tests.ground.places import ROOT
from tests.ground.plans import read_file, workbook

SHEET = "xl/worksheets/sheet1.xml"
OLD_WORKBOOK = ROOT / "tests/ground/plan_files/plan.xls"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def good() -> bytes:
    """A small workbook that can be read."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["编号", "标题", "主办单位"])
    book.active.append(["001", "关于推进托育服务的建议", "区教育局"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(name: str, content: bytes | str, drop: bool = False) -> bytes:
    """The good workbook with one part replaced, added or dropped."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good())) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.namelist():
            if entry != name:
                target.writestr(entry, source.read(entry))
        if not drop:
            target.writestr(name, content)
    return stream.getvalue()


def sheet(rows: str) -> bytes:
    return with_part(
        SHEET, f'<?xml version="1.0"?><worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'
    )


def shared_strings(attributes: str) -> bytes:
    strings = f'<?xml version="1.0"?><sst {MAIN} {attributes}><si><t>x</t></si></sst>'
    return with_part("xl/sharedStrings.xml", strings)


def entity_bomb() -> bytes:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a0 "ha">{lines}]><worksheet {MAIN}><sheetData><row r="1">'
    return with_part(
        SHEET,
        bomb + '<c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData></worksheet>',
    )


def zip_of(entries: list[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries:
            target.writestr(name, content)
    return stream.getvalue()


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same zip with a member's name replaced by one of equal length."""
    assert len(old) == len(new)
    return data.replace(old, new)


def compound(*streams: str, fat_sectors: int = 1, size: int = 4096) -> bytes:
    """An OLE file by its header and directory names; enough to be taken for one."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHH", header, 24, 0x3E, 3, 0xFFFE, 9)
    struct.pack_into("<I", header, 0x2C, fat_sectors)
    names = b"".join((name + "\0").encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return bytes(header) + names.ljust(size, b"\0")


def lying_size() -> bytes:
    """A member that unpacks to more than the directory says."""
    data = bytearray(good())
    at = data.rindex(SHEET.encode()) - 46
    struct.pack_into("<I", data, at + 24, 10)
    return bytes(data)


def bad_deflate() -> bytes:
    data = bytearray(good())
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        entry = archive.getinfo(SHEET)
    start = entry.header_offset + 30 + len(entry.filename)
    data[start : start + 40] = b"\xff" * 40
    return bytes(data)


def ods(content: str) -> bytes:
    names = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    names += 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    names += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    text = f"<office:document-content {names}><table:table>{content}</table:table></office:document-content>"
    return zip_of(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", text.encode()),
        ]
    )


FILLED = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
WIDE = FILLED.replace("cell ", 'cell table:number-columns-repeated="1000000000" ')
HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "random bytes": lambda: bytes(range(256)) * 40,
    "pdf": lambda: b"%PDF-1.7\n" + b"x" * 500,
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
    "rtf": lambda: b"{\\rtf1\\ansi hello}",
    "rar": lambda: b"Rar!\x1a\x07\x00" + b"\0" * 500,
    "plain zip": lambda: zip_of([("readme.txt", b"hello")]),
    "presentation": lambda: zip_of([("ppt/presentation.xml", b"<p/>")]),
    "binary workbook": lambda: zip_of([("xl/workbook.bin", b"\0\1")]),
    "truncated": lambda: good()[: len(good()) // 2],
    "zip end missing": lambda: good()[:-30],
    "cell in the last corner": lambda: sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "row number beyond all rows": lambda: sheet('<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>'),
    "too many rows": lambda: sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="60000"><c r="A60000"><v>1</v></c></row>'
    ),
    "too many columns": lambda: sheet('<row r="1"><c r="A1"><v>1</v></c><c r="ZZ1"><v>1</v></c></row>'),
    "four milliard shared strings": lambda: shared_strings('uniqueCount="4294967295"'),
    "a trillion shared strings": lambda: shared_strings('uniqueCount="1000000000000000000"'),
    "entity bomb": entity_bomb,
    "garbage reference": lambda: sheet('<row r="1"><c r="!!"><v>1</v></c></row>'),
    "cut in the middle of a row": lambda: with_part(SHEET, f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1"><v>1'),
    "no workbook part": lambda: with_part("xl/workbook.xml", b"", drop=True),
    "no sheet part": lambda: with_part(SHEET, b"", drop=True),
    "lying size": lying_size,
    "bad deflate": bad_deflate,
    "zip bomb": lambda: with_part("xl/media/image1.png", b"\0" * 60_000_000),
    "five thousand parts": lambda: zip_of([("xl/workbook.xml", b"<w/>"), *((f"xl/{n}.xml", b"") for n in range(5000))]),
    "way out of the folder": lambda: zip_of([("xl/workbook.xml", b"<w/>"), ("../../etc/x", b"")]),
    "member twice": lambda: renamed(
        zip_of([("xl/workbook.xml", b"<a/>"), ("xl/workbooz.xml", b"<b/>")]), b"workbooz", b"workbook"
    ),
    "old word file": lambda: compound("WordDocument"),
    "encrypted workbook": lambda: compound("EncryptionInfo", "EncryptedPackage"),
    "unknown compound file": lambda: compound("Contents"),
    "compound file with endless tables": lambda: compound("Workbook", fat_sectors=0xFFFFFFFF),
    "compound file of nothing": lambda: compound("Workbook"),
    "compound header alone": lambda: compound("Workbook")[:600],
    "word file with broken xml": lambda: zip_of([("word/document.xml", b"<w:document")]),
    "page without a table": lambda: b"<html><body>hello</body></html>",
    "page with a table as wide as the sea": lambda: b"<table><tr><td colspan=9999999>x</td></tr></table>",
    "text with an open quote": lambda: '编号,标题\n"001,关于'.encode() + b"x" * 200_000,
    "foreign xml": lambda: b'<?xml version="1.0"?><rss><channel/></rss>',
    "mail archive": lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related",
    "open document with a milliard rows": lambda: ods(
        f'<table:table-row table:number-rows-repeated="1000000000">{FILLED}</table:table-row>'
    ),
    "open document with a milliard columns": lambda: ods(f"<table:table-row>{WIDE}</table:table-row>"),
    "encrypted open document": lambda: zip_of(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", b"\x01\x02"),
            ("META-INF/manifest.xml", b"<manifest:encryption-data/>"),
        ]
    ),
}  # fmt: skip


def patched(at: int, number: int, *more: tuple[int, int]) -> bytes:
    """An old workbook that can be read, with numbers of its header or directory replaced."""
    data = bytearray(OLD_WORKBOOK.read_bytes())
    for place, value in ((at, number), *more):
        struct.pack_into("<I", data, place, value)
    return bytes(data)


def workbook_entry() -> int:
    """Where the sample's directory keeps the entry of its workbook."""
    return OLD_WORKBOOK.read_bytes().index("Workbook".encode("utf-16-le"))


ENDLESS: dict[str, Callable[[], bytes]] = {
    "tables": lambda: patched(0x2C, 0xFFFFFFFF, (0x48, 33_818_641), (0x44, 0)),
    "small tables": lambda: patched(0x40, 0xFFFFFFFF, (0x38, 0xFFFFFFFF)),
    "workbook": lambda: patched(workbook_entry() + 0x78, 0xFFFFFFF0),
    "small sectors": lambda: patched(workbook_entry() - 128 + 0x78, 0xFFFFFFF0, (0x38, 0xFFFFFFFF)),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_old_workbook_that_claims_to_be_endless_is_not_looked_through(name: str) -> None:
    assert biff.scan(OLD_WORKBOOK.read_bytes())[0]
    started = time.process_time()
    assert biff.scan(ENDLESS[name]()) == ({}, False)
    assert time.process_time() - started < 1


def sentence_of(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        read_grids(path)
    return refusal.value.sentence


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_file_gets_one_chinese_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(HOSTILE[name]())
    started = time.monotonic()
    sentence = sentence_of(path)
    assert re.fullmatch(r"[^。\n]*[\u4e00-\u9fff][^。\n]*。([^。\n]*。)?", sentence), sentence
    words = re.sub(r"“[^”]*”|\.\w+|WPS|Excel|Word|PDF|RTF|MB|XML|#N/A", "", sentence)
    assert not re.search(r"[A-Za-z]{2,}", words), sentence
    assert time.monotonic() - started < 20


def test_what_is_refused_is_named_rightly(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    words = {
        "encrypted workbook": "密码", "encrypted open document": "密码", "old word file": ".docx", "pdf": "PDF",
        "too many rows": "50000 行", "too many columns": "200 列", "empty": "空的", "plain zip": "压缩包",
    }  # fmt: skip
    for name, word in words.items():
        path.write_bytes(HOSTILE[name]())
        assert word in sentence_of(path), name


def test_a_file_beyond_the_size_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    with path.open("wb") as file:
        file.truncate(20 * 2**20 + 1)
    assert "20 MB" in sentence_of(path)


def test_a_reader_that_never_ends_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "SECONDS", 0.01)
    path = workbook(tmp_path / "plan.xlsx", [["编号", "标题", "主办单位"]])
    assert "秒" in sentence_of(path)


def test_overlapping_merges_over_the_whole_sheet_are_refused(tmp_path: Path) -> None:
    merges = "".join(f'<mergeCell ref="A1:GR{1000 + n}"/>' for n in range(200))
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2000"><c r="GR2000"><v>1</v></c></row>'
    page = f'<worksheet {MAIN}><sheetData>{cells}</sheetData><mergeCells count="200">{merges}</mergeCells></worksheet>'
    path = tmp_path / "plan.xlsx"
    path.write_bytes(with_part(SHEET, page))
    with pytest.raises(UnreadableFile, match="互相重叠"):
        read_file(path)


def test_one_merge_over_the_whole_sheet_is_harmless(tmp_path: Path) -> None:
    page = (
        f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>注</t></is></c></row></sheetData>'
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    )
    path = tmp_path / "plan.xlsx"
    path.write_bytes(with_part(SHEET, page))
    assert read_file(path).rows == ()


def test_dates_that_calamine_would_invent_are_problems(tmp_path: Path) -> None:
    rows = '<row r="1">' + "".join(
        f'<c r="{column}1" s="1"><v>{value}</v></c>'
        for column, value in zip("ABCDE", ("NaN", "-5", "INF", "0", "45448"), strict=True)
    )
    styles = (
        f'<styleSheet {MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
    )
    path = tmp_path / "plan.xlsx"
    path.write_bytes(sheet(rows + "</row>"))
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(stream, "w") as target:
        for entry in source.namelist():
            target.writestr(entry, styles if entry == "xl/styles.xml" else source.read(entry))
    path.write_bytes(stream.getvalue())
    (grid,) = read_grids(path)
    assert set(grid.problems) == {(0, column) for column in range(4)}
    assert str(grid.cells[0][4]) == "2024-06-05"


def test_a_table_made_to_be_slow_is_read_in_seconds(tmp_path: Path) -> None:
    """Thousands of headers, cells full of strangers, endless lists: no step costs more than a little per cell."""
    header = [
        "编号",
        "标题",
        "领衔代表",
        "主办单位",
        "协办单位",
        "办理时限",
        "备注",
        "界别",
        "类别",
        "责任领导",
    ]
    strangers = ["、".join(f"某{n}{m}局" for m in range(400)) for n in range(30)]
    rows = [
        [f"{n}号", "关于" + "的" * 300, "张　" * 400, text, text[::-1], "6" * 3000, "(" * 3000]
        for n, text in enumerate(strangers)
    ]
    lines = [header, *rows, *([header, ["甲", *header[1:]]] * 3000)]
    path = tmp_path / "plan.csv"
    path.write_text("\n".join(",".join(map(str, line)) for line in lines), encoding="utf-8")
    started = time.process_time()
    plan = read_file(path)
    assert time.process_time() - started < 15
    assert sum(bool(row.errors) for row in plan.rows[:30]) == 30
