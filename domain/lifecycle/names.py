"""What rows are called where no mapped row is at hand to say it: by the 名称 that schema.sql gives their table."""

from collections.abc import Mapping
from typing import Any

from domain import models


def called(table: str, **fields: Any) -> str:
    """The natural name of a row of ``table``, from the fields that its 名称 names; others may be there too."""
    return models.schema.tables[table].name_format.format_map(fields)


def item_name(row: Mapping[str, Any]) -> str:
    """The natural name of an item."""
    return called("proposals", **row)


def task_name(unit: str, row: Mapping[str, Any], item: str) -> str:
    """The natural name of a task of ``unit`` on an ``item``, both by their names."""
    return called("assignments", unit=unit, role=row["role"], proposal=item)


def reply_name(row: Mapping[str, Any], task: str) -> str:
    """The natural name of a reply to a ``task``, which is named."""
    return called("replies", kind=row["kind"], round=row["round"], assignment=task)


def signature_name(deputy: str, row: Mapping[str, Any], item: str) -> str:
    """The natural name of a signature under an ``item``."""
    return called("sponsors", deputy=deputy, role=row["role"], proposal=item)


def deputy_name(name: str, body: str) -> str:
    """The natural name of a deputy."""
    return called("deputies", name=name, body=body)
