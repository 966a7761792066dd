"""Bytes of a text file into text: UTF-8 with or without a mark, UTF-16, GB18030 (which holds GBK and GB2312)."""

from __future__ import annotations

import codecs
import re

from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import FOREIGN, looks_utf16

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.I)
_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "cp936"}


def decode(data: bytes) -> str:
    """The text. Raises UnreadableFile when no encoding fits, or when what comes out is no text."""
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return _checked(text.removeprefix("\ufeff"))
    raise UnreadableFile("文件的文字编码无法识别，请用 WPS 或 Excel 另存为 .xlsx 后再上传。")


def _candidates(data: bytes) -> list[str]:
    if data.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return ["utf-16"]
    if b"\0" in data[:4096] and looks_utf16(data[:4096]):
        little = data[1:4096:2].count(0) > data[0:4096:2].count(0)
        return ["utf-16-le" if little else "utf-16-be"]
    match = _DECLARED.search(data[:2048])
    declared = match.group(1).decode("ascii", "replace").lower() if match else "utf-8"
    return ["gb18030" if declared in _CHINESE else declared, "utf-8", "gb18030"]


def _checked(text: str) -> str:
    """A text file has hardly any control or private characters; random bytes decoded as Chinese have many."""
    sample = text[:20_000]
    strange = sum(
        1
        for c in sample
        if (c < " " and c not in "\t\r\n\f\x0b") or "\ue000" <= c <= "\uf8ff" or c == "\ufffd"
    )
    if strange > len(sample) / 50:
        raise UnreadableFile(FOREIGN)
    return text
