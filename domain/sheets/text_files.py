"""What a file is that is no package and no OLE file, by its first bytes: a web page, an XML of Excel 2003, a text."""

from __future__ import annotations

import re

from domain.sheets.grid import UnreadableFile

FOREIGN = "这不是表格文件。可以上传 .xlsx、.xls、.et、.ods、.csv 和带表格的 .docx。"
_MAIL_HEADER = re.compile(rb"[a-z][a-z0-9-]{1,40}:[ \t<]")
_MIME = re.compile(rb"^(?:mime-version:\s*1\.0|content-type:\s*multipart/related)\b", re.MULTILINE)
_FOREIGN_XML = (
    (
        b"schemas.microsoft.com/office/word/2003/wordml",
        "这是 Word 2003 的 XML 文件，请用 Word 或 WPS 另存为 .docx 后再上传。",
    ),
    (
        b"schemas.microsoft.com/office/2006/xmlpackage",
        "这是 Word 的单个 XML 文件，请用 Word 或 WPS 另存为 .docx 后再上传。",
    ),
    (
        b"urn:oasis:names:tc:opendocument:xmlns:office",
        "这是单个 XML 文件的 ODF 文档，请另存为 .ods 或 .xlsx 后再上传。",
    ),
)
_UTF_16 = ("utf-16-le", "utf-16-be")
_PLAIN = re.compile(
    "[\t\r\n -~\u00a0-\u00ff\u2010-\u2027\u2460-\u249b\u25a0-\u26ff\u3000-\u3020\u4e00-\u9fff\uff00-\uffef]"
)


def inspect_text(head: bytes) -> str:
    """The kind that the first bytes tell: 'xml2003', 'html' or 'text'. Raises UnreadableFile."""
    lowered = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in lowered and lowered.startswith(b"<?xml"):
        return "xml2003"
    if _is_web_archive(lowered):
        raise UnreadableFile("这是单个文件网页（.mht），请用 Excel 打开后另存为 .xlsx 再上传。")
    for mark, sentence in _FOREIGN_XML:
        if mark in lowered and lowered.startswith(b"<"):
            raise UnreadableFile(sentence)
    if re.match(rb"<(!doctype html|html|head|body|meta|style|table|div|center|!--)", lowered):
        return "html"
    if lowered.startswith(b"<"):
        if b"<table" in lowered or b"<html" in lowered:
            return "html"
        raise UnreadableFile(FOREIGN)
    if b"\0" in head and not utf16_order(head):
        raise UnreadableFile(FOREIGN)
    return "text"


def _is_web_archive(lowered: bytes) -> bool:
    """Whether it begins like a mail: with lines of headers, in whatever order and after whatever words, that make it
    a web page in parts."""
    if _MAIL_HEADER.match(lowered):
        return b"mime-version:" in lowered or b"multipart/related" in lowered
    return _MIME.search(lowered) is not None


def utf16_order(head: bytes) -> str:
    """The encoding of UTF-16 text with a byte order mark, or whose characters are plain Chinese; '' for others."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    even = head[: len(head) // 2 * 2]
    shares = {order: _plain_share(even.decode(order, "replace")) for order in _UTF_16}
    best = max(shares, key=lambda order: shares[order])
    return best if shares[best] > 0.95 else ""


def _plain_share(text: str) -> float:
    """How many of the characters are such as stand in a Chinese table."""
    return len(_PLAIN.findall(text)) / max(len(text), 1)
