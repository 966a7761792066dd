"""A Word file as its parts: those with text as trees, all others as the bytes that they were."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from domain.papers.word.judging import BROKEN, judge_package, judge_tree
from domain.papers.word.names import BODY, Element
from domain.sheets import preflight
from domain.sheets.grid import UnreadableFile
from domain.sheets.readers.package import Package, parse

NOT_WORD = "这不是 Word 文件，公文模板要用 .docx。"
STRICT = "模板存成了“严格 Open XML 文档”，请另存为普通的 .docx 后再上传。"
TOO_LARGE = "模板展开后太大，请删去大图片和不用的内容后再上传。"
_OWN_WORDS = {preflight.BROKEN: BROKEN, preflight.TOO_LARGE: TOO_LARGE}
_KINDS = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
"""The parts with text besides the document itself, and how a person calls them."""


@dataclass(frozen=True)
class TextPart:
    """A part with text: its name in the file, how a person calls it ("" for the document itself), its tree."""

    name: str
    called: str
    root: Element


@dataclass(frozen=True)
class WordFile:
    """The parts with text, the document first, and the bytes of all parts in their order."""

    texts: tuple[TextPart, ...]
    contents: Mapping[str, bytes]

    def packed(self, texts: tuple[TextPart, ...]) -> bytes:
        """The file with these texts in the place of its own."""
        changed = {part.name: _written(part.root) for part in texts}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.contents.items():
                archive.writestr(
                    zipfile.ZipInfo(name), changed.get(name, data), zipfile.ZIP_DEFLATED
                )
        return packed.getvalue()


def open_word_file(path: Path) -> WordFile:
    """The file's parts. Raises UnreadableFile with a sentence for one that is broken, hostile or no Word file."""
    try:
        kind = preflight.inspect(path)
    except UnreadableFile as refusal:
        raise UnreadableFile(_OWN_WORDS.get(refusal.sentence, refusal.sentence)) from None
    if kind != "docx":
        raise UnreadableFile(NOT_WORD)
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, EOFError, ValueError):
        raise UnreadableFile(BROKEN) from None
    except NotImplementedError:  # a way of packing that no word processor uses
        raise UnreadableFile(BROKEN) from None


def _read(archive: zipfile.ZipFile) -> WordFile:
    package = Package(archive)
    judge_package(package)
    texts = tuple(_texts(package))
    for part in texts:
        judge_tree(part.root)
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    return WordFile(texts, {name: archive.read(name) for name in names})


def _texts(package: Package) -> Iterator[TextPart]:
    main = package.main_part("word/document.xml")
    root = parse(package.read(main))
    if root.find(BODY) is None:
        raise UnreadableFile(STRICT if "purl.oclc.org" in root.tag else BROKEN)
    yield TextPart(package.names[main], "", root)
    for kind, part in package.relations(main).values():
        called = _KINDS.get(kind[1:])
        if called and part in package:
            yield TextPart(package.names[part], called, parse(package.read(part)))


def _written(root: Element) -> bytes:
    etree.cleanup_namespaces(root, keep_ns_prefixes=[prefix for prefix in root.nsmap if prefix])
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return data
