"""The mapped classes of this process, made once. They are asked for by their names in domain/models.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import MetaData, Table
from sqlalchemy.sql.selectable import NamedFromClause

from domain.schema.classes import make_classes, reflect
from domain.schema.file import SCHEMA_FILE, Schema, read_schema
from domain.schema.row import Row


@dataclass(frozen=True)
class Loaded:
    """A schema, its tables as reflected, and the mapped classes by table and by name."""

    path: Path
    schema: Schema
    metadata: MetaData
    by_table: Mapping[str, type[Row]]
    by_name: Mapping[str, type[Row]]


_loaded: list[Loaded] = []


def load(path: Path = SCHEMA_FILE) -> None:
    """Make the mapped classes from the file at ``path``. Raises RuntimeError when another file is already loaded."""
    if not _loaded:
        _loaded.append(_made_from(path))
    elif _loaded[0].path != path:
        raise RuntimeError(
            f"The models are already made from {_loaded[0].path}; one process works on one schema."
        )


def _made_from(path: Path) -> Loaded:
    schema = read_schema(path)
    metadata = reflect(schema)
    classes = make_classes(schema, metadata)
    by_name = {made.__name__: made for made in classes.values()}
    return Loaded(path, schema, metadata, classes, by_name)


def loaded() -> Loaded:
    """What this process works on; schema.sql, where nothing else was loaded before."""
    if not _loaded:
        load()
    return _loaded[0]


def table_of(name: str) -> Table:
    """The reflected table called ``name``."""
    return loaded().by_table[name].__table__


@cache
def alias_of(name: str, label: str) -> NamedFromClause:
    """The reflected table called ``name`` under another name, the same object each time.

    The criteria of acts and scopes are written anew for every person, and an alias of his own would be most of what
    they weigh: it holds every column of its table once more. A name is for one place: within a select that reads an
    alias the same one would mean the row around it.
    """
    return table_of(name).alias(label)
