"""What a cell of an HTML table shows: its text without pinyin, hidden and struck pieces, in its number format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import lxml.html

from domain.sheets.grid import Cell, Problem
from domain.sheets.readers import formats, numbers

_FORMAT = re.compile(
    r"""mso-number-format\s*:\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^;}]*)""", re.IGNORECASE
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r"(?:td|tr|col|span|s|font)?\.([\w-]+)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,4}) ?|\\(.)")
_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE
)
_STRUCK = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_NO_TEXT = ("rt", "rp", "script", "style", "template")
_FIELDS = ("select", "input")
_STRIKES = ("s", "strike", "del")
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,14})")


class HtmlLooks:
    """The document's style rules for classes, and what they and an element's own style make of it."""

    def __init__(self, root: lxml.html.HtmlElement) -> None:
        self._of_class: dict[str, str] = {}
        for sheet in root.iter("style"):
            for names, rules in _RULE.findall(sheet.text or ""):
                for name in names.split(","):
                    if match := _CLASS.fullmatch(name.strip().lstrip("<!-").strip()):
                        self._of_class[match[1]] = rules

    def _rules(self, element: lxml.html.HtmlElement) -> str:
        """The own style first: it wins."""
        classes = (self._of_class.get(name, "") for name in (element.get("class") or "").split())
        return ";".join(filter(None, (element.get("style"), *classes)))

    def is_hidden(self, element: lxml.html.HtmlElement) -> bool:
        return element.get("hidden") is not None or bool(_HIDDEN.search(self._rules(element)))

    def is_struck(self, element: lxml.html.HtmlElement) -> bool:
        return element.tag in _STRIKES or bool(_STRUCK.search(self._rules(element)))

    def is_raised(self, element: lxml.html.HtmlElement) -> bool:
        return element.tag == "sup" or bool(_RAISED.search(self._rules(element)))

    def number_format(self, element: lxml.html.HtmlElement) -> str:
        match = _FORMAT.search(self._rules(element))
        return _unescaped(match[1].strip().strip("\"'")) if match else ""


def _unescaped(code: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], code)


def read(cell: lxml.html.HtmlElement, looks: HtmlLooks) -> tuple[Cell, Problem | None]:
    """What the cell shows, and what was left out of it."""
    pieces = list(_pieces(cell, looks, _state(cell, looks, "")))
    shown, hidden, struck = (
        "".join(text for text, state in pieces if state == wanted).strip()
        for wanted in ("", numbers.HIDDEN, numbers.STRUCK)
    )
    value = numbers.plain_text(numbers.without_formula(shown))
    left_out = Problem(struck, numbers.STRUCK) if struck else Problem(hidden, numbers.HIDDEN)
    return (
        _formatted(value, looks.number_format(cell)) if isinstance(value, str) else "",
        left_out if left_out.text else None,
    )


def _formatted(text: str, code: str) -> Cell:
    found = formats.parse(code) if code and _WHOLE.fullmatch(text) else None
    return found.shown(int(text)) if found else text


def _state(element: lxml.html.HtmlElement, looks: HtmlLooks, around: str) -> str:
    """Why the element's text is not read, '' if it is. A hidden cell is a matter of its column."""
    if element.tag not in ("td", "th") and looks.is_hidden(element):
        return numbers.HIDDEN
    return around or (numbers.STRUCK if looks.is_struck(element) else "")


def _pieces(
    element: lxml.html.HtmlElement, looks: HtmlLooks, state: str
) -> Iterator[tuple[str, str]]:
    yield element.text or "", state
    for child in element:
        if child.tag in ("br", "p", "div", "tr"):
            yield "\n", state
        if child.tag in _FIELDS:
            yield _said(child), state
        elif isinstance(child.tag, str) and child.tag not in _NO_TEXT and not is_own_table(child):
            inner = _pieces(child, looks, _state(child, looks, state))
            if looks.is_raised(child):
                inner = ((numbers.raised(text), why) for text, why in inner)
            yield from inner
        yield child.tail or "", state


def _said(field: lxml.html.HtmlElement) -> str:
    """What a field of a form says: the text typed in, the one choice that is taken, ☑ or ☐."""
    if field.tag == "select":
        choices = list(field.iter("option"))
        taken = [one for one in choices if one.get("selected") is not None] or choices[:1]
        return "、".join(one.text_content().strip() for one in taken)
    kind = (field.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☐" if field.get("checked") is None else "☑"
    return "" if kind in ("hidden", "button", "submit", "image") else field.get("value") or ""


def is_own_table(element: lxml.html.HtmlElement) -> bool:
    """Whether it is a table that is read by itself, and no list set as a small table in a cell of a larger one."""
    if element.tag != "table":
        return False
    outer = next(element.iterancestors("table"), None)
    return outer is None or _own_cells(outer) <= _own_cells(element)


@cache
def _own_cells(table: lxml.html.HtmlElement) -> int:
    return sum(next(cell.iterancestors("table")) is table for cell in table.iter("td", "th"))
