"""Copies all rows from one database into another, SQLite or PostgreSQL on either side.

Used by backups of PostgreSQL and by restoring; knows tables only as the database describes them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    MetaData,
    Numeric,
    Table,
    func,
    insert,
    select,
    text,
    update,
)

from domain.schema.search_index import reflected

ROWS_AT_ONCE = 2000


def live_tables(connection: Connection) -> MetaData:
    """The tables as they are in the database now, with types that mean the same on both kinds."""
    metadata = reflected(connection)
    for table in metadata.tables.values():
        for column in table.columns:
            column.type = _portable(column.type)
    return metadata


def create_bare_tables(connection: Connection, tables: MetaData) -> MetaData:
    """Create the same tables and columns without any constraint; give them."""
    bare = MetaData()
    for table in tables.sorted_tables:
        Table(table.name, bare, *(Column(c.name, c.type) for c in table.columns))
    bare.create_all(connection)
    return bare


def copy_rows(
    source: Connection, from_tables: MetaData, target: Connection, into_tables: MetaData
) -> None:
    """Copy every row of every table of `into_tables`, parents first, in the columns both have."""
    for into in into_tables.sorted_tables:
        origin = from_tables.tables.get(into.name)
        if origin is not None:
            _copy_table(source, origin, target, into)


def count_rows(connection: Connection, tables: MetaData) -> dict[str, int]:
    """The number of rows of each table."""
    counted = {}
    for name, table in sorted(tables.tables.items()):
        counted[name] = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return counted


def continue_numbering(connection: Connection, tables: MetaData) -> None:
    """Let PostgreSQL give new rows the ids after the copied ones; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for name in tables.tables:
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
                " HAVING max(id) IS NOT NULL"
            )
        )


def snapshot(engine: Engine) -> Engine:
    """The engine for reading one consistent state, however many statements it takes."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine


def _copy_table(source: Connection, origin: Table, target: Connection, into: Table) -> None:
    columns = [column.name for column in into.columns if column.name in origin.columns]
    query = select(*(origin.columns[name] for name in columns)).order_by(origin.c.id)
    found = source.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
    within = [c.name for c in into.columns if any(k.column.table is into for k in c.foreign_keys)]
    ahead: list[tuple[str, int, int]] = []
    for part in found.mappings().partitions():
        rows = [_plain(row) for row in part]
        ahead += _take_out_ahead(rows, within)
        target.execute(insert(into), rows)
    for name, row_id, refers_to in ahead:
        target.execute(update(into).where(into.c.id == row_id).values({name: refers_to}))


def _take_out_ahead(
    rows: Sequence[dict[str, Any]], within: Sequence[str]
) -> Iterator[tuple[str, int, int]]:
    """Empty the references to rows of the same table that come later, as of an item merged into a newer one, and give
    them: column, row and what it refers to."""
    for row in rows:
        for name in within:
            if row.get(name) is not None and row[name] > row["id"]:
                yield name, row["id"], row[name]
                row[name] = None


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def _portable(kind: Any) -> Any:
    if isinstance(kind, Numeric):
        return Numeric(kind.precision, kind.scale, asdecimal=False)
    return JSON(none_as_null=True) if isinstance(kind, JSON) else kind.as_generic()
