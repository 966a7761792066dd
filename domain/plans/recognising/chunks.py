"""One part of a cell of people, between two separators: a name, perhaps several, with words beside them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.plans.recognising import names
from domain.texts.text import is_blank, one_line

_COUNTED = (
    r"(?:[(]?等\s*(?:共|计)?[\d一二三四五六七八九十百]*\s*(?:余|多)?(?:名|位|人|个)?"
    r"(?:代表|委员|人)?(?:联名|附议|共同|提出)*[)]?)"
)
COUNT = re.compile(rf"{_COUNTED}$")
_SAID = re.compile(rf"{_COUNTED}|共?\d+人|领衔|牵头|联名|附议|代表|委员|同志|人大代表|政协委员")
_TITLES = re.compile(r"(?<=..)(?:人大代表|政协委员|代表|委员|同志|先生|女士)$")
_LABEL = re.compile(r"^(?:领衔|附议|联名|提案|提出|第一)?(?:代表|委员|提案人|提出人|人)?:")
_PHONE = re.compile(
    r"(?:(?:联系)?(?:电话|手机)(?:号码)?:?\s*)?(?<!\d)\+?\d[\d\-]{5,}\d|(?:联系)?(?:电话|手机)(?:号码)?:?(?=\s|$)"
)
_BRACKET = re.compile(r"\(([^()]*)(?:\)|$)|\)")
_JOINED = re.compile(r"(.{2,}?)[和及与跟暨](.{2,})")
_JOINERS = frozenset("和及与跟暨")
_NAMESAKE = re.compile(r"[\d一二三四五六七八九十]{1,2}|[A-Da-d甲乙丙丁大小]")
"""What offices put in a bracket behind a name that several people have: 覃大河（1）, 覃大河（大）."""
_DOT = re.compile(r"[.•・‧∙﹒]")


@dataclass
class PeopleFound:
    """What has been found in a cell so far; see `signatures.Signatures`."""

    names: list[str] = field(default_factory=list)
    delegations: list[tuple[str, str]] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By name what stands beside it."""
    namesakes: list[tuple[str, str]] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


_MOST_APART = 18
"""So many characters with spaces between them are taken for names, six or so; more would have too many ways to part."""


class Chunk:
    """One part of a cell: mostly one name, perhaps several with spaces between, with words beside them."""

    def __init__(self, text: str, found: PeopleFound) -> None:
        self.text = text
        self.found = found
        self.delegation = ""
        self.mark = ""
        self.words: list[str] = []

    def read(self) -> None:
        """Add what the part says to what was found."""
        outside = _LABEL.sub("", _BRACKET.sub(self._bracket, self.text).strip())
        outside = COUNT.sub("", _PHONE.sub(self._phone, outside).strip()).strip()
        if names.is_about_a_person(outside) or names.is_post(outside):
            self._aside(outside)
            outside = ""
        outside = self._person_of(outside.strip(":.。 "))
        people = [name for name in self._names(outside) if not is_blank(name)]
        if self.delegation and not people:
            people, self.delegation = [self.delegation], ""
        self.found.names += people
        if len(people) == 1:
            self._keep_words(people[0])
        if self.delegation:
            self.found.delegations += [(name, self.delegation) for name in people]

    def _person_of(self, outside: str) -> str:
        """第三代表团(韦小满) is the person of that delegation."""
        if not (names.is_delegation(outside) and len(self.words) == 1):
            return outside
        (word,) = self.words
        if not names.is_person(word):
            return outside
        self.words.clear()
        self.found.beside.remove(word)
        self.delegation = outside
        return word

    def _keep_words(self, name: str) -> None:
        """What the part says of its one person; and whether somebody else of that name must be meant before."""
        said = (*self.words, *filter(None, (self.delegation, self.mark)))
        first = self.found.words.setdefault(name, said)
        if self.mark or (first != said and first and said):
            self.found.namesakes.append((name, "、".join(said)))

    def _bracket(self, match: re.Match[str]) -> str:
        for piece in re.split(r"[、,;/\s]+", match[1] or ""):
            self._aside(piece)
        return " "

    def _phone(self, match: re.Match[str]) -> str:
        if re.search(r"\d", match[0]):
            self._beside(match[0])
        return " "

    def _beside(self, word: str) -> None:
        self.words.append(word)
        self.found.beside.append(word)

    def _aside(self, piece: str) -> None:
        """A word that is no name: the delegation, nothing to tell of, or to be told."""
        if names.is_delegation(piece) and not self.delegation:
            self.delegation = piece
        elif _NAMESAKE.fullmatch(piece):
            self.mark = piece
        elif piece and not _SAID.fullmatch(piece):
            self._beside(piece)

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
            and not (before and _SAID.fullmatch(word))
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
            if (
                (len(name) == 1 and 1 < len(before) < 4)
                or (len(before) == 1 and names.is_surname(before) and len(name) == 2)
                or (
                    names.is_double_surname(before) and len(name) <= 2 and not names.is_person(name)
                )
            ):
                whole[-1] += name
            else:
                whole.append(name)
        return whole

    def _word(self, word: str, alone: bool) -> Iterator[str]:
        word = _TITLES.sub("", COUNT.sub("", word))
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
