"""What items are called where no mapped row is at hand to say it."""

from collections.abc import Mapping
from typing import Any


def item_name(row: Mapping[str, Any]) -> str:
    """A proposal's natural name, as the change log has it."""
    return f"{row['kind']}{row['number']}号 {row['title']}"
