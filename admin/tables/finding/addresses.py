"""Addresses of a list: the same question with one thing changed. Readable, and good to share.

Changing anything but the page goes back to the first page.
"""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from admin.tables.desk import Desk
from admin.tables.finding.asking import SIZES, Asked, read_asked
from admin.tables.finding.filter_values import BadFilter
from admin.tables.finding.ordering import BadCursor
from admin.tables.finding.waiting import ARGUMENT as WAITS
from domain import models

Pairs = tuple[tuple[str, str], ...]
ALL = "all"
"""In the address of a list that is narrowed when it is opened by itself: all of it is meant."""
LIST = "list"
"""What the pages that a list leads to call its question, so that they can lead back to it."""


def read_question(desk: Desk, text: str, today: date) -> Asked:
    """A list's question as those pages carry it. Raises BadFilter or BadCursor on what no list has sent."""
    return read_asked(desk, MultiDict(parse_qsl(text, keep_blank_values=True)), today)


def list_url(desk: Desk, text: str, today: date) -> str:
    """Where the list with this question is; the whole list, where the text is none."""
    try:
        return Address(desk.words.name, read_question(desk, text, today)).with_()
    except (BadFilter, BadCursor):
        return url_for(f"{desk.words.name}.index_view")


class Address:
    """The list's present question as an address."""

    def __init__(self, table: str, asked: Asked) -> None:
        self.table = table
        self._args: MultiDict[str, str] = MultiDict()
        if asked.search:
            self._args.add("q", asked.search)
        for condition in asked.filters:
            self._args.setlist(condition.argument, condition.texts)
        for one in asked.named:
            for text in one.texts:
                self._args.add(one.argument, text)
        if asked.waiting:
            self._args.add(WAITS, asked.waiting.text)
        if asked.sorted_by:
            self._args.add("sort", ("-" if asked.descending else "") + asked.sorted_by.name)
        if asked.chosen:
            self._args.add("columns", asked.chosen)
        if asked.size != SIZES[0]:
            self._args.add("size", str(asked.size))
        if not self._args and models.schema.tables[table].first_asked:
            self._args.add(ALL, "1")

    @property
    def plain(self) -> str:
        """The list with nothing asked."""
        return url_for(f"{self.table}.index_view")

    def with_(self, **changes: str) -> str:
        """The address with these arguments set."""
        return self.to("index_view", **changes)

    def without(self, *names: str) -> str:
        """The address without these arguments."""
        kept = MultiDict(
            (name, value) for name, value in self._args.items(multi=True) if name not in names
        )
        return self._list_of(kept)

    def less(self, name: str, texts: tuple[str, ...]) -> str:
        """The address without these values of one argument."""
        kept = MultiDict(
            (one, value)
            for one, value in self._args.items(multi=True)
            if not (one == name and value in texts)
        )
        return self._list_of(kept)

    def _list_of(self, args: MultiDict[str, str]) -> str:
        asked: dict[str, Any] = args.to_dict(flat=False)
        if not args and models.schema.tables[self.table].first_asked:
            asked = {ALL: "1"}
        return url_for(f"{self.table}.index_view", **asked)

    def to(self, endpoint: str, **changes: str) -> str:
        """Another view of the same question, an export for instance."""
        asked: dict[str, Any] = {**self._args.to_dict(flat=False), **changes}
        return url_for(f"{self.table}.{endpoint}", **asked)

    @property
    def question(self) -> str:
        """The question as the pages that the list leads to carry it."""
        return urlencode(self.pairs())

    def pairs(self, *without: str) -> Pairs:
        """The arguments as hidden fields of a form that sets the others."""
        return tuple(
            (name, value) for name, value in self._args.items(multi=True) if name not in without
        )
