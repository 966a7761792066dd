"""What a list of a table can be asked about by a person, and whose column that is."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from admin.tables.desk import Desk, telling_columns
from admin.tables.finding.filters import Field
from domain import models
from domain.access import scopes
from domain.actors import Actor
from domain.schema.columns import SideColumn
from domain.schema.file import Column, Table
from domain.side_columns.offered import shown_columns


def fields_of(desk: Desk) -> Mapping[str, Field]:
    """The columns, those of the rows that a row is about, and what hangs on it; by their names in an address.

    Of the rows that hang on it, also what each of them is about.
    """
    return _fields_of(desk.words.name, None if desk.actor.is_system else desk.actor.role)


@cache
def _fields_of(table: str, role: str | None) -> Mapping[str, Field]:
    """Kept by role: they are many, and a first page asks some thirty lists."""
    actor, words = (
        Actor.system("") if role is None else Actor("", role),
        models.schema.tables[table],
    )
    own = [Field(column) for column in shown_columns(actor, table).values()]
    for via in telling_columns(actor, words):
        columns = scopes.readable_columns(actor, via.target).values()
        own += [Field(column, via) for column in columns if not column.is_key]
    hanging = tuple(_hanging(actor, table))
    own += [Field(c, below=below, hung_by=key) for below, key, c in _told_by(actor, table, hanging)]
    own += [Field(key, below=below) for below, key in hanging]
    return MappingProxyType({field.name: field for field in own if field.operators})


def asked_about(desk: Desk, field: Field) -> Desk:
    """The table whose column a filter asks about."""
    if isinstance(field.column, SideColumn):
        return desk.beside(field.column.source_table)
    if field.below is not None:
        return desk.beside(field.below.name)
    return desk if field.via is None else desk.beside(field.via.target)


def _hanging(actor: Actor, table: str) -> Iterator[tuple[Table, Column]]:
    """The tables that this person sees on these rows, where there is one way to hang, with the reference."""
    for words in models.schema.tables.values():
        keys = [
            column
            for column in scopes.readable_columns(actor, words.name).values()
            if column.references == table and (column.is_carried or not column.is_automatic)
        ]
        if len(keys) == 1 and scopes.may(actor, words.name, "read"):
            yield words, keys[0]


def _told_by(
    actor: Actor, table: str, hanging: tuple[tuple[Table, Column], ...]
) -> Iterator[tuple[Table, Column, Column]]:
    """Of the rows below that tell of this one and of one more: the table, the key to here, the other reference.

    Not one to a table that hangs here as well, which is asked about itself.
    """
    beside = {words.name for words, _ in hanging} | {table}
    for words, key in hanging:
        told = [c for c in telling_columns(actor, words) if c.is_required]
        if key in told and not words.is_read_only:
            others = (c for c in told if c != key and c.references not in beside)
            yield from ((words, key, column) for column in others)
