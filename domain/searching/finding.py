"""Asks the search index: a criterion for the rows that may hold some words, where it is quicker than reading all.

It is one criterion among others of a select of the mapped class, so the scopes hold as ever, and it lets through
more than is found: the caller reads the words again in the columns that the person may see.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from domain.schema.search_index import INDEX, NOTES, TERMS, trigger_name
from domain.schema.searched import (
    document,
    first_key,
    indexed_columns,
    is_indexed,
    last_key,
    part_name,
)
from domain.schema.words import Table
from domain.searching.grams import grams_of, query

FEW = 20_000
"""Rows that are looked at one by one; where more may hold the words, a list finds its page sooner by reading on."""

_BETWEEN_GRAMS = "\x1f"


def candidates(
    connection: Connection, model: Any, words: Sequence[str]
) -> ColumnElement[bool] | None:
    """SQL that is true at least for the rows of ``model`` whose indexed text holds all of ``words``.

    None where the index does not help: there is none, or the words are in too many rows.
    """
    table: Table = model.words
    if not words or not is_indexed(table):
        return None
    if connection.dialect.name == "postgresql":
        return _with_gin(connection, model, words)
    return _with_fts(connection, model, words)


def _with_gin(
    connection: Connection, model: Any, words: Sequence[str]
) -> ColumnElement[bool] | None:
    table: Table = model.words
    there = f"SELECT to_regclass('{part_name(table)}') IS NOT NULL"
    grams = _BETWEEN_GRAMS.join(gram for word in words for gram in grams_of(word))
    if not connection.exec_driver_sql(there).scalar() or _guess(connection, table, grams) > FEW:
        return None
    columns = [getattr(model, column.name) for column in indexed_columns(table)]
    return _gin_of(table.name)(literal(grams), *columns)


def _guess(connection: Connection, table: Table, grams: str) -> int:
    """In how many rows PostgreSQL expects the grams; it keeps count of the frequent ones."""
    holds = _holds(_doubled(document(table)), "%s")
    asked = f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {table.name} WHERE {holds}"
    (plan,) = connection.exec_driver_sql(asked, (grams,)).scalar_one()
    return int(plan["Plan"]["Plan Rows"])


def _doubled(said: str) -> str:
    """As psycopg wants it, to which a single % is a placeholder; the columns of the text have none."""
    return said.replace("%", "%%")


def _holds(said: str, grams: str) -> str:
    return f"{TERMS}({said}) @> string_to_array(lower(CAST({grams} AS TEXT)), '{_BETWEEN_GRAMS}')"


def _with_fts(
    connection: Connection, model: Any, words: Sequence[str]
) -> ColumnElement[bool] | None:
    table: Table = model.words
    first, last, asked = first_key(table.name), last_key(table.name), query(words)
    if not _serves(connection, table) or _count(connection, (asked, first, last)) > FEW:
        return None
    return _ByFTS(model.id, literal(asked), literal(first), literal(last))


def _serves(connection: Connection, table: Table) -> bool:
    """Whether the index has been made, and every row of ``table`` is in it or noted."""
    asked = "SELECT count(*) FROM sqlite_master WHERE name IN (?, ?)"
    return connection.exec_driver_sql(asked, (INDEX, trigger_name(table))).scalar() == 2


def _count(connection: Connection, asked: tuple[str, int, int]) -> int:
    """How many rows may hold the words, counted no further than FEW + 1."""
    match, first, last = asked
    count = f"SELECT count(*) FROM ({_keys('1', '1', '?', '?', '?')} LIMIT {FEW + 1})"
    return int(connection.exec_driver_sql(count, (match, first, last, first, last)).scalar() or 0)


def _keys(in_index: str, in_notes: str, match: str, first: str, last: str) -> str:
    """The rows that the index offers, and those that are not in it yet."""
    return (
        f"SELECT {in_index} FROM {INDEX} WHERE {INDEX} MATCH {match} AND rowid BETWEEN {first} AND {last}"
        f" UNION ALL SELECT {in_notes} FROM {NOTES} WHERE id BETWEEN {first} AND {last}"
    )


class Plain(FunctionElement[bool]):
    """A condition that stands in WHERE as it is written: SQLAlchemy would add `= 1`, and SQLite use no index for it."""

    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:
        return self


class _ByFTS(Plain):
    """`id IN` the keys that SQLite's index offers: id, match, first and last key."""

    inherit_cache = True


class _ByGIN(Plain):
    """The grams of the indexed text hold those of the words: grams, columns."""

    inherit_cache = True
    words: Table


@cache
def _gin_of(table: str) -> type[_ByGIN]:
    """A class for every table: it is what the statement is kept under."""
    from domain import models  # here, because the models are made from a schema with this index

    return type(
        f"_ByGIN_{table}", (_ByGIN,), {"words": models.schema.tables[table], "inherit_cache": True}
    )


@compiles(_ByFTS, "sqlite")
def _compile_fts(element: _ByFTS, compiler: Any, **options: Any) -> str:
    key, match, first, last = (compiler.process(each, **options) for each in element.clauses)
    keys = _keys(f"rowid - {first}", f"id - {first}", match, first, last)
    return f"{key} IN ({keys})"


@compiles(_ByGIN, "postgresql")
def _compile_gin(element: _ByGIN, compiler: Any, **options: Any) -> str:
    grams, *columns = (compiler.process(each, **options) for each in element.clauses)
    named = (column.name for column in indexed_columns(element.words))
    said = _doubled(document(element.words, dict(zip(named, columns, strict=True))))
    return _holds(said, grams)
