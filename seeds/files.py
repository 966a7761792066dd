"""Reads the .csv files of this room into values for tables.

Not here: which file fills which table (reference.py, demo/).
"""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from domain.models import Row

FOLDER = Path(__file__).parent
_WORDS = {"是": True, "否": False}


def read(name: str) -> list[dict[str, str]]:
    """The rows of `name`.csv (a path below seeds/), every value as the text it is."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values(cls: type[Row], row: Mapping[str, str]) -> dict[str, Any]:
    """The row's values for the columns that the table has, as the types of those columns.

    An empty text is left out, so that the column's own default counts.
    """
    columns = cls.__table__.columns
    return {
        name: _value(columns[name].type.python_type, text)
        for name, text in row.items()
        if name in columns and text != ""
    }


def _value(kind: type, text: str) -> Any:
    if kind is bool:
        return _WORDS[text]
    return date.fromisoformat(text) if kind is date else kind(text)
