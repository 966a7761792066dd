"""The people and bodies that signed an item, out of one cell; and what stands there beside them. Pure.

Names are set apart by signs, line breaks, spaces and 和; 王　芳 is one person. A bracket or a word beside a name is its
delegation or something else, and never a person; what is not stored is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from domain.plans.recognising import names
from domain.texts.text import clean, half_width, is_blank, one_line

_COUNTED = (
    r"(?:[(]?等\s*(?:共|计)?[\d一二三四五六七八九十百]*\s*(?:余|多)?(?:名|位|人|个)?"
    r"(?:代表|委员|人)?(?:联名|附议|共同|提出)*[)]?)"
)
_COUNT = re.compile(rf"{_COUNTED}$")
_SAID = re.compile(rf"{_COUNTED}|共?\d+人|领衔|牵头|联名|附议|代表|委员|同志|人大代表|政协委员")
_TITLES = re.compile(r"(?<=..)(?:人大代表|政协委员|代表|委员|同志|先生|女士)$")
_LABEL = re.compile(r"^(?:领衔|附议|联名|提案|提出|第一)?(?:代表|委员|提案人|提出人|人)?:")
_PHONE = re.compile(
    r"(?:(?:联系)?(?:电话|手机)(?:号码)?:?\s*)?(?<!\d)\+?\d[\d\-]{5,}\d|(?:联系)?(?:电话|手机)(?:号码)?:?(?=\s|$)"
)
_SEPARATORS = "、,;/|\\\n\r\t"
_BRACKET = re.compile(r"\(([^()]*)(?:\)|$)|\)")
_JOINED = re.compile(r"(.{2,}?)[和及与跟暨](.{2,})")
_JOINERS = frozenset("和及与跟暨")
_TORN = re.compile(r"\n\s*(?=[\u4e00-\u9fff](?:$|[\s、,;/]))")
"""A line break in a narrow cell before the last character of a name."""
_DOT = re.compile(r"[.•・‧∙﹒]")


class Signatures(NamedTuple):
    """What a cell says. `delegations`: (name, delegation); `beside`: words that are no name and are not stored.

    `odd` names are taken although they hardly are names; `unclear` is what may be one name or several.
    """

    names: tuple[str, ...] = ()
    delegations: tuple[tuple[str, str], ...] = ()
    beside: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


def people_of(text: str) -> tuple[str, ...]:
    """The names in a cell, without doubles."""
    return signatures_of(text).names


@lru_cache(maxsize=8192)
def signatures_of(text: str) -> Signatures:
    """Everything that the cell says, in its order, each name once."""
    if is_blank(text):
        return Signatures()
    found = _Found()
    plain = _TORN.sub("", _COUNT.sub("", half_width(clean(text)).strip(" 。.:;")))
    for chunk in _chunks(plain):
        if names.is_person(chunk):
            found.names.append(chunk)  # nearly all of them
        elif chunk and not is_blank(chunk):
            _Chunk(chunk, found).read()
    return found.as_signatures()


def renamed(said: Signatures, names: Mapping[str, str]) -> Signatures:
    """The same with these names as a person says that they are to be read, by the same rules: one may be several."""
    if names.keys().isdisjoint(said.names):
        return said
    others = {name: signatures_of(names[name]) for name in said.names if name in names}
    people = [other for name in said.names for other in _names_of(name, others)]
    return Signatures(
        tuple(dict.fromkeys(people)),
        (*said.delegations, *(pair for other in others.values() for pair in other.delegations)),
        (*said.beside, *(word for other in others.values() for word in other.beside)),
        (
            *(name for name in said.odd if name not in others),
            *(name for other in others.values() for name in other.odd),
        ),
        (*said.unclear, *(text for other in others.values() for text in other.unclear)),
    )


def _names_of(name: str, others: Mapping[str, Signatures]) -> Sequence[str]:
    return others[name].names if name in others else (name,)


@dataclass
class _Found:
    names: list[str] = field(default_factory=list)
    delegations: list[tuple[str, str]] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)

    def as_signatures(self) -> Signatures:
        """Each name and word once."""
        people = tuple(dict.fromkeys(self.names))
        odd = {one for one in people if not names.is_collective(one) and names.is_odd(one)}
        doubted = tuple(one for one in people if one in odd or one in self.odd)
        beside = tuple(dict.fromkeys(self.beside))
        return Signatures(people, tuple(self.delegations), beside, doubted, tuple(self.unclear))


def _chunks(text: str) -> Iterator[str]:
    """The parts between separators; those inside a bracket separate nothing."""
    start = depth = 0
    for at, letter in enumerate(text):
        depth = max(0, depth + (letter == "(") - (letter == ")"))
        if letter in _SEPARATORS and not depth:
            yield text[start:at].strip()
            start = at + 1
    yield text[start:].strip()


_MOST_APART = 18
"""So many characters with spaces between them are taken for names, six or so; more would have too many ways to part."""


class _Chunk:
    """One part of a cell: mostly one name, perhaps several with spaces between, with words beside them."""

    def __init__(self, text: str, found: _Found) -> None:
        self.text = text
        self.found = found
        self.delegation = ""

    def read(self) -> None:
        """Add what the part says to what was found."""
        outside = _LABEL.sub("", _BRACKET.sub(self._bracket, self.text).strip())
        outside = _COUNT.sub("", _PHONE.sub(self._phone, outside).strip()).strip()
        if names.is_about_a_person(outside) or names.is_post(outside):
            self._aside(outside)
            outside = ""
        people = [name for name in self._names(outside) if not is_blank(name)]
        if self.delegation and not people:
            people, self.delegation = [self.delegation], ""
        self.found.names += people
        if self.delegation:
            self.found.delegations += [(name, self.delegation) for name in people]

    def _bracket(self, match: re.Match[str]) -> str:
        for piece in re.split(r"[、,;/\s]+", match[1] or ""):
            self._aside(piece)
        return " "

    def _phone(self, match: re.Match[str]) -> str:
        if re.search(r"\d", match[0]):
            self.found.beside.append(match[0])
        return " "

    def _aside(self, piece: str) -> None:
        """A word that is no name: the delegation, nothing to tell of, or to be told."""
        if names.is_delegation(piece) and not self.delegation:
            self.delegation = piece
        elif piece and not _SAID.fullmatch(piece):
            self.found.beside.append(piece)

    def _names(self, outside: str) -> list[str]:
        words = self._words(outside)
        if outside.isascii() or (words and all(map(_is_body, words))):
            return [one_line(outside)]
        letters, gaps = [], []
        people: list[str] = []
        for word, gap in zip(words, self._gaps(outside, words), strict=True):
            if len(word) == 1:
                letters.append(word)
                gaps.append(gap)
                continue
            people += self._set_apart(letters, gaps)
            letters, gaps = [], []
            people += self._word(word, alone=len(words) == 1)
        return self._attached(people + self._set_apart(letters, gaps))

    def _words(self, outside: str) -> list[str]:
        """The words between spaces, without what is said of a person and without 和 between two names."""
        words = outside.split()
        if len(words) > 1:
            for word in [word for word in words if names.is_about_a_person(word)]:
                self._aside(word)
                words.remove(word)
        return [
            word
            for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
            if not (word in _JOINERS and min(len(before), len(after)) > 1)
        ]

    def _gaps(self, outside: str, words: list[str]) -> list[str]:
        """What stands before each word."""
        found, at = [], 0
        for word in words:
            start = outside.index(word, at)
            found.append(outside[at:start])
            at = start + len(word)
        return found

    def _set_apart(self, letters: list[str], gaps: list[str]) -> list[str]:
        """Characters with spaces between them as names; a single one is left for its neighbour."""
        if len(letters) < 4:
            return ["".join(letters)] if letters else []
        if len(letters) > _MOST_APART:
            self.found.unclear.append(self.text)
            return []
        ways = list(names.divisions("".join(letters)))
        if len(ways) == 1:
            return list(ways[0])
        apart = names.by_gaps(letters, gaps[1:])
        if apart and (apart in ways or not ways):
            return list(apart)
        self.found.unclear.append(self.text)
        return []

    def _attached(self, people: list[str]) -> list[str]:
        """欧阳 锋 and 韦 小满 are one name each: no name is one character long."""
        whole: list[str] = []
        for name in people:
            before = whole[-1] if whole else ""
            if (len(name) == 1 and 1 < len(before) < 4) or (
                len(before) == 1 and names.is_surname(before) and len(name) == 2
            ):
                whole[-1] += name
            else:
                whole.append(name)
        return whole

    def _word(self, word: str, alone: bool) -> Iterator[str]:
        word = _TITLES.sub("", _COUNT.sub("", word))
        if word[0] in _JOINERS and names.is_person(word[1:]):
            word = word[1:]  # behind a bracket: 韦小满(女)和覃大河
        for part in _apart(word):
            name, beside = names.beside_name(part)
            self._aside(beside)
            if not alone and (_is_body(part) or names.is_post(part)):
                self._aside(part)
                continue
            if not alone and not names.is_person(name):
                self.found.odd.append(name)
            yield name


def _is_body(word: str) -> bool:
    return (
        (names.is_collective(word) or names.is_delegation(word))
        and not names.beside_name(word)[1]
        and len(list(_apart(word))) == 1
    )


def _apart(word: str) -> Iterator[str]:
    """韦小满和覃大河, 韦小满.覃大河 as two; 李和平 and 阿卜杜.拉赫曼 as one."""
    parts = _DOT.split(word)
    if len(parts) > 1:
        yield from parts if all(map(names.is_person, parts)) else ["·".join(parts)]
        return
    match = _JOINED.fullmatch(word)
    if match and (names.is_person(match[1]) or names.is_collective(match[1])):
        rest = list(_apart(match[2]))
        if all(names.is_person(part) or names.is_collective(part) for part in rest):
            yield from (match[1], *rest)
            return
    yield word
