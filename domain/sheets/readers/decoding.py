"""Bytes of a text file into text: UTF-8 with or without a mark, UTF-16, GB18030 (which holds GBK and GB2312)."""

from __future__ import annotations

import codecs
import re

from domain.sheets.grid import UnreadableFile
from domain.sheets.text_files import FOREIGN, utf16_order

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.I)
_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "cp936"}
SAVE_AGAIN = "请用 WPS 或 Excel 打开、检查文字后另存为 .xlsx 再上传。"
_HAN = re.compile("[\u4e00-\u9fff]")
_ENOUGH = 0.85


def decode(data: bytes) -> str:
    """The text. Raises UnreadableFile when no encoding fits, or when what comes out is no text."""
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding == "gb18030":
            _refuse_others(data, text)
        return _checked(text.removeprefix("\ufeff"))
    _refuse_others(data, "")
    raise UnreadableFile("文件的文字编码无法识别，请用 WPS 或 Excel 另存为 .xlsx 后再上传。")


def _candidates(data: bytes) -> list[str]:
    if data.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return ["utf-16"]
    if b"\0" in data[:4096] and (order := utf16_order(data[:4096])):
        return [order]
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


def _refuse_others(data: bytes, as_gb: str) -> None:
    """Say so if the bytes are in two encodings, in UTF-8 with damaged places, or in Big5."""
    lines = [(number, line) for number, line in enumerate(data.splitlines(), 1) if _is_high(line)]
    utf8 = [number for number, line in lines if len(line) < 4_000 and _utf8_share(line) == 1]
    others = [(number, line) for number, line in lines if _utf8_share(line) < 1]
    if utf8 and others:
        number, line = others[0]
        if _utf8_share(line) < _ENOUGH and _is_usual(line, "gb18030"):
            raise UnreadableFile(
                f"文件里有两种文字编码：第{utf8[0]}行是 UTF-8，第{number}行是 GBK（GB18030），{SAVE_AGAIN}"
            )
        raise UnreadableFile(f"文件是 UTF-8 编码，但第{number}行有损坏的文字，{SAVE_AGAIN}")
    if not _is_usual_text(as_gb) and _is_usual(data, "big5"):
        raise UnreadableFile(f"文件是繁体中文的 Big5 编码，不能直接读取，{SAVE_AGAIN}")


def _is_high(line: bytes) -> bool:
    return not line.isascii()


def _utf8_share(line: bytes) -> float:
    """How much of the line's text beside ASCII is UTF-8; a few bytes of another encoding may look like it."""
    text = line.decode("utf-8", "replace")
    other = [c for c in text if c > "\x7f"]
    good = len(other) - other.count("\ufffd")
    return good / len(other) if good > 2 or good == len(other) else 0.0


def _is_usual(data: bytes, encoding: str) -> bool:
    try:
        return _is_usual_text(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return False


def _is_usual_text(text: str, encoding: str = "gb18030") -> bool:
    """Whether most Chinese characters are of those in daily use, which stand first in both old standards."""
    found = _HAN.findall(text[:20_000])
    last = b"\xd7\xfe" if encoding == "gb18030" else b"\xc6\x7e"
    first = b"\xb0\xa1" if encoding == "gb18030" else b"\xa4\x40"
    codes = (c.encode(encoding, "replace") for c in found)
    usual: int = sum(
        first <= code <= last and (encoding == "big5" or code[1] > 0xA0) for code in codes
    )
    return usual >= _ENOUGH * max(len(found), 1)
