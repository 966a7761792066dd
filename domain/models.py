"""schema.sql reflected into mapped classes: ``models.Proposal``, ``models.by_table["proposals"]``.

Behaviour may be declared here, columns never: they come from the file. The classes are made on first use,
or by ``load`` with another file, once per process.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, ColumnDefault, MetaData, Numeric, Table, create_engine
from sqlalchemy.orm import DeclarativeBase, joinedload, load_only, relationship

from domain.schema.file import SCHEMA_FILE, Constraint, Schema, read_schema
from domain.schema.file import Table as TableWords
from domain.schema.words import class_name, fields_of

__all__ = [
    "Row",
    "by_table",
    "load",
    "name_columns",
    "name_fields",
    "name_options",
    "schema",
    "table_of",
]

by_table: Mapping[str, Any]  # the mapped classes by table, and
schema: Schema  # the words of the file: both are there from the first use on


class Row(DeclarativeBase):
    """A row of any table. ``words`` are its table's labels; ``str()`` is its natural name."""

    __table__: ClassVar[Table]
    words: ClassVar[TableWords]

    def __str__(self) -> str:
        return self._called(self.words.name_format)

    @property
    def brief_name(self) -> str:
        """Its natural name where the row that refers to it tells the rest."""
        return self._called(self.words.short_format)

    def _called(self, name_format: str) -> str:
        values = {field: getattr(self, field) for field in fields_of(name_format)}
        return name_format.format_map(
            {k: "" if v is None else v for k, v in values.items()}
        ).strip()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__dict__.get('id')}>"


_loaded: dict[str, Any] = {}


def load(path: Path = SCHEMA_FILE) -> None:
    """Make the mapped classes from the file at ``path``. Raises RuntimeError when another file is already loaded."""
    if _loaded:
        if _loaded["path"] != path:
            raise RuntimeError(
                f"The models are already made from {_loaded['path']}; one process works on one schema."
            )
        return
    read = read_schema(path)
    metadata = _reflect(read)
    classes = {name: _map(read.tables[name], metadata.tables[name]) for name in read.tables}
    _relate(read, classes)
    _loaded.update(
        {c.__name__: c for c in classes.values()}
        | {"path": path, "by_table": classes, "schema": read, "metadata": metadata}
    )
    Row.registry.configure()


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if not _loaded:
        load()
    if name not in _loaded:
        raise AttributeError(f"schema.sql has no table for {name!r}")
    return _loaded[name]


def table_of(name: str) -> Table:
    """The reflected table called ``name``."""
    if not _loaded:
        load()
    row: type[Row] = _loaded["by_table"][name]
    return row.__table__


def _reflect(read: Schema) -> MetaData:
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


def _portable(kind: Any) -> Any:
    if isinstance(kind, Numeric):
        return Numeric(kind.precision, kind.scale, asdecimal=False)
    return JSON(none_as_null=True) if isinstance(kind, JSON) else kind.as_generic()


def _give_default(column: Column[Any], value: str | float | bool) -> None:
    """A reflected column takes no ``default=``, so the default is attached as Column itself would do it."""
    ColumnDefault(value)._set_parent_with_dispatch(column)


def _map(words: TableWords, table: Table) -> type[Row]:
    return type(
        class_name(words.name), (Row,), {"__table__": table, "words": words, "__module__": __name__}
    )


def _relate(read: Schema, classes: Mapping[str, type[Row]]) -> None:
    """``lead_unit_id`` -> ``lead_unit`` on the child; on the parent the child table's name, read only."""
    for name, words in read.tables.items():
        targets = [key.target for key in words.foreign_keys]
        for key in words.foreign_keys:
            _relate_key(classes[name], classes[key.target], key)
            if targets.count(key.target) == 1:
                _collect(classes[key.target], classes[name], key)
        _relate_carried(classes, words)


def _relate_key(child: type[Row], parent: type[Row], key: Constraint) -> None:
    local = child.__table__.c[key.key_column]
    setattr(
        child,
        key.key_column.removesuffix("_id"),
        relationship(
            parent,
            foreign_keys=[local],
            primaryjoin=local == parent.__table__.c.id,
            remote_side=[parent.__table__.c.id],
            passive_deletes="all",
        ),
    )


def _collect(parent: type[Row], child: type[Row], key: Constraint) -> None:
    local = child.__table__.c[key.key_column]
    setattr(
        parent,
        child.__table__.name,
        relationship(
            child,
            foreign_keys=[local],
            primaryjoin=local == parent.__table__.c.id,
            order_by=child.__table__.c.id,
            viewonly=True,
        ),
    )


def _relate_carried(classes: Mapping[str, type[Row]], words: TableWords) -> None:
    for column in words.columns.values():
        name = column.name.removesuffix("_id")
        if column.is_carried and column.references and name not in classes[words.name].__dict__:
            local, parent = classes[words.name].__table__.c[column.name], classes[column.references]
            setattr(
                classes[words.name],
                name,
                relationship(
                    parent,
                    foreign_keys=[local],
                    primaryjoin=local == parent.__table__.c.id,
                    viewonly=True,
                ),
            )


def name_fields(words: TableWords) -> tuple[str, ...]:
    """The fields of a row's natural name: columns and relationship names."""
    return fields_of(words.name_format)


def name_columns(cls: type[Row]) -> Iterator[Any]:
    """Yield the mapped columns that a row's natural name is made of."""
    for field in name_fields(cls.words):
        yield getattr(cls, field if field in cls.words.columns else f"{field}_id")


def name_options(cls: type[Row], depth: int = 3) -> Iterator[Any]:
    """Yield what to load with a row so that its natural name costs no further query.

    Of the rows beside it only the columns of their names are read: never a long text.
    """
    for field in name_fields(cls.words):
        attribute = getattr(cls, field)
        if depth and field not in cls.words.columns:
            beside = attribute.property.mapper.class_
            yield joinedload(attribute).options(
                load_only(*name_columns(beside)), *name_options(beside, depth - 1)
            )
