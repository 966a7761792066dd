"""The people and bodies that signed an item, out of one cell; and what stands there beside them. Pure.

Names are set apart by signs, line breaks, spaces and 和; 王　芳 is one person. A bracket or a word beside a name is its
delegation or something else, and never a person; what is not stored is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from domain.plans.recognising import names
from domain.plans.recognising.chunks import COUNT, Chunk, PeopleFound
from domain.texts.text import clean, half_width, is_blank

_SEPARATORS = "、,;/|\\\n\r\t+&—–"
_TORN = re.compile(r"\n\s*(?=[\u4e00-\u9fff](?:$|[\s、,;/]))")
"""A line break in a narrow cell before the last character of a name."""
_CIRCLED = re.compile("[①-⑳⑴-⒇⒈-⒛❶-❿]|⁽?[⁰¹²³⁴-⁹]+⁾?")
_COUNTING = re.compile(r"(?:^|(?<=[\s、,;]))\(?\d{1,2}[.、:)]\s*(?=[\u4e00-\u9fff])")
"""1.韦小满 2.覃大河: the numbers of a list."""
_MARKS = re.compile("[★☆*※▲△●○◆◇■□#]")
_SIGNS = re.compile("[★☆*＊※▲△●○◆◇■□#＃\\d①-⑳⑴-⒇⒈-⒛❶-❿⁰¹²³⁴-⁹]")
"""What only such cells hold as need a closer look than names between signs."""


class Signatures(NamedTuple):
    """What a cell says. `delegations`: (name, delegation); `beside`: words that are no name and are not stored.

    `odd` names are taken although they hardly are names; `unclear` is what may be one name or several.
    """

    names: tuple[str, ...] = ()
    delegations: tuple[tuple[str, str], ...] = ()
    beside: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    about: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """By name the words of `beside` that stand at this person."""
    namesakes: tuple[tuple[str, str], ...] = ()
    """Names that a mark tells apart from others of the same name, each with it: (覃大河, 1)."""


def people_of(text: str) -> tuple[str, ...]:
    """The names in a cell, without doubles."""
    return signatures_of(text).names


@lru_cache(maxsize=8192)
def signatures_of(text: str) -> Signatures:
    """Everything that the cell says, in its order, each name once."""
    if is_blank(text):
        return Signatures()
    found = PeopleFound()
    written = clean(text)
    if _SIGNS.search(written):
        plain = half_width(_circled_apart(written)).strip(" 。.:;")
        found.beside += dict.fromkeys(_MARKS.findall(plain))
        plain = _COUNTING.sub("、", _MARKS.sub("", plain))
    else:
        plain = half_width(written).strip(" 。.:;")
    plain = _TORN.sub("", COUNT.sub("", plain))
    for chunk in _chunks(plain):
        if names.is_person(chunk):
            found.names.append(chunk)  # nearly all of them
        elif chunk and not is_blank(chunk):
            Chunk(chunk, found).read()
    return _signatures(found)


def _circled_apart(text: str) -> str:
    """①韦小满②覃大河 is a list; behind the last name a number tells it from others of that name."""
    if not _CIRCLED.search(text):
        return text
    is_list = _CIRCLED.match(text.lstrip()) is not None
    return _CIRCLED.sub(lambda found: "、" if is_list else f"({half_width(found[0])})", text)


def renamed(said: Signatures, names: Mapping[str, str]) -> Signatures:
    """The same with these names as a person says that they are to be read, by the same rules: one may be several.

    What stands beside a name stays with it under its new one, where that is one name.
    """
    if names.keys().isdisjoint(said.names):
        return said
    others = {name: signatures_of(names[name]) for name in said.names if name in names}
    came = others.values()
    now = {name: others[name].names if name in others else (name,) for name in said.names}
    own = {name: people[0] for name, people in now.items() if len(people) == 1}
    return Signatures(
        tuple(dict.fromkeys(other for people in now.values() for other in people)),
        (
            *((own[name], delegation) for name, delegation in said.delegations if name in own),
            *(pair for other in came for pair in other.delegations),
        ),
        (*said.beside, *(word for other in came for word in other.beside)),
        (
            *(name for name in said.odd if name not in others),
            *(name for other in came for name in other.odd),
        ),
        (*said.unclear, *(text for other in came for text in other.unclear)),
        (
            *((own[name], words) for name, words in said.about if name in own),
            *(pair for other in came for pair in other.about),
        ),
        (
            *(pair for pair in said.namesakes if pair[0] not in others),
            *(pair for other in came for pair in other.namesakes),
        ),
    )


def _signatures(found: PeopleFound) -> Signatures:
    """Each name and word once."""
    people = tuple(dict.fromkeys(found.names))
    odd = {one for one in people if not names.is_collective(one) and names.is_odd(one)}
    doubted = tuple(one for one in people if one in odd or one in found.odd)
    beside = tuple(dict.fromkeys(found.beside))
    own = {
        name: tuple(word for word in words if word in beside) for name, words in found.words.items()
    }
    return Signatures(
        people,
        tuple(found.delegations),
        beside,
        doubted,
        tuple(found.unclear),
        tuple((name, words) for name, words in own.items() if words),
        tuple(dict.fromkeys(found.namesakes)),
    )


def _chunks(text: str) -> Iterator[str]:
    """The parts between separators; those inside a bracket separate nothing."""
    start = depth = 0
    for at, letter in enumerate(text):
        depth = max(0, depth + (letter == "(") - (letter == ")"))
        if letter in _SEPARATORS and not depth:
            yield text[start:at].strip()
            start = at + 1
    yield text[start:].strip()
