"""What a list of a table can be asked about by a person, and whose column that is."""

from collections.abc import Iterator

from admin.tables.desk import Desk
from admin.tables.finding.filters import Field
from domain import models
from domain.schema.columns import SideColumn
from domain.schema.file import Column, Table


def fields_of(desk: Desk) -> dict[str, Field]:
    """The columns, those of the rows that a row is about, and what hangs on it; by their names in an address.

    Of the rows that hang on it, also what each of them is about.
    """
    own = [Field(column) for column in desk.shown.values()]
    for via in desk.telling:
        columns = desk.beside(via.target).readable.values()
        own += [Field(column, via) for column in columns if not column.is_key]
    hanging = tuple(_hanging(desk))
    own += [Field(c, below=words, hung_by=key) for words, key, c in _told_by(desk, hanging)]
    own += [Field(key, below=words) for words, key in hanging]
    return {field.name: field for field in own if field.operators}


def asked_about(desk: Desk, field: Field) -> Desk:
    """The table whose column a filter asks about."""
    if isinstance(field.column, SideColumn):
        return desk.beside(field.column.source_table)
    if field.below is not None:
        return desk.beside(field.below.name)
    return desk if field.via is None else desk.beside(field.via.target)


def _hanging(desk: Desk) -> Iterator[tuple[Table, Column]]:
    """The tables that this person sees on these rows, where there is one way to hang, with the reference."""
    for words in models.schema.tables.values():
        child = desk.beside(words.name)
        keys = [
            column
            for column in child.readable.values()
            if column.references == desk.words.name
            and (column.is_carried or not column.is_automatic)
        ]
        if len(keys) == 1 and child.may("read"):
            yield words, keys[0]


def _told_by(
    desk: Desk, hanging: tuple[tuple[Table, Column], ...]
) -> Iterator[tuple[Table, Column, Column]]:
    """Of the rows below that tell of this one and of one more: the table, the key to here, the other reference.

    Not one to a table that hangs here as well, which is asked about itself.
    """
    beside = {words.name for words, _ in hanging} | {desk.words.name}
    for words, key in hanging:
        told = [c for c in desk.beside(words.name).telling if c.is_required]
        if key in told and not words.is_read_only:
            others = (c for c in told if c != key and c.references not in beside)
            yield from ((words, key, column) for column in others)
