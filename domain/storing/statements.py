"""Refuses the statements of a person's session that the scopes would not reach.

The criteria of session.py follow the mapped classes of a select. Whatever reads a table otherwise, as text, as a
bare table, by a hint, is refused here before it is sent.
"""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, SelectBase, Table, TableClause, TextClause
from sqlalchemy.orm import ORMExecuteState, QueryableAttribute
from sqlalchemy.orm.context import FromStatement
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.selectable import AliasedReturnsRows, Select

_HARMLESS = re.compile(r"\*|\d+")
"""What SQLAlchemy itself writes as literal columns: count(*), EXISTS (SELECT 1 …)."""

_VETTED = "banli_vetted"
_OMITTED = ("_correlate", "_correlate_except", "_setup_joins")


def vetted(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition that a person's session takes although it reads bare tables: the question of an act, asked about the
    rows that the person may read (domain/lifecycle/judging.py). Nobody else makes one.
    """
    return condition._annotate({_VETTED: True})


def refuse_unscoped(state: ORMExecuteState) -> None:
    """Raise RuntimeError for a statement that the scopes would not reach."""
    if (
        not state.is_select
        or not state.is_orm_statement
        or isinstance(state.statement, FromStatement)
    ):
        raise RuntimeError(
            "A person's session runs ORM selects only; everything else would pass the scopes by."
        )
    _refuse_in(state.statement, frozenset(), set())


def _refuse_in(element: Any, mapped: frozenset[str], seen: set[int]) -> None:
    """Raise RuntimeError where ``element``, or anything in it, reads text or a table without its class.

    ``mapped`` are the tables of the classes that the select around it reads under their own names.
    """
    if id(element) in seen:
        return
    seen.add(id(element))
    if _VETTED in getattr(element, "_annotations", ()):
        return
    if isinstance(element, TextClause):
        raise RuntimeError(f"A person's session runs no text: {element}")
    if isinstance(element, Select):
        _refuse_hints(element)
        mapped = frozenset(_mapped_tables(element))
    if isinstance(element, ColumnClause):
        _refuse_column(element, mapped, seen)
    elif isinstance(element, TableClause):
        if "parententity" not in element._annotations:
            raise _past_the_scopes(element)
    elif not _is_mapped_alias(element):
        for part in _parts(element):
            _refuse_in(part, mapped, seen)


def _refuse_hints(select: Any) -> None:
    if select._prefixes or select._suffixes or select._hints or select._statement_hints:
        raise RuntimeError("A person's session takes no hints, prefixes or suffixes.")


def _mapped_tables(select: Any) -> Iterator[str]:
    for element in (*select._raw_columns, *select._from_obj):
        source = element.table if isinstance(element, Column) else element
        if "parententity" in element._annotations and isinstance(source, Table):
            yield source.name


def _refuse_column(column: Any, mapped: frozenset[str], seen: set[int]) -> None:
    if column.is_literal and not _HARMLESS.fullmatch(column.name):
        raise RuntimeError(f"A person's session runs no text: {column.name}")
    if column.table is None or not {"parententity", "parentmapper"}.isdisjoint(column._annotations):
        return
    if not isinstance(column.table, Table):
        _refuse_in(column.table, mapped, seen)  # what counts is what the subquery selects
    elif column.table.name not in mapped:
        raise _past_the_scopes(column.table)


def _is_mapped_alias(element: Any) -> bool:
    """Whether it is aliased(cls): the criteria follow that alias."""
    return (
        isinstance(element, AliasedReturnsRows)
        and "parententity" in element._annotations
        and isinstance(element.element, Table)
    )


def _parts(element: Any) -> Iterator[Any]:
    """What ``element`` is written with. Not the FROM list that follows from a select: it has lost its classes."""
    if isinstance(element, Select):
        yield from super(Select, element).get_children(omit_attrs=_OMITTED)
        for target, condition, source, _ in element._setup_joins:
            for part in (target, condition, source):
                if isinstance(
                    part, QueryableAttribute
                ):  # a link: SQLAlchemy joins it, with criteria
                    yield from part._extra_criteria
                elif part is not None:
                    yield part
    elif isinstance(element, SelectBase | AliasedReturnsRows):
        yield from element.get_children(omit_attrs=_OMITTED)
    else:
        yield from element.get_children()


def _past_the_scopes(table: Any) -> RuntimeError:
    return RuntimeError(f"This reads past the scopes: {table.name}. Use the mapped classes.")
