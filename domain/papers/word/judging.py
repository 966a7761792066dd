"""What may not be in a Word template that anybody uploads: macros, objects, whatever is fetched from outside.

The file as a zip was judged before (domain/sheets/preflight.py); here it is looked at as a document.
"""

import re
from collections.abc import Iterator

from domain.papers.word.names import (
    ALTERNATIVE_CHUNK,
    INSTRUCTION,
    INSTRUCTION_OF,
    OBJECT,
    SIMPLE_FIELD,
    SUBDOCUMENT,
    Element,
)
from domain.sheets.grid import UnreadableFile
from domain.sheets.readers.package import Package, parse

MACROS = "模板里有宏，不能使用，请另存为不带宏的 .docx 后再上传。"
OUTSIDE = "模板引用了文件以外的内容（{kind}），不能使用，请断开链接、把内容放进文件里再上传。"
EMBEDDED = "模板里嵌入了别的文件（对象、控件或子文档），不能使用，请删去后再上传。"
FETCHING = "模板里有从别处取内容的域（{field}），不能使用，请改成普通文字后再上传。"
BROKEN = "模板不完整或已损坏，请用 WPS 或 Word 打开后另存为 .docx 再上传。"

_LINK = "hyperlink"
_HARMLESS_LINK = re.compile(r"(https?://|mailto:)", re.I)
_EMBEDDED = {"oleObject", "package", "control", "aFChunk", "subDocument", "activeXControlBinary"}
_FETCHING = re.compile(
    r"\b(INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|DDEAUTO|DDE|LINK|DATABASE|RD|MACROBUTTON)\b"
)
_OUTSIDE_KINDS = {"attachedTemplate": "文档模板", "image": "图片", _LINK: "超链接"}


def judge_package(package: Package) -> None:
    """Look at what the parts are and what they lead to. Raises UnreadableFile, and XML errors."""
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in package.names):
        raise UnreadableFile(MACROS)
    if b"macroEnabled" in package.read("[content_types].xml"):
        raise UnreadableFile(MACROS)
    for name in package.names:
        if name.endswith((".xml", ".rels")):
            _refuse_entities(package.read(name))
        if name.endswith(".rels"):
            _judge_relations(parse(package.read(name)))


def judge_tree(root: Element) -> None:
    """Look at a part with text. Raises UnreadableFile."""
    if next(root.iter(ALTERNATIVE_CHUNK, SUBDOCUMENT, OBJECT), None) is not None:
        raise UnreadableFile(EMBEDDED)
    if found := _FETCHING.search("".join(_instructions(root)).upper()):
        raise UnreadableFile(FETCHING.format(field=found[1]))


def _instructions(root: Element) -> Iterator[str]:
    """What the fields say; one may be cut over runs, so the pieces are read on."""
    for element in root.iter(INSTRUCTION, SIMPLE_FIELD):
        simple = element.get(INSTRUCTION_OF)
        yield f" {simple} " if simple else element.text or ""


def _refuse_entities(data: bytes) -> None:
    """No word processor writes a document type; with one, a few bytes can stand for gigabytes."""
    plain = data.replace(b"\0", b"")  # also as UTF-16
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnreadableFile(BROKEN)


def _judge_relations(relations: Element) -> None:
    for one in relations.iter("{*}Relationship"):
        kind = one.get("Type", "").rsplit("/", 1)[-1]
        if kind in _EMBEDDED:
            raise UnreadableFile(EMBEDDED)
        is_link = kind == _LINK and _HARMLESS_LINK.match(one.get("Target", ""))
        if one.get("TargetMode") == "External" and not is_link:
            raise UnreadableFile(OUTSIDE.format(kind=_OUTSIDE_KINDS.get(kind, kind)))
