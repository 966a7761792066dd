"""Units and roles out of one cell: plain lists, and role words in front, behind or in brackets. Not the row's rules.

主办：A；协办：B、C | A（主办）、B（协办） | （牵头单位：A，配合单位：B） | 牵头A 配合B | A牵头，B、C配合 | 分办：A、B
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.plans.recognising.units import UnitBook
from domain.schema.states import TaskRole
from domain.texts.text import half_width, is_blank, squeeze

MAX_TEXT = 2_000
LEAD, PARTNER, EACH = TaskRole.LEAD, TaskRole.PARTNER, TaskRole.EACH
_ROLE_OF = {
    **dict.fromkeys(("主办", "牵头", "独办", "承办", "主责"), LEAD),
    **dict.fromkeys(("协办", "会办", "配合", "参办", "协助", "参与", "协同"), PARTNER),
    "分办": EACH,
}
ROLE = re.compile(
    rf"由?(?:具体)?({'|'.join(_ROLE_OF)})(?:主办|承办|协办|办理|落实)?(?:责任)?(?:单位|部门|机关|方)?(:?)"
)
_IN_BRACKETS = {
    **dict.fromkeys("主牵", LEAD),
    **dict.fromkeys("协会配", PARTNER),
    "分": EACH,
}
"""A role in one character, which counts only as all that a bracket holds."""
_HOW_MANY = re.compile(r"\s*\(\s*(?:共|计|共计)?\s*\d+\s*件\s*\)")
"""Behind a unit over several rows: 区教育局（3件）."""
_SEPARATOR = re.compile(r"[、，,;；/／|\s。.+＋&:]+")
_CIRCLED = re.compile("[①-⑳]")
_ENUMERATOR = re.compile(r"(?:\(?\d{1,2}[.、)]|[一二三四五六七八九十]{1,2}、)\s*")
_JOINERS = "和与及暨由"


@dataclass(frozen=True)
class Named:
    """A unit found in a cell. `role` is None where the cell says none and the column decides."""

    unit_id: int
    role: str | None
    written: str


@dataclass(frozen=True)
class Unknown:
    """A piece of a cell that names no unit, or not one unit alone; `why` ends the sentence about it."""

    written: str
    why: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What one cell says: its units, what is no unit, and whether it names roles at all."""

    named: tuple[Named, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    has_roles: bool = False


def _role_of(inside: str) -> str | None:
    """The role that a bracket holds, if it holds nothing else."""
    whole = ROLE.fullmatch(inside)
    return _ROLE_OF[whole[1]] if whole else _IN_BRACKETS.get(inside)


class CellReader:
    """Reads cells with one dictionary; the same text is read once."""

    def __init__(self, book: UnitBook) -> None:
        self.book = book
        self._known: dict[str, Reading] = {}

    def read(self, text: str) -> Reading:
        """Everything in the cell, in its order. Nothing is guessed: what is not known is in `unknown`."""
        if text not in self._known:
            self._known[text] = _read(self.book, text.strip())
        return self._known[text]


def _read(book: UnitBook, text: str) -> Reading:
    if is_blank(text):
        return Reading()
    if len(text) > MAX_TEXT:
        return Reading(unknown=(Unknown(text[:20] + "…", "内容太长，不像单位名称，请只写单位"),))
    plain = _HOW_MANY.sub("", half_width(_CIRCLED.sub("、", text)))
    reading = _Cell(book).read(plain)
    if reading.unknown and re.search(r"\s", plain):
        without_spaces = _Cell(book).read(squeeze(plain))
        if not without_spaces.unknown:
            return without_spaces
    return reading


class _Cell:
    """One cell being read from left to right: first into tokens, then into units with roles."""

    def __init__(self, book: UnitBook) -> None:
        self.book = book
        self.unknown: list[Unknown] = []
        self.named: list[Named] = []
        self.pending: list[tuple[int, str]] = []
        self.current: str | None = None
        self.has_roles = False

    def read(self, text: str) -> Reading:
        before = ""
        for kind, value, written in self._tokens(text):
            if kind == "unit":
                self._unit(int(value), written)
            elif kind in ("before", "either", "bracket"):
                self._role(kind, str(value), before)
            elif kind == "open":
                self._flush(None)
            before = kind if kind != "gap" else before and before + " gap"
        self._flush(None)
        return Reading(tuple(self.named), tuple(self.unknown), self.has_roles)

    def _unit(self, unit_id: int, written: str) -> None:
        unit = self.book.by_id[unit_id]
        if not unit.is_active:
            self.unknown.append(
                Unknown(written, "已经停用，请改写现在的承办单位", self.book.suggestions(written))
            )
        elif self.current:
            self.named.append(Named(unit_id, self.current, written))
        else:
            self.pending.append((unit_id, written))

    def _role(self, kind: str, role: str, before: str) -> None:
        """A role in brackets is the last unit's; one right behind units is theirs; any other begins a list."""
        self.has_roles = True
        if kind == "bracket" and self.pending:
            last = self.pending.pop()
            self._flush(None)
            self.named.append(Named(last[0], role, last[1]))
        elif kind == "bracket" and self.named:
            last_named = self.named.pop()
            self.named.append(Named(last_named.unit_id, role, last_named.written))
        elif (
            kind == "either"
            and self.pending
            and before in ("unit", "unit gap")
            and not self.current
        ):
            self._flush(role)
        else:
            self._flush(None)
            self.current = role

    def _flush(self, role: str | None) -> None:
        self.named += [Named(unit_id, role, written) for unit_id, written in self.pending]
        self.pending = []

    def _tokens(self, text: str) -> list[tuple[str, int | str, str]]:
        tokens: list[tuple[str, int | str, str]] = []
        at = 0
        while at < len(text):
            at = self._token(text, at, tokens)
        return tokens

    def _token(self, text: str, at: int, tokens: list[tuple[str, int | str, str]]) -> int:
        """Append the token at `at` and return where the next one begins."""
        length, ids = self.book.match_at(text, at)
        if length and self._ends_well(text, at + length):
            return self._known(text, at, at + length, ids, tokens)
        if match := _SEPARATOR.match(text, at):
            tokens.append(("gap" if match[0].isspace() else "stop", "", ""))
            return match.end()
        if match := ROLE.match(text, at):
            tokens.append(("before" if match[2] else "either", _ROLE_OF[match[1]], match[0]))
            return match.end()
        if text[at] in "()":
            tokens.append(("open", "", ""))
            return at + 1
        if match := _ENUMERATOR.match(text, at):
            return match.end()
        if text[at] in _JOINERS and at + 1 < len(text) and self.book.match_at(text, at + 1)[0]:
            return at + 1
        return self._stranger(text, at, tokens)

    def _ends_well(self, text: str, end: int) -> bool:
        """A name counts only as a whole: behind it a separator, bracket, role word, joiner or another known name."""
        rest = text[end:]
        if not rest or rest[0] in "()" or _SEPARATOR.match(rest) or ROLE.match(rest):
            return True
        if rest[0] in _JOINERS and self.book.match_at(text, end + 1)[0]:
            return True
        return bool(self.book.match_at(text, end)[0])

    def _known(
        self,
        text: str,
        start: int,
        end: int,
        ids: frozenset[int],
        tokens: list[tuple[str, int | str, str]],
    ) -> int:
        """A known name, with the bracket behind it if that holds a role, the same unit, or something else."""
        bracket = re.compile(r"\(([^()]*)\)").match(text, end)
        inside = bracket[1].strip() if bracket else ""
        role = _role_of(inside)
        other = self.book.find(inside) if inside else frozenset()
        if bracket and inside and not role and other != ids and not ROLE.search(inside):
            return self._doubt(text[start : bracket.end()], bracket.end())
        if len(ids) > 1:
            names = tuple(self.book.by_id[unit_id].name for unit_id in sorted(ids))
            self.unknown.append(Unknown(text[start:end], "可以指几个单位，请写全称", names))
        else:
            tokens.append(("unit", next(iter(ids)), text[start:end]))
        if role and bracket:
            tokens.append(("bracket", role, inside))
        return bracket.end() if bracket and (role or other or not inside) else end

    def _doubt(self, written: str, end: int) -> int:
        self.unknown.append(self._unknown(written))
        return end

    def _stranger(self, text: str, at: int, tokens: list[tuple[str, int | str, str]]) -> int:
        """A text up to the next separator that is no known name; a role word at its end is still a role word."""
        match = re.compile(r"(?:[^、，,;；/／|\s。()+&:]|\([^()]*\))+").match(text, at)
        written = match[0] if match else text[at]
        behind = re.search(rf"({'|'.join(_ROLE_OF)})$", written)
        bracket = re.search(r"\(([^()]*)\)$", written)
        in_bracket = _role_of(bracket[1]) if bracket else None
        bracket = bracket if in_bracket else None
        role = _ROLE_OF[behind[1]] if behind else in_bracket
        end = behind or bracket
        name = written[: end.start()] if end else written
        if role and not name:
            name = written
        self.unknown.append(self._unknown(name))
        self.has_roles = self.has_roles or bool(role)
        tokens.append(("unknown", "", written))
        return at + len(written)

    def _unknown(self, written: str) -> Unknown:
        nearest = self.book.nearest(written)
        why = (
            f"不在单位名册中，是不是“{nearest}”？"
            if nearest
            else "不在单位名册中，请改成名册里的名称，或先在“单位”里登记"
        )
        return Unknown(written, why, self.book.suggestions(written))
