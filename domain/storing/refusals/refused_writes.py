"""Reads a refused statement back: which table, what was done, with which values. For SQLAlchemy's statements."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.exc import IntegrityError

_INSERT = re.compile(r"INSERT INTO (\w+) \(([^)]*)\)")
_UPDATE = re.compile(r"UPDATE (\w+) SET (.*?) WHERE", re.S)
_DELETE = re.compile(r"DELETE FROM (\w+)")
_SET = re.compile(r"(\w+)\s*=")


@dataclass(frozen=True)
class RefusedWrite:
    """One statement; each row has the columns written and, if known, its id."""

    verb: Literal["insert", "update", "delete"]
    table: str
    rows: tuple[Mapping[str, Any], ...]


def refused_write(error: IntegrityError) -> RefusedWrite | None:
    """The statement behind ``error``; None where it has another form."""
    statement = error.statement or ""
    if found := _INSERT.match(statement):
        columns = [name.strip(' "') for name in found.group(2).split(",")]
        return RefusedWrite("insert", found.group(1), _rows(columns, error.params))
    if found := _UPDATE.match(statement):
        columns = [*_SET.findall(found.group(2)), "id"]
        return RefusedWrite("update", found.group(1), _rows(columns, error.params))
    if found := _DELETE.match(statement):
        return RefusedWrite("delete", found.group(1), _rows(["id"], error.params))
    return None


def _rows(columns: Sequence[str], params: Any) -> tuple[Mapping[str, Any], ...]:
    """The parameters by column: of one row, of many, or of many in one list."""
    if isinstance(params, Mapping):
        return ({column: params[column] for column in columns if column in params},)
    if params and isinstance(params[0], Sequence | Mapping) and not isinstance(params[0], str):
        return tuple(row for some in params for row in _rows(columns, some))
    width = len(columns)
    portions = (params[start : start + width] for start in range(0, len(params), width))
    return tuple(dict(zip(columns, portion, strict=False)) for portion in portions)
