"""What an uploaded file is, told by its bytes and never by its name; refused before anything parses it.

Only looks: the zip directory, the header of an OLE file, the first bytes of a text. Never unpacks or parses.
"""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

from domain.sheets.grid import UnreadableFile
from domain.sheets.text_files import FOREIGN, inspect_text

MAX_BYTES = 20 * 2**20
"""The most an imported file may hold: said on the screen, kept by the upload, and checked again before reading."""
MAX_UNPACKED = 200 * 2**20
MAX_RATIO = 200
MAX_ENTRIES = 2_000

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = "文件不完整或已损坏，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。"
TOO_LARGE = "文件展开后太大，不像一份分工方案，请只保留方案本身后再上传。"
ENCRYPTED = "文件加了打开密码，请取消密码后另存再上传。"
DISGUISED = (
    "文件被加密软件（文档安全客户端）加了密，这里打不开，"
    "请在装有该软件的电脑上解密、另存一份没有加密的 .xlsx 再上传。"
)
_DISGUISED = (b"%TSD-Header", b"E-SafeNet", b"\x62\x14\x23\x65", b"<DRM_HEADER", b"#DLPENC")
"""How files begin that such clients keep encrypted under their old names."""
FOREIGN_MAGIC = (
    (b"%PDF", "这是 PDF 文件，里面的表格不能直接读取，请上传 Excel 或 Word 原件。"),
    (b"{\\rtf", "这是 RTF 文件，请用 Word 或 WPS 另存为 .docx 后再上传。"),
    (b"Rar!", "这是压缩包，请先解压，再上传里面的表格文件。"),
    (b"7z\xbc\xaf", "这是压缩包，请先解压，再上传里面的表格文件。"),
    (b"\x1f\x8b", "这是压缩包，请先解压，再上传里面的表格文件。"),
    (b"\x89PNG", "这是图片，不能读取，请上传 Excel 或 Word 原件。"),
    (b"\xff\xd8\xff", "这是图片，不能读取，请上传 Excel 或 Word 原件。"),
    (b"GIF8", "这是图片，不能读取，请上传 Excel 或 Word 原件。"),
)


def inspect(path: Path) -> str:
    """The file's kind: 'xlsx', 'xls', 'ods', 'docx', 'xml2003', 'html' or 'text'. Raises UnreadableFile."""
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile("文件是空的，请检查后重新上传。")
    if size > MAX_BYTES:
        limit = MAX_BYTES // 2**20
        raise UnreadableFile(f"文件有 {size / 2**20:.1f} MB，超过了 {limit} MB 的上限。")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK"):
        return _inspect_zip(path)
    if head.startswith(OLE_MAGIC):
        return _inspect_ole(path.read_bytes())
    if any(mark in head[:64] for mark in _DISGUISED):
        raise UnreadableFile(DISGUISED)
    for magic, sentence in FOREIGN_MAGIC:
        if head.startswith(magic):
            raise UnreadableFile(sentence)
    return inspect_text(head)


def _inspect_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        struct.error,
        OverflowError,
    ):
        raise UnreadableFile(BROKEN) from None
    _check_entries(entries)
    return _kind_of_zip({_member(entry) for entry in entries})


def _member(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/").lstrip("/")


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [_member(entry).lower() for entry in entries]
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnreadableFile(TOO_LARGE)
    if len(set(names)) < len(names) or any(".." in name.split("/") for name in names):
        raise UnreadableFile(BROKEN)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile(ENCRYPTED)
    if any(
        e.file_size > 2**20 and e.file_size > MAX_RATIO * max(e.compress_size, 1) for e in entries
    ):
        raise UnreadableFile(TOO_LARGE)


def _kind_of_zip(names: set[str]) -> str:
    if any(re.fullmatch(r"xl/workbook\d*\.xml", name, re.I) for name in names):
        return "xlsx"
    if any(re.fullmatch(r"word/document\d*\.xml", name, re.I) for name in names):
        return "docx"
    if "xl/workbook.bin" in names:
        raise UnreadableFile("这是 .xlsb 文件，请用 Excel 另存为 .xlsx 后再上传。")
    if any(name.startswith("ppt/") for name in names):
        raise UnreadableFile("这是演示文稿，不是表格文件，请上传 Excel 或 Word 原件。")
    if {"content.xml", "mimetype"} <= names:
        return "ods"
    if any(name.startswith("index/") or name.endswith(".iwa") for name in names):
        raise UnreadableFile("这是苹果的 Numbers 表格，请在 Numbers 里导出为 .xlsx 后再上传。")
    if any(name.startswith(("xl/", "word/")) for name in names):
        raise UnreadableFile(BROKEN)
    if "[content_types].xml" in {name.lower() for name in names}:
        raise UnreadableFile(FOREIGN)
    raise UnreadableFile("这是压缩包，请先解压，再上传里面的表格文件。")


def _inspect_ole(data: bytes) -> str:
    """An OLE file is an old Excel/WPS workbook, an encrypted new one, or something else; its stream names tell."""
    if len(data) < 1536 or not _ole_counts_fit(data):
        raise UnreadableFile(BROKEN)
    if _has_stream(data, "DRMContent"):
        raise UnreadableFile(DISGUISED)
    if _has_stream(data, "EncryptedPackage"):
        rights = _has_stream(data, "DRMEncryptedDataSpace")
        raise UnreadableFile(DISGUISED if rights else ENCRYPTED)
    if _has_stream(data, "WordDocument") and not _has_stream(data, "Workbook"):
        raise UnreadableFile("这是旧格式的 Word 文件（.doc 或 .wps），请另存为 .docx 后再上传。")
    if _has_stream(data, "PowerPoint Document"):
        raise UnreadableFile("这是演示文稿，不是表格文件，请上传 Excel 或 Word 原件。")
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return "xls"
    raise UnreadableFile(FOREIGN)


def _has_stream(data: bytes, name: str) -> bool:
    return (name + "\0").encode("utf-16-le") in data


def _ole_counts_fit(data: bytes) -> bool:
    """The sector tables that the header promises must fit into the file: readers allocate what it says."""
    shift = struct.unpack_from("<H", data, 30)[0]
    counts = [struct.unpack_from("<I", data, offset)[0] for offset in (0x2C, 0x40, 0x48)]
    return shift in (9, 12) and all(count << shift <= len(data) for count in counts)
