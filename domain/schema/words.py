"""What schema.sql says of a table, as values: names, labels, helps, choices, constraints and their sentences.

file.py reads them from schema.sql; types and keys for the ORM come from reflection (classes.py), not from here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

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
_PLURALS = (
    ("ies", "y"), ("iases", "ias"), ("sses", "ss"), ("uses", "us"), ("xes", "x"),
    ("ss", "ss"), ("us", "us"), ("s", ""),
)  # fmt: skip
SQL_TYPES = frozenset(_KINDS)
"""The types a column may have; both databases have them all."""


@dataclass(frozen=True)
class Constraint:
    """A named rule of one table. ``columns`` are its local ones, ``sentence`` is read by a person when it fails."""

    name: str
    kind: str  # unique, check or foreign key
    columns: tuple[str, ...]
    sentence: str
    condition: str = ""
    target: str = ""
    target_columns: tuple[str, ...] = ()
    on_delete: str = ""

    @property
    def key_column(self) -> str:
        """Of a foreign key: the local column that holds the parent's id."""
        return self.columns[self.target_columns.index("id")]

    def fills(self, column: str, table: "Table") -> bool:
        """Whether this key is the one that fills the carried ``column``: the first of ``table`` that holds it."""
        return self is next(k for k in table.foreign_keys if column in k.columns[1:])


@dataclass(frozen=True)
class Index:
    """An index; a unique one has a sentence, a partial one a condition."""

    name: str
    columns: tuple[str, ...]
    is_unique: bool
    condition: str
    sentence: str


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
    is_by_act: bool = False
    """Written by acts alone: shown, not asked for in a form; a workbook may bring what has happened before."""
    is_item_number: bool = False
    """The number of a suggestion or proposal: stored in its significant form, however it is written."""
    only: tuple[str, str] | None = None
    """Of a reference: a choice of its table and the word that a row has there which a form offers."""
    was_called: str = ""
    """The name it had in an older schema.sql; what an upgrade finds under it is carried over."""
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
class Ordered:
    """One column of an order; a choice goes by the order of its words."""

    column: str
    descending: bool


@dataclass(frozen=True)
class Table:
    """One table with its words: what a row is, how it is called, which columns its list shows."""

    name: str
    label: str
    row_is: str
    group: str
    name_format: str
    short_format: str
    """Its name where the row that refers to it tells the rest."""
    listed: tuple[str, ...]
    order: tuple[Ordered, ...]
    """By what its rows stand in its list and below the row that they hang on; () for the newest first."""
    parent_column: str | None
    menu_roles: tuple[str, ...]
    """Who finds the table in the menu; () for everybody who may read it."""
    is_read_only: bool
    is_by_acts: bool
    """Whether its rows are made and changed by acts alone, and by workbooks that bring what has happened before."""
    columns: Mapping[str, Column]
    constraints: tuple[Constraint, ...]
    indexes: tuple[Index, ...] = ()

    @property
    def foreign_keys(self) -> tuple[Constraint, ...]:
        return tuple(c for c in self.constraints if c.kind == "foreign key")

    @property
    def business_key(self) -> tuple[str, ...]:
        """The columns of the first UNIQUE constraint that does not hold the id; () where there is none."""
        keys = (c.columns for c in self.constraints if c.kind == "unique" and "id" not in c.columns)
        return next(keys, ())

    @property
    def sentences(self) -> Mapping[str, str]:
        """Constraint or unique index name -> the sentence that a person reads when it fails."""
        return {c.name: c.sentence for c in self.constraints} | {
            i.name: i.sentence for i in self.indexes if i.is_unique
        }


def links_above(table: Table, column: Column, tables: Mapping[str, Table]) -> list[Column]:
    """The references by which a row of ``table`` hangs on one with a column of the same name.

    Those that may be empty count only where no required one leads to such a row.
    """
    links = (c for c in table.columns.values() if c.references and not c.is_automatic)
    found = [c for c in links if column.name in tables[c.target].columns]
    return [c for c in found if c.is_required] or found


def class_name(table: str) -> str:
    """The mapped class of a table: ``ledger_entries`` -> ``LedgerEntry``."""
    first, _, last = table.rpartition("_")
    for plural, singular in _PLURALS:
        if last.endswith(plural):
            last = last.removesuffix(plural) + singular
            break
    return "".join(part.capitalize() for part in [*filter(None, first.split("_")), last])


def fields_of(name_format: str) -> tuple[str, ...]:
    """The fields that a way to write names asks for, in order. Raises ValueError where a brace is left open."""
    return tuple(field for _, field, _, _ in Formatter().parse(name_format) if field)
