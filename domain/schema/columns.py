"""What schema.sql says of a column, as values: its words, its kind, its choices; also of one that other tables fill."""

import re
from dataclasses import dataclass

_KINDS = {
    "VARCHAR": "text",
    "TEXT": "long text",
    "INTEGER": "whole number",
    "NUMERIC": "number",
    "DATE": "date",
    "TIMESTAMP": "instant",
    "BOOLEAN": "yes/no",
    "JSON": "data",
}
SQL_TYPES = frozenset(_KINDS)
"""The types a column may have; both databases have them all."""


@dataclass(frozen=True)
class Column:
    """One column with its words. ``references`` is the parent table of a foreign key column that holds an id."""

    name: str
    sql_type: str
    label: str
    help: str
    is_required: bool
    default: str | int | float | bool | None
    is_automatic: bool = False
    is_hidden: bool = False
    is_programs: bool = False
    """Read by the program and not offered to people; no secret, an address may name it."""
    is_searched: bool = False
    has_happened: bool = False
    """A date or instant of something done: it may not lie in the future."""
    comes_later: bool = False
    """Not known when the row is made: asked for when it is changed."""
    starts_today: bool = False
    """A new form has today here, unless the row above it dates this itself and that day is not past."""
    starts_own: bool = False
    """A new form has the name of the acting person here."""
    starts_above: bool = False
    """A new form has here what the row that it hangs on says in the column of the same name."""
    starts_again: bool = False
    """The form for the next new row has here what was typed into the one before."""
    is_by_act: bool = False
    """Written by acts alone: shown, not asked for in a form; a workbook may bring what has happened before."""
    is_item_number: bool = False
    """The number of a suggestion or proposal: stored in its significant form, however it is written."""
    only: tuple[str, str] | None = None
    """Of a reference: a choice of its table and the word that a row has there which a form offers."""
    was_called: str = ""
    """The name it had in an older schema.sql; what an upgrade finds under it is carried over."""
    at_first: tuple[str, str] | None = None
    """What an upgrade fills in where the column is new: a word, where another column of the row holds something."""
    choices: tuple[str, ...] = ()
    references: str | None = None
    is_carried: bool = False

    @property
    def is_key(self) -> bool:
        return self.name == "id"

    @property
    def kind(self) -> str:
        """One of: key, link, choice, text, long text, whole number, number, date, instant, yes/no, data."""
        if self.is_key:
            return "key"
        if self.references:
            return "link"
        if self.choices:
            return "choice"
        return _KINDS[self.sql_type.split("(")[0]]

    @property
    def target(self) -> str:
        """Of a reference: the table that it leads to."""
        assert self.references is not None, f"{self.name} is no reference"
        return self.references

    @property
    def length(self) -> int | None:
        """The most characters a text may have, or None for no limit."""
        found = re.search(r"VARCHAR\((\d+)\)", self.sql_type)
        return int(found.group(1)) if found else None


@dataclass(frozen=True)
class Hop:
    """One step of the way from a row to others.

    Down, to the rows of ``table`` that hang on it by their ``key``; or up, to the one that its own ``key`` names.
    """

    table: str
    key: str
    goes_down: bool


@dataclass(frozen=True)
class Demand:
    """What a row on the way must hold in a column: one of ``words``, or none of them; () is an empty column."""

    hop: int
    """Of which table on the way: its place, from 0."""
    column: str
    words: tuple[str, ...]
    is_met_by: bool
    """Whether a row with one of the words is meant, or a row with none of them."""


ALL, FIRST, LAST = "全部", "首个", "末个"
EARLIEST, LATEST, PAST = "最早", "最晚", "已过"
TAKINGS = (ALL, FIRST, LAST, EARLIEST, LATEST, PAST)
DAYS = (EARLIEST, LATEST, PAST)
"""The ways to take that are for dates."""


@dataclass(frozen=True, kw_only=True)
class SideColumn(Column):
    """A column that a list shows beside those of its ``table``: what ``source`` holds at the end of a way (旁列).

    Its kind is that of its source, but for the days since a date.
    """

    table: str
    hops: tuple[Hop, ...]
    demands: tuple[Demand, ...]
    source: Column
    taking: str
    """One of TAKINGS."""
    ordered_by: str = ""
    """The column of the last table below by which its rows stand; "" for that table's own order."""

    @property
    def source_table(self) -> str:
        return self.hops[-1].table

    @property
    def lowest(self) -> int | None:
        """The place of the hop whose rows may be several; None where the way only goes up."""
        below = [place for place, hop in enumerate(self.hops) if hop.goes_down]
        return below[-1] if below else None

    @property
    def is_joined(self) -> bool:
        """Whether it tells the values of several rows."""
        return self.taking == ALL and self.lowest is not None
