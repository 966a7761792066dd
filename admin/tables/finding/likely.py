"""The likely first: what a reference of a new row most often points to, because it hangs on the same item already.

A reply is sent to those who signed its item; an item's signers are found from whatever hangs on it. This follows from
the foreign keys alone: a table that must name a row above and a row of the wanted kind ties the one to the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from admin.tables.desk import Desk
from domain import models
from domain.schema.file import Column

_MOST = 50
"""Rows that one table says are likely."""
Above = tuple[str, int]
"""A row above: its table and its id."""


@dataclass(frozen=True)
class Likely:
    """The rows that a table ties to the same row above, in its own order, and how it is called."""

    heading: str
    ids: tuple[int, ...]


def likely(
    desk: Desk, column: Column, given: Mapping[str, int], above: Iterable[Above]
) -> list[Likely]:
    """What is likely for a reference, the nearest first, each row once.

    ``given`` are the ids that the row's other references hold; ``above`` are rows that it will hang on besides.
    """
    others = (c for c in _links(desk) if c.name != column.name and c.name in given)
    found, known = list[Likely](), set[int]()
    for table, key in _ancestors(desk, [*((c.target, given[c.name]) for c in others), *above]):
        for beside, up, across in _ties(desk, table, column.target):
            tied = dict.fromkeys(_tied(beside, up, across, key))
            ids = tuple(key for key in tied if key not in known)
            known |= set(ids)
            found += [Likely(beside.words.label, ids)] if ids else []
    return found


def _ancestors(desk: Desk, waiting: list[Above]) -> Iterator[Above]:
    """These rows and all that they hang on, as far as the person sees them, the nearest first."""
    seen = set[Above]()
    while waiting:
        table, key = waiting.pop(0)
        if (table, key) in seen:
            continue
        seen.add((table, key))
        at = desk.beside(table)
        row = desk.session.get(at.model, key) if at.may("read") else None
        if row is not None:
            yield table, key
            links = (c for c in _links(at) if c.is_required)
            waiting += [(c.target, getattr(row, c.name)) for c in links]


def _links(desk: Desk) -> Iterator[Column]:
    """The references that say what a row is: not who signed or recorded it."""
    for column in desk.readable.values():
        if column.references and (column.is_carried or not column.is_automatic):
            yield column


def _ties(desk: Desk, above: str, wanted: str) -> Iterator[tuple[Desk, Column, Column]]:
    """The other tables whose rows must name a row of both, with their references to the one and to the other."""
    for name, words in models.schema.tables.items():
        beside = desk.beside(name)
        if name == desk.words.name or words.is_read_only or not beside.may("read"):
            continue
        links = [column for column in _links(beside) if column.is_required]
        ups = [c for c in links if c.references == above]
        acrosses = [c for c in links if c.references == wanted]
        if above != wanted and len(ups) == len(acrosses) == 1:
            yield beside, ups[0], acrosses[0]


def _tied(beside: Desk, up: Column, across: Column, key: int) -> list[int]:
    query = select(beside.attribute(across.name)).where(beside.attribute(up.name) == key)
    return list(beside.session.scalars(query.order_by(*beside.order().clauses()).limit(_MOST)))
