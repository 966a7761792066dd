"""What a sheet shows for a value in its number format: 000 shows 5 as 005, "闭字"0"号" shows it as 闭字5号.

Only formats that add something a person reads as a part of the value; amounts, shares, fractions and dates stay values.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from domain.sheets.grid import Cell

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<digit>[0#])|(?P<at>@)|(?P<end>;)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_COLOR = re.compile(r"\$-[0-9A-F]+|[A-Z]{3,}\d*|颜色\d+|[黑蓝绿红白黄]色?|青色|洋红", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_HARMLESS = re.compile(r"[-+/:() ]|[^\x00-\x7f]")
_MONEY = re.compile(r"[\s¥￥$€元()+-]*")
_DIGIT, _GENERAL, _TEXT = "0", "General", "@"


@dataclass(frozen=True)
class _Piece:
    """A placeholder (its kind and whether it shows zeros), or a literal, whose kind is ''."""

    kind: str
    text: str


@dataclass(frozen=True)
class NumberFormat:
    """Up to four sections: positive numbers, negative ones, zero, text; or those for which its condition holds."""

    sections: tuple[tuple[_Piece, ...], ...]
    conditions: tuple[tuple[str, float] | None, ...] = ()
    """Of the sections, as [>10]; () where none has one."""

    def shown(self, value: Cell) -> Cell:
        """What a person sees for a whole number or a text; other values stay."""
        if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            return value
        if isinstance(value, str):
            if len(self.sections) == 4 and not _has(self.sections[3], _TEXT):
                return _literal(self.sections[3])
            section = next((s for s in self.sections if _has(s, _TEXT)), ())
            return _filled(section, value) if section else value
        return self._number(value)

    def _number(self, value: int) -> Cell:
        own = self._own_section(value)
        if own is None:
            return value
        section = self.sections[own]
        if len(self.sections) > 1 and _hides(section):
            return _literal(section)
        if not _adds(section):
            return value
        is_bare = len(self.sections) == 1 or bool(self.conditions)
        sign = "-" if value < 0 and is_bare else ""
        return sign + _filled(section, str(abs(value)))

    def _own_section(self, value: int) -> int | None:
        """Which section shows the number; None where no condition holds and none is left for the rest."""
        if not self.conditions:
            own = 2 if value == 0 else 1 if value < 0 else 0
            return own if own < len(self.sections) else 0
        for place, condition in enumerate(self.conditions[:2]):
            if condition and _HOLDS[condition[0]](value, condition[1]):
                return place
        rest = min(len(self.sections), 3) - 1
        return rest if rest > 0 and self.conditions[rest] is None else None


@lru_cache(maxsize=512)
def parse(code: str) -> NumberFormat | None:
    """The format, or None if what it shows is the value itself or no plain number."""
    sections: list[tuple[_Piece, ...]] = []
    conditions: list[tuple[str, float] | None] = []
    pieces: list[_Piece] = []
    condition: tuple[str, float] | None = None
    for match in _TOKEN.finditer(code + ";"):
        if match["end"]:
            sections.append(tuple(pieces))
            conditions.append(condition)
            pieces, condition = [], None
        elif match["bracket"] is not None and (said := _CONDITION.fullmatch(match["bracket"])):
            condition = (said[1], float(said[2]))
        elif (piece := _piece(match)) is None:
            return None
        elif piece.kind or piece.text:
            pieces.append(piece)
    hides = len(sections) > 1 and any(map(_hides, sections[:3]))
    if not (hides or any(map(_adds, sections))):
        return None
    return NumberFormat(tuple(sections[:4]), tuple(conditions[:4]) if any(conditions) else ())


def _piece(match: re.Match[str]) -> _Piece | None:
    """The token as a piece of a section; None for one that makes the format a date, a share, an amount."""
    if match["digit"]:
        return _Piece(_DIGIT, match["digit"])
    if match["general"]:
        return _Piece(_GENERAL, "")
    if match["at"]:
        return _Piece(_TEXT, "")
    if match["bracket"] is not None:
        return (
            _Piece("", "") if _COLOR.fullmatch(match["bracket"]) and not _is_digits(match) else None
        )
    if match["other"]:
        return _Piece("", match["other"]) if _HARMLESS.match(match["other"]) else None
    return _Piece("", match["quoted"] or match["escaped"] or "")


def _is_digits(match: re.Match[str]) -> bool:
    """Whether the bracket asks for Chinese digits: [DBNum1]."""
    return match["bracket"].lower().startswith("dbnum")


def _has(section: tuple[_Piece, ...], kind: str) -> bool:
    return any(piece.kind == kind for piece in section)


def _hides(section: tuple[_Piece, ...]) -> bool:
    """Whether it shows nothing of the value: ;;; shows nothing at all, 0;-0;"无" a word in the place of zero."""
    return not any(piece.kind for piece in section) and not (
        section and _MONEY.fullmatch(_literal(section))
    )


def _literal(section: tuple[_Piece, ...]) -> str:
    return "".join(piece.text for piece in section)


def _adds(section: tuple[_Piece, ...]) -> bool:
    """Whether it shows leading zeros, or words beside the value, that are no mark of money."""
    if sum(piece.text == "0" for piece in section if piece.kind == _DIGIT) > 1:
        return True
    words = "".join(piece.text for piece in section if not piece.kind)
    return any(piece.kind for piece in section) and not _MONEY.fullmatch(words)


def _filled(section: tuple[_Piece, ...], value: str) -> str:
    """The section with the value in its placeholders: digits from the right, the rest of them in the leftmost."""
    places = [at for at, piece in enumerate(section) if piece.kind == _DIGIT]
    shown: list[str] = []
    for at, piece in reversed(list(enumerate(section))):
        if not piece.kind:
            shown.append(piece.text)
        elif piece.kind != _DIGIT:
            shown.append(value)
        else:
            taken, value = (value, "") if at == places[0] else (value[-1:], value[:-1])
            shown.append(taken or ("0" if piece.text == "0" else ""))
    return "".join(reversed(shown))
