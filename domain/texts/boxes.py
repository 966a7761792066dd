"""Choices with boxes before or behind them, of which some are ticked: ☑是 ☐否, 是□ 否■. What a person reads is 是."""

from __future__ import annotations

import re

_TICKED, _OPEN = "☑☒■◼", "☐□◻"
_BOX = re.compile(f"[{_TICKED}{_OPEN}]")
_MARKS = f"{_TICKED}✓✔√●"
_BEFORE = re.compile(f"([{_MARKS}{_OPEN}○])([^{_MARKS}{_OPEN}○]*)")
_BEHIND = re.compile(f"([^{_MARKS}{_OPEN}○]+)([{_MARKS}{_OPEN}○])")


def chosen(text: str) -> str:
    """The ticked choices, with 、 between several, '' if none is; a text without boxes, or a box alone, as it is."""
    if not _BOX.search(text):
        return text
    pairs = _BEFORE.findall(text)
    if not _BEFORE.match(text.strip()):
        pairs = [(mark, words) for words, mark in _BEHIND.findall(text)]
    choices = [(mark, words.strip(" 、,，;；/\n\t\u3000")) for mark, words in pairs]
    if not any(words for _, words in choices):
        return text
    return "、".join(words for mark, words in choices if mark in _MARKS and words)
