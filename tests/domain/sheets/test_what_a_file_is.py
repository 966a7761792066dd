"""What a file is called on refusal: 不完整 only where it is, and for the rest what it is and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import inspect
from tests.domain.sheets.made import zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sentence_of(folder: Path, data: bytes, name: str = "plan.xlsx") -> str:
    path = folder / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as refusal:
        inspect(path)
    return refusal.value.sentence


def ole(*streams: str) -> bytes:
    """As much of an old Office file as tells its streams."""
    head = bytearray(OLE + b"\0" * 22 + b"\x09\0" + b"\0" * 480)
    names = b"".join((name + "\0").encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return bytes(head) + names + b"\0" * 2_000


@pytest.mark.parametrize(
    "head",
    [b"%TSD-Header-###%\x01\x02", b"\x62\x14\x23\x65\x00E-SafeNet\0LOCK", b"\0\x01E-SafeNet"],
)
def test_a_file_of_an_encryption_client(tmp_path: Path, head: bytes) -> None:
    sentence = sentence_of(tmp_path, head + bytes(range(256)) * 20)
    assert "加密软件" in sentence
    assert "解密" in sentence


def test_a_file_with_rights_management(tmp_path: Path) -> None:
    assert "加密软件" in sentence_of(tmp_path, ole("EncryptedPackage", "DRMEncryptedDataSpace"))
    assert "打开密码" in sentence_of(tmp_path, ole("EncryptedPackage"))


@pytest.mark.parametrize(
    "head",
    [
        "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n",
        "From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n",
        "Content-Type: multipart/related; boundary=x\r\n",
        "X-Mailer: WPS\r\nSubject: =?utf-8?B?5Lqk?=\r\ncontent-type: multipart/related;\r\n",
        "\ufeff\r\nMIME-Version: 1.0\r\n",
        "This document is a Single File Web Page.\r\nMIME-Version: 1.0\r\n",
    ],
)
def test_a_web_archive_however_it_begins(tmp_path: Path, head: str) -> None:
    assert "单个文件网页" in sentence_of(tmp_path, head.encode() + b"\r\n--x\r\n", "plan.xls")


def test_a_text_with_colons_is_no_web_archive(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("no: 编号,案由\n001,关于修路的建议\n", encoding="utf-8")
    assert inspect(path) == "text"


@pytest.mark.parametrize("name", ["plan.xls", "plan.xlsx"])
def test_an_old_word_file_called_excel(tmp_path: Path, name: str) -> None:
    assert "旧格式的 Word" in sentence_of(tmp_path, ole("WordDocument", "1Table"), name)


def test_a_workbook_that_holds_a_word_document(tmp_path: Path) -> None:
    path = tmp_path / "plan.xls"
    path.write_bytes(ole("Workbook", "MBD0001", "WordDocument"))
    assert inspect(path) == "xls"


def test_a_word_file_called_excel_is_read_as_what_it_is(tmp_path: Path) -> None:
    assert inspect(zipped(tmp_path / "plan.xls", {"word/document.xml": ""})) == "docx"


@pytest.mark.parametrize(
    ("space", "said"),
    [
        ("http://schemas.microsoft.com/office/word/2003/wordml", "Word 2003"),
        ("http://schemas.microsoft.com/office/2006/xmlPackage", "另存为 .docx"),
        ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", "另存为 .ods"),
    ],
)
def test_xml_of_other_programs(tmp_path: Path, space: str, said: str) -> None:
    page = f'<?xml version="1.0"?><a:b xmlns:a="{space}"/>'
    assert said in sentence_of(tmp_path, page.encode(), "plan.xls")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["[Content_Types].xml", "_rels/.rels", "visio/document.xml"], "这不是表格文件"),
        (["_rels/.rels", "[Content_Types].xml", "FixedDocSeq.fdseq"], "这不是表格文件"),
        (["Index/Document.iwa", "preview.jpg"], "Numbers"),
        (["[Content_Types].xml", "xl/sharedStrings.xml"], "不完整"),
        (["a.xlsx", "b.docx"], "这是压缩包"),
    ],
)
def test_only_a_broken_file_is_called_incomplete(
    tmp_path: Path, parts: list[str], said: str
) -> None:
    path = zipped(tmp_path / "made", dict.fromkeys(parts, "x"))
    assert said in sentence_of(tmp_path, path.read_bytes())
