"""Makes the mapped classes of a schema: reflects its tables, names their columns, relates the classes.

Which relations there are is said in relations.py; the classes are kept in loading.py.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, Column, ColumnDefault, MetaData, Numeric, Table, create_engine
from sqlalchemy.orm import Relationship, relationship
from sqlalchemy.types import TypeEngine

from domain.schema.file import Schema
from domain.schema.relations import Relation, relations
from domain.schema.row import Row
from domain.schema.words import Table as TableWords
from domain.schema.words import class_name

Classes = Mapping[str, type[Row]]
_MODULE = "domain.models"  # where they are found


def make_classes(read: Schema, metadata: MetaData) -> Classes:
    """The mapped class of every table, by the table's name."""
    classes = {name: _map(words, metadata.tables[name]) for name, words in read.tables.items()}
    for relation in relations(read.tables):
        setattr(classes[relation.table], relation.name, _related(relation, classes))
    Row.registry.configure()
    return classes


def reflect(read: Schema) -> MetaData:
    """Build the file in memory and read back what the database made of it."""
    engine = create_engine("sqlite://")
    metadata = MetaData()
    with engine.connect() as connection:
        for statement in read.table_statements("sqlite"):
            connection.exec_driver_sql(statement)
        metadata.reflect(connection)
    engine.dispose()
    for table in metadata.tables.values():
        for column in table.columns:
            _settle(column, read.tables[table.name])
    return metadata


def _settle(column: Column[Any], words: TableWords) -> None:
    """Give a reflected column a portable type, its default on the Python side too, and its words."""
    described = words.columns[column.name]
    column.type = _portable(column.type)
    column.info["words"] = described
    column.comment = f"{described.label}：{described.help}"
    if column.primary_key:
        column.nullable = False  # SQLite reflects its rowid key as nullable
    if described.default is not None:
        _give_default(column, described.default)


def _portable(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(kind, Numeric):
        return Numeric(kind.precision, kind.scale, asdecimal=False)
    return JSON(none_as_null=True) if isinstance(kind, JSON) else kind.as_generic()


def _give_default(column: Column[Any], value: str | float | bool) -> None:
    """A reflected column takes no ``default=``, so the default is attached as Column itself would do it."""
    ColumnDefault(value)._set_parent_with_dispatch(column)


def _map(words: TableWords, table: Table) -> type[Row]:
    return type(
        class_name(words.name), (Row,), {"__table__": table, "words": words, "__module__": _MODULE}
    )


def _related(relation: Relation, classes: Classes) -> Relationship[Any]:
    """The rows above are set through their key as well; those below and the carried ones are only read."""
    above, below = relation.target, relation.table
    if relation.kind == "many":
        above, below = below, above
    key, parent = classes[below].__table__.c[relation.key], classes[above].__table__.c.id
    more: dict[str, Any] = {"viewonly": True}
    if relation.kind == "one":
        more = {"remote_side": [parent], "passive_deletes": "all"}
    if relation.kind == "many":
        more["order_by"] = classes[below].__table__.c.id
    target = classes[relation.target]
    return relationship(target, foreign_keys=[key], primaryjoin=key == parent, **more)
