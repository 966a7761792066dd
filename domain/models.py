"""schema.sql reflected into mapped classes: ``models.Proposal``, ``models.by_table["proposals"]``.

Behaviour may be declared in domain/schema/row.py, columns never: they come from the file. The classes are made on
first use, or by ``load`` with another file, once per process. Type checkers read models.pyi instead, which
is generated and says what columns the classes have; so nothing that wants checking is written here.
"""

from typing import Any

from domain.schema.loading import alias_of, load, loaded, table_of
from domain.schema.row import Row, name_columns, name_fields, name_options, named

__all__ = [
    "Row",
    "alias_of",
    "load",
    "name_columns",
    "name_fields",
    "name_options",
    "named",
    "table_of",
]


def __getattr__(name: str) -> Any:
    """A mapped class by its name, or ``by_table``, ``schema``, ``metadata`` of what is loaded.

    Asked once for each name, which then is an attribute like any other.
    """
    if name.startswith("__"):
        raise AttributeError(name)
    if name in ("by_table", "schema", "metadata"):
        found = getattr(loaded(), name)
    elif name in loaded().by_name:
        found = loaded().by_name[name]
    else:
        raise AttributeError(f"schema.sql has no table for {name!r}")
    globals()[name] = found
    return found
