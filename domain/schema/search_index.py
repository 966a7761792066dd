"""The statements that make, find and mend the search index in a database; what is indexed says searched.py.

SQLite: triggers note the key of every row that is written, in plain SQL that any program's SQLite runs;
domain/searching/folding.py takes the noted rows into the index proper. PostgreSQL keeps an index of its own up to
date by itself.
"""

import re
import warnings
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, MetaData

from domain.schema.searched import (
    FORM,
    PREFIX,
    document,
    first_key,
    indexed_columns,
    is_indexed,
    last_key,
    part_name,
)
from domain.schema.sql_text import run
from domain.schema.words import Table

Tables = Mapping[str, Table]

NOTES = f"{PREFIX}notes"
INDEX = f"{PREFIX}index"
TERMS = f"{PREFIX}terms_{FORM}"

_MAKE_NOTES = f"CREATE TABLE {NOTES} (id INTEGER PRIMARY KEY)"
_MAKE_TERMS = rf"""
CREATE OR REPLACE FUNCTION {TERMS}(said text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
DECLARE small text := lower(said);
BEGIN
  RETURN string_to_array(small, NULL)
    || string_to_array(regexp_replace(small, '(..)', E'\\1\x1f', 'g'), E'\x1f')
    || string_to_array(regexp_replace(substr(small, 2), '(..)', E'\\1\x1f', 'g'), E'\x1f');
END $$"""
"""Every character and every two neighbours; not inlined, or the planner would think it costs nothing."""


def is_part(name: str) -> bool:
    """Whether a table or index of this name belongs to the search index."""
    return name.startswith(PREFIX)


def reflected(connection: Connection) -> MetaData:
    """The tables as they are in the database now, without those of the index."""
    metadata = MetaData()
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "Skipped unsupported reflection of expression-based index"
        )
        metadata.reflect(connection, only=lambda name, _: not is_part(name))
    return metadata


def statements(tables: Tables, dialect: str) -> Iterator[str]:
    """Yield what makes the index beside the empty ``tables``."""
    yield from wanted_parts(tables, dialect).values()


def wanted_parts(tables: Tables, dialect: str) -> dict[str, str]:
    """What ``tables`` want, in order: the name of each part and the statement that makes it."""
    indexed = [table for table in tables.values() if is_indexed(table)]
    if not indexed:
        return {}
    if dialect == "postgresql":
        return {TERMS: _MAKE_TERMS} | {part_name(t): _gin_index(t) for t in indexed}
    return {NOTES: _MAKE_NOTES} | {n: sql for t in indexed for n, sql in _triggers(t).items()}


def _gin_index(table: Table) -> str:
    return f"CREATE INDEX {part_name(table)} ON {table.name} USING gin ({TERMS}({document(table)}))"


def _triggers(table: Table) -> dict[str, str]:
    columns = ", ".join(["id", *(column.name for column in indexed_columns(table))])
    noted = {"insert": ["new"], f"update OF {columns}": ["old", "new"], "delete": ["old"]}
    return {
        trigger_name(table, event.split()[0]): _trigger(table, event, rows)
        for event, rows in noted.items()
    }


def trigger_name(table: Table, event: str = "insert") -> str:
    """The trigger that notes the rows that are inserted, updated or deleted."""
    return f"{part_name(table)}_{event}"


def whole_name(part: str) -> str:
    """The part_name that a trigger's name begins with; any other name as it is."""
    return re.sub(r"_(insert|update|delete)$", "", part)


def _trigger(table: Table, event: str, rows: list[str]) -> str:
    name, key = trigger_name(table, event.split()[0]), first_key(table.name)
    notes = "".join(f"INSERT OR IGNORE INTO {NOTES} VALUES ({r}.id + {key}); " for r in rows)
    return f"CREATE TRIGGER {name} AFTER {event} ON {table.name} BEGIN {notes}END"


def live_parts(connection: Connection) -> dict[str, str]:
    """The parts that are in the database, by name, and what each one is: table, trigger, index or function."""
    found = connection.exec_driver_sql(_LIVE[connection.dialect.name])
    return {name: kind for name, kind in found if is_part(name)}


_LIVE = {
    "sqlite": f"SELECT name, type FROM sqlite_master WHERE type = 'trigger' OR name = '{NOTES}'",
    "postgresql": "SELECT relname, 'index' FROM pg_class WHERE relkind = 'i' AND pg_table_is_visible(oid)"
    f" UNION ALL SELECT proname, 'function' FROM pg_proc WHERE proname = '{TERMS}'"
    " AND pg_function_is_visible(oid)",
}


def drop_strays(connection: Connection, tables: Tables) -> None:
    """Drop the parts that ``tables`` do not want."""
    wanted = wanted_parts(tables, connection.dialect.name)
    for name, kind in live_parts(connection).items():
        if name not in wanted:
            connection.exec_driver_sql(f"DROP {kind.upper()} {name}")


def make_missing(connection: Connection, tables: Tables) -> None:
    """Make the parts that are missing; on SQLite their rows are noted, for domain/searching/folding.py."""
    live, dialect = live_parts(connection), connection.dialect.name
    for name, statement in wanted_parts(tables, dialect).items():
        if name not in live:
            run(connection, statement)
    for table in tables.values():
        if dialect == "sqlite" and is_indexed(table) and trigger_name(table) not in live:
            note_all(connection, table)


def note_all(connection: Connection, table: Table) -> None:
    """Note every row of ``table`` on SQLite, and every one that the index knows of it: all are looked at anew."""
    first, last = first_key(table.name), last_key(table.name)
    connection.exec_driver_sql(
        f"INSERT OR IGNORE INTO {NOTES} SELECT id + {first} FROM {table.name}"
    )
    if has_index(connection):
        connection.exec_driver_sql(
            f"INSERT OR IGNORE INTO {NOTES} SELECT rowid FROM {INDEX} WHERE rowid BETWEEN {first} AND {last}"
        )


def has_index(connection: Connection) -> bool:
    """Whether SQLite's index proper has been made."""
    asked = f"SELECT 1 FROM sqlite_master WHERE name = '{INDEX}'"
    return connection.exec_driver_sql(asked).first() is not None
