"""Cuts texts into grams, every character and every two neighbours, as SQLite's index stores and asks them.

PostgreSQL does the same in SQL (domain/schema/search_index.py). A text that holds a word holds all of the word's grams.
"""

from collections.abc import Iterable
from itertools import pairwise

_MARKS = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum()}
_SMALL = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_LETTERS = _MARKS | _SMALL
"""FTS5's tokenizer `ascii` takes every character for a letter except the marks of ASCII; they get another code.

Big letters of ASCII become small: what SQLite's LIKE takes for the same.
"""


def cut(text: str) -> str:
    """All grams of a text that is indexed, in no order, with spaces between."""
    plain = text.translate(_LETTERS)
    return " ".join({*plain, *map(str.__add__, plain, plain[1:])})


def grams_of(word: str) -> list[str]:
    """The grams that a text must have to hold ``word``: its pairs, or the only character."""
    return sorted({a + b for a, b in pairwise(word)} or {*word})


def query(words: Iterable[str]) -> str:
    """What FTS5 is asked for texts that may hold all of ``words``."""
    asked = {gram for word in words for gram in grams_of(word.translate(_LETTERS))}
    return " AND ".join(f'"{gram}"' for gram in sorted(asked))
