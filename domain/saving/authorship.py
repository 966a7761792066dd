"""Who signed, asked, decided, recorded: fills the [自动] columns that name a person, when what they name happens.

By the names of the columns: ``signed_by_id`` goes with ``signed_on`` (or ``signed_at``); one without such a date,
as ``recorded_by_id`` or ``user_id``, is whoever makes the row.
"""

from typing import Any

from sqlalchemy import inspect

from domain.schema.words import Column


def name_author(row: Any, user_id: int | None) -> None:
    """Put ``user_id`` where ``row``, about to be written, says that this person did something and names nobody."""
    for column in row.words.columns.values():
        names_a_person = column.is_automatic and column.references == "users"
        if names_a_person and getattr(row, column.name) is None and _happens(row, column):
            setattr(row, column.name, user_id)


def _happens(row: Any, column: Column) -> bool:
    """Whether this write is the one that the column's person does."""
    deed = column.name.removesuffix("_by_id")
    when = next(
        (f"{deed}_{end}" for end in ("on", "at") if f"{deed}_{end}" in row.words.columns), ""
    )
    if not when:
        return bool(inspect(row).pending)
    return getattr(row, when) is not None and bool(inspect(row).attrs[when].history.added)
