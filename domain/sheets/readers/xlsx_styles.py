"""The looks of an .xlsx that change what a cell says: formats that add words, fonts and runs struck through."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from domain.sheets.readers import formats, numbers
from domain.sheets.readers.formats import NumberFormat
from domain.sheets.readers.marks import Runs, runs_from
from domain.sheets.readers.package import Package, parse

_NO = ("0", "false", "none")
WHITE, _BLACK = "FFFFFF", "000000"
_WHITE = (b"FFFFFF", b"ffffff", b'theme="0"', b'indexed="9"', b'indexed="1"')
_THEME = {"0": WHITE, "1": _BLACK}
_INDEXED = {"0": _BLACK, "1": WHITE, "8": _BLACK, "9": WHITE, "64": _BLACK, "65": WHITE}
"""The places of the theme and of the old palette that are white or black; 64 and 65 are the system's own."""


@dataclass(frozen=True)
class WorkbookLooks:
    """Of a workbook: by index of cell style the formats and the struck ones, by index of shared string its runs."""

    formats: Mapping[str, NumberFormat] = field(default_factory=dict)
    struck: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    """Those whose text has the colour of what is behind it."""
    runs: Mapping[str, list[etree._Element]] = field(default_factory=dict)

    @property
    def styles(self) -> frozenset[str]:
        """The cell styles that matter."""
        return self.struck.union(self.unseen, self.formats)


def looks_of(package: Package, styles: str, strings: str) -> WorkbookLooks:
    """What the parts of these names say. Cheap if there is nothing to say: the bytes are searched first."""
    data = package.read(styles) if styles in package else b""
    texts = package.read(strings) if strings in package else b""
    may_say = _may_say(data, b"numFmt ", b"strike", *_WHITE)
    looks = _of_styles(data) if may_say else WorkbookLooks()
    has_runs = bool(looks.struck) or _may_say(texts, b"strike", b"superscript")
    return replace(looks, runs=_rich_texts(texts) if has_runs and texts else {})


def _may_say(data: bytes, *words: bytes) -> bool:
    return any(word in data for word in words) or b"\0" in data[:200]


def _of_styles(data: bytes) -> WorkbookLooks:
    styles = parse(data)
    codes = {
        f.get("numFmtId"): formats.parse(f.get("formatCode", "")) for f in styles.iter("{*}numFmt")
    }
    fonts = [is_struck(font) for font in styles.findall("{*}fonts/{*}font")]
    cells = {str(index): xf for index, xf in enumerate(styles.findall("{*}cellXfs/{*}xf"))}
    found = {index: codes.get(xf.get("numFmtId")) for index, xf in cells.items()}
    struck = (index for index, xf in cells.items() if _font_is_struck(fonts, xf.get("fontId", "0")))
    inks = [_colour(font.find("{*}color"), _BLACK) for font in styles.findall("{*}fonts/{*}font")]
    grounds = [_ground(fill) for fill in styles.findall("{*}fills/{*}fill")]
    unseen = (
        index
        for index, xf in cells.items()
        if (ink := _at(inks, xf.get("fontId"), _BLACK))
        and ink == _at(grounds, xf.get("fillId"), WHITE)
    )
    kept = {index: code for index, code in found.items() if code}
    return WorkbookLooks(kept, frozenset(struck), frozenset(unseen))


def _at(colours: list[str], index: str | None, usual: str) -> str:
    return colours[int(index)] if index and index.isdigit() and int(index) < len(colours) else usual


def _ground(fill: etree._Element) -> str:
    """The colour behind a text; '' where a pattern makes it none in particular."""
    pattern = fill.find("{*}patternFill")
    kind = "" if pattern is None else pattern.get("patternType", "none")
    if pattern is None or kind not in ("none", "solid"):
        return ""
    return WHITE if kind == "none" else _colour(pattern.find("{*}fgColor"), WHITE)


def _colour(said: etree._Element | None, usual: str) -> str:
    """RRGGBB, or the place in the theme with its tint; automatic is the usual one."""
    if said is None or said.get("auto"):
        return usual
    if rgb := said.get("rgb"):
        return str(rgb)[-6:].upper()
    if indexed := said.get("indexed"):
        return _INDEXED.get(indexed, f"indexed {indexed}")
    theme, tint = said.get("theme", ""), said.get("tint", "0").strip("0.")
    return _THEME[theme] if theme in _THEME and not tint else f"theme {theme} {tint}"


def _font_is_struck(fonts: list[bool], index: str) -> bool:
    return index.isdigit() and int(index) < len(fonts) and fonts[int(index)]


def is_struck(properties: etree._Element | None) -> bool:
    """Whether a font, or the properties of a run, strike through."""
    strike = None if properties is None else properties.find("{*}strike")
    return strike is not None and strike.get("val", "1").lower() not in _NO


def _rich_texts(data: bytes) -> dict[str, list[etree._Element]]:
    """The runs of the shared strings that have some, by the string's index."""
    events = etree.iterparse(io.BytesIO(data), tag="{*}si", resolve_entities=False, no_network=True)
    texts = ((str(index), item.findall("{*}r")) for index, (_, item) in enumerate(events))
    return {index: runs for index, runs in texts if runs}


def is_raised(properties: etree._Element | None) -> bool:
    """Whether the properties of a run raise it above the line."""
    align = None if properties is None else properties.find("{*}vertAlign")
    return align is not None and align.get("val") == "superscript"


def runs_of(pieces: Iterable[etree._Element], cell_is_struck: bool) -> Runs | None:
    """The text by what is struck in it; a run without properties looks like its cell. None if nothing is to say."""
    return runs_from(
        (
            text if not is_raised(looks := piece.find("{*}rPr")) else numbers.raised(text),
            cell_is_struck if looks is None else is_struck(looks),
            is_raised(looks),
        )
        for piece in pieces
        if (text := piece.findtext("{*}t"))
    )
