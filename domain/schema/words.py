"""What schema.sql says of a table, as values: names, constraints and their sentences; its columns are in columns.py.

file.py reads them from schema.sql; types and keys for the ORM come from reflection (classes.py), not from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Literal

from domain.schema.columns import SQL_TYPES, Column, SideColumn

__all__ = [
    "SQL_TYPES",
    "Column",
    "Constraint",
    "Index",
    "Ordered",
    "SideColumn",
    "Table",
    "class_name",
    "fields_of",
    "links_above",
]

_PLURALS = (
    ("ies", "y"), ("iases", "ias"), ("sses", "ss"), ("uses", "us"), ("xes", "x"),
    ("ss", "ss"), ("us", "us"), ("s", ""),
)  # fmt: skip


RuleKind = Literal["unique", "check", "foreign key"]


@dataclass(frozen=True)
class Constraint:
    """A named rule of one table. ``columns`` are its local ones, ``sentence`` is read by a person when it fails."""

    name: str
    kind: RuleKind
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
    """By what its rows belong to their parent: they are shown under it, and written in its form."""
    guest_column: str | None
    """By what new rows may be written in the form of a row that they hang on, without belonging to it otherwise."""
    asked_first: tuple[str, ...]
    """What its form asks for before the rows below; the other columns come behind them. () for all."""
    next_words: str
    """What the button says that saves a new row and opens the form for the next one."""
    told: tuple[tuple[str, str], ...]
    """What its page shows, folded, of the rows that it refers to: (reference without _id, column)."""
    first_asked: str
    """What its list asks when it is opened by itself, as an address says it; "" for nothing."""
    menu_roles: tuple[str, ...]
    """Who finds the table in the menu; () for everybody who may read it."""
    is_read_only: bool
    is_by_acts: bool
    """Whether its rows are made and changed by acts alone, and by workbooks that bring what has happened before."""
    columns: Mapping[str, Column]
    constraints: tuple[Constraint, ...]
    indexes: tuple[Index, ...] = ()
    sides: Mapping[str, SideColumn] = field(default_factory=dict)
    """What its list shows of other tables."""

    @property
    def foreign_keys(self) -> tuple[Constraint, ...]:
        return tuple(c for c in self.constraints if c.kind == "foreign key")

    @property
    def form_column(self) -> str | None:
        """The reference by which rows of it stand in the form of another table."""
        return self.parent_column or self.guest_column

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
