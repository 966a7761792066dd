"""Rows for any table of schema.sql, made from the file itself: valid ones, and ones that break one rule.

A small solver tries values until the CHECK constraints say what is wanted, asking SQLite what they say. So a new
table or rule is covered without new code.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import chain, islice, product
from typing import Any

from sqlalchemy import Connection, MetaData

from domain.schema.file import Schema
from domain.schema.words import Column, Constraint, Table

Values = dict[str, Any]
Mark = str | Callable[[Column], str]
FIRST_DAY = date(2024, 4, 10)
MOST_TRIALS = 50_000


def valid_row(table: Table, n: int, mark: Mark, links: Mapping[str, int | None]) -> Values:
    """The ``n``-th row of ``table``: ``mark`` in every text that has room, parents from ``links``.

    Rows with different ``n`` clash in no unique key; columns copied by a composite key are the caller's.
    """
    values = {c.name: _usual(c, n, mark) for c in table.columns.values() if not c.is_key}
    values |= {name: links.get(name) for name, c in table.columns.items() if c.references}
    return settled(table, values)


def settled(table: Table, values: Values) -> Values:
    """The row changed so that every CHECK holds: what holds already is left alone where it can be."""
    for check in _checks(table):
        if not holds(check, values):
            kept = [other for other in _checks(table) if holds(other, values)]
            found = _solutions(table, check, values, wanted=True)
            good = (one for one in found if all(holds(other, one) for other in kept))
            first = next(_solutions(table, check, values, wanted=True))
            values = next(good, first)
    return values


def fill(
    connection: Connection, metadata: MetaData, schema: Schema, n: int, tables: Iterable[str] = ()
) -> dict[str, Values]:
    """Insert the ``n``-th row into every table, or into ``tables``, each hanging on the ones before.

    Gives the rows by table. ``metadata`` is the database's own, which may be older than the models.
    """
    rows: dict[str, Values] = {}
    for name, table in schema.tables.items():
        if not tables or name in tables:
            values = linked_row(table, n, f"第{n}条{table.label}", rows)
            rows[name] = insert_row(connection, metadata, table, values)
    return rows


def ancestors(schema: Schema, table: str) -> set[str]:
    """The tables that ``table`` hangs on, directly or not, itself left out."""
    found: set[str] = set()
    waiting = [table]
    while waiting:
        new = {k.target for k in schema.tables[waiting.pop()].foreign_keys} - found - {table}
        found |= new
        waiting += new
    return found


def linked_row(table: Table, n: int, mark: Mark, rows: Mapping[str, Values]) -> Values:
    """A valid row whose foreign keys, and what they copy, come from ``rows``; a key to its own table is empty."""
    parents = {
        key: rows[key.target]
        for key in table.foreign_keys
        if key.target in rows and key.target != table.name
    }
    links = {key.key_column: parent["id"] for key, parent in parents.items()}
    values = valid_row(table, n, mark, links)
    for key, parent in parents.items():
        if values[key.key_column] is not None:
            copied = zip(key.columns, key.target_columns, strict=True)
            values |= {here: parent[there] for here, there in copied}
    return values


def insert_row(connection: Connection, metadata: MetaData, table: Table, values: Values) -> Values:
    """Insert the row; give it back with its id."""
    known = {k: v for k, v in values.items() if k in metadata.tables[table.name].c}
    result = connection.execute(metadata.tables[table.name].insert().values(known))
    assert result.inserted_primary_key
    return values | {"id": result.inserted_primary_key[0]}


def breaking_row(table: Table, check: Constraint, valid: Values) -> Values | None:
    """A row that breaks ``check`` and no other CHECK; None where no value that fits the columns does."""
    direct = _solutions(table, check, valid, wanted=False)
    wider = (_widely(table, check, valid, hops) for hops in (1, 2))
    return next(chain(direct, chain.from_iterable(wider)), None)


def holds(check: Constraint, values: Mapping[str, Any]) -> bool:
    """Whether a CHECK lets ``values`` through, as SQL has it: unknown is let through."""
    given = ", ".join(f":{c} AS {c}" for c in check.columns)
    sql = f"SELECT {check.condition} FROM (SELECT {given})"
    (answer,) = _asked.execute(sql, {c: _plain(values.get(c)) for c in check.columns}).fetchone()
    return answer is None or bool(answer)


_asked = sqlite3.connect(":memory:")


def _solutions(table: Table, check: Constraint, start: Values, *, wanted: bool) -> Iterator[Values]:
    """Rows like ``start`` in which ``check`` gives the ``wanted`` answer; when breaking it, all others hold."""
    names = [c for c in check.columns if c in table.columns]
    others = [c for c in _checks(table) if c != check and set(c.columns) & set(names)]
    candidates = [_candidates(table.columns[name], start.get(name), wanted) for name in names]
    for picked in islice(product(*candidates), MOST_TRIALS):
        values = start | dict(zip(names, picked, strict=True))
        if holds(check, values) == wanted and (wanted or all(holds(o, values) for o in others)):
            yield values


def _widely(table: Table, check: Constraint, start: Values, hops: int) -> Iterator[Values]:
    """Rows like ``start`` that break ``check`` alone, in which the columns of rules that share a column with it may
    change too, and of those that share one with these, ``hops`` times."""
    names = list(check.columns)
    for _ in range(hops):
        near = [c for c in _checks(table) if set(c.columns) & set(names)]
        names = list(dict.fromkeys([*names, *(name for c in near for name in c.columns)]))
    asked = [(c, c != check) for c in _checks(table) if set(c.columns) & set(names)]
    known = [set(names[: at + 1]) | (set(start) - set(names)) for at in range(len(names))]
    ripe = [
        [(c, w) for c, w in asked if set(c.columns) <= now and not set(c.columns) <= before]
        for before, now in zip([set(start) - set(names), *known], known, strict=False)
    ]
    trials = iter(range(MOST_TRIALS))

    def tried(at: int, values: Values) -> Iterator[Values]:
        """Column by column, giving up as soon as a rule of which all columns are there says otherwise."""
        if at == len(names):
            yield values
            return
        for value in _candidates(table.columns[names[at]], start.get(names[at]), wanted=False):
            if next(trials, None) is None:
                return
            one = values | {names[at]: value}
            if all(holds(c, one) == wanted for c, wanted in ripe[at]):
                yield from tried(at + 1, one)

    yield from tried(0, start)


def _checks(table: Table) -> Iterable[Constraint]:
    return [c for c in table.constraints if c.kind == "check"]


def _usual(column: Column, n: int, mark: Mark) -> Any:
    day = FIRST_DAY + timedelta(days=n)
    words = mark if isinstance(mark, str) else mark(column)
    match column.kind:
        case "choice":
            return column.default or column.choices[0]
        case "text" | "long text":
            return words if column.length is None or len(words) <= column.length else str(n)
        case "whole number" | "number":
            return n if column.default in (None, 0) else column.default
        case "date":
            return day
        case "instant":
            return datetime(day.year, day.month, day.day, 9)
        case "yes/no":
            return bool(column.default)
        case "data":
            return {"mark": words}
    return None


def _candidates(column: Column, now: Any, wanted: bool) -> list[Any]:
    """Values to try in ``column``, the present one first; None only where the column may be empty."""
    tries: list[Any] = [now, *(() if column.is_required and not column.is_key else (None,))]
    match column.kind:
        case "choice":
            tries += [*column.choices] if wanted else [*column.choices, "？"]
        case "text" | "long text":
            marked = f"1{now}@1"  # begins as a number, looks like an address, and keeps its mark
            tries += [marked] if wanted and len(marked) <= (column.length or 999) else []
            tries += ["", "字"] if wanted else ["", "字", "字 字", "A"]
        case "whole number" | "number":
            tries += [2000 + now] if wanted and now else []  # a year, still another for every row
            tries += [1, 0, -1, 2, 12, 2024, 99999, 31]
        case "date":
            tries += [FIRST_DAY, FIRST_DAY - timedelta(days=9), FIRST_DAY + timedelta(days=400)]
        case "instant":
            tries += [datetime(2024, 1, 1), datetime(2026, 1, 1)]
        case "yes/no":
            tries += [True, False]
        case "link" | "key":
            tries += [] if wanted else [1]
    return tries


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value
