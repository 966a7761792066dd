"""What a cell of an OpenDocument spreadsheet shows: its value, or its text where that says more; struck text apart."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from domain.sheets.grid import Cell, Problem
from domain.sheets.readers import numbers

_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_X = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_S = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_WORDS = re.compile(r"[^\W\dEe元]|\d-\d")
_NO_TEXT = (f"{_O}annotation", f"{_X}ruby-text")
_MOST_PARENTS = 20
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?")


class OdsLooks:
    """The document's styles that hide or strike through. ``trees``: its named styles first, then its own."""

    def __init__(self, trees: Iterable[Any]) -> None:
        styles = [style for tree in trees for style in tree.iter(f"{_S}style")]
        self._tables = {
            style.get(f"{_S}name")
            for style in styles
            if any(p.get(f"{_T}display") == "false" for p in style.iter(f"{_S}table-properties"))
        }
        self._styles = {
            (style.get(f"{_S}family", ""), style.get(f"{_S}name", "")): style for style in styles
        }
        self._text: dict[tuple[str, str], str] = {}

    def is_hidden_table(self, style: str | None) -> bool:
        """Whether a table of this style is hidden."""
        return style in self._tables

    def is_raised(self, style: str | None) -> bool:
        """Whether text of this style is a superscript: super 58%, 33% 58%."""
        said = self._styles.get(("text", style or ""))
        looks = None if said is None else said.find(f"{_S}text-properties")
        place = "" if looks is None else looks.get(f"{_S}text-position", "")
        return place.startswith("super") or place[:1] in tuple("123456789")

    def of(self, family: str, style: str | None) -> str:
        """Why text of this style is not read; '' if it is."""
        key = family, style or ""
        if key not in self._text:
            self._text[key] = self._look_up(family, style or "")
        return self._text[key]

    def _look_up(self, family: str, name: str) -> str:
        """What the style says itself, else the one it comes from, and so on."""
        hidden = struck = None
        for _ in range(_MOST_PARENTS):
            style = self._styles.get((family, name))
            if style is None:
                break
            said = style.find(f"{_S}text-properties")
            if said is not None:
                hidden = _is_hidden(said) if hidden is None else hidden
                struck = _is_struck(said) if struck is None else struck
            name = style.get(f"{_S}parent-style-name", "")
        return numbers.HIDDEN if hidden else numbers.STRUCK if struck else ""


def _is_hidden(properties: etree._Element) -> bool | None:
    """None where the properties say nothing of it."""
    display = properties.get(f"{_X}display")
    return None if display is None else display == "none"


def _is_struck(properties: etree._Element) -> bool | None:
    """None where the properties say nothing of it."""
    kind = properties.get(f"{_S}text-line-through-type")
    style = properties.get(f"{_S}text-line-through-style")
    if kind is None and style is None:
        return None
    return "none" not in (style, kind)


def read(
    cell: etree._Element, style: str, looks: OdsLooks
) -> tuple[Cell | Problem, Problem | None]:
    """The value, or what is wrong with it, and what was left out of it."""
    state = looks.of("table-cell", style)
    pieces = [piece for p in cell.iterchildren(f"{_X}p") for piece in _paragraph(p, looks, state)]
    shown, hidden, struck = (
        "".join(text for text, state in pieces if state == wanted).strip("\n")
        for wanted in ("", numbers.HIDDEN, numbers.STRUCK)
    )
    left_out = Problem(struck, numbers.STRUCK) if struck else Problem(hidden, numbers.HIDDEN)
    if not left_out.text.strip():
        is_blank = bool(pieces) and not shown.strip() and cell.get(f"{_O}value-type") == "float"
        return ("" if is_blank else _value(cell, shown)), None
    return numbers.plain_text(shown), left_out


def _paragraph(paragraph: etree._Element, looks: OdsLooks, state: str) -> Iterator[tuple[str, str]]:
    state = state or looks.of("paragraph", paragraph.get(f"{_X}style-name"))
    yield from _pieces(paragraph, looks, state)
    yield "\n", state


def _value(cell: etree._Element, text: str) -> Cell | Problem:
    kind = cell.get(f"{_O}value-type")
    if cell.get(_CALC_TYPE) == "error" or (kind == "string" and text in _ERRORS):
        return Problem(text, numbers.ERROR_VALUE)
    if kind in ("float", "percentage", "currency"):
        value = numbers.plain_number(float(cell.get(f"{_O}value", "nan")))
        return text if kind == "float" and isinstance(value, int) and _adds(text, value) else value
    if kind == "date":
        return _date(cell.get(f"{_O}date-value", ""), text)
    if kind == "time":
        return Problem(text, numbers.NO_DATE)
    return numbers.plain_text(text)


def number_behind(cell: etree._Element, value: Cell | Problem) -> int | None:
    """The whole number that a cell holds of which a text is shown; None for any other cell."""
    if not isinstance(value, str) or cell.get(f"{_O}value-type") != "float" or not value:
        return None
    number = numbers.plain_number(float(cell.get(f"{_O}value", "nan")))
    return number if isinstance(number, int) else None


def _adds(text: str, value: int) -> bool:
    """Whether what is shown for a whole number holds more than the number: leading zeros, words, hyphens."""
    plain = text.strip()
    return (plain.isdigit() and plain != str(value)) or (
        any(c.isdigit() for c in plain) and _WORDS.search(plain) is not None
    )


def _date(value: str, text: str) -> Cell | Problem:
    try:
        return numbers.plain(datetime.date.fromisoformat(value[:10]))
    except ValueError:
        return Problem(text, numbers.NO_DATE)


def _pieces(element: etree._Element, looks: OdsLooks, state: str) -> Iterator[tuple[str, str]]:
    """The text by its state: spaces and breaks are elements of their own, comments and pinyin are left out."""
    yield element.text or "", state
    for child in element:
        if child.tag == f"{_X}s":
            yield " " * min(int(child.get(f"{_X}c", "1")), 100), state
        elif child.tag in (f"{_X}line-break", f"{_X}tab"):
            yield "\n" if child.tag == f"{_X}line-break" else "\t", state
        elif isinstance(child.tag, str) and child.tag not in _NO_TEXT:
            style = child.get(f"{_X}style-name")
            inner = _pieces(child, looks, state or looks.of("text", style))
            if looks.is_raised(style):
                inner = ((numbers.raised(text), why) for text, why in inner)
            yield from inner
        yield child.tail or "", state
