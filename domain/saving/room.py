"""Lets rows change places: steps 1, 2, 3 become 2, 3, 1 in one save, though no two may have the same number at a time.

A database looks at every row as it is written; so those whose place another one wants step aside first.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update

from domain import models
from domain.ordering import place_column
from domain.schema.words import Column, Constraint
from domain.storing.write_rules import RowWrite, Save, WriteRule


class ChangesPlaces(WriteRule):
    """Moves rows out of the way, to places that nobody has, before the save puts all where they belong."""

    def concerns(self, table: str) -> bool:
        return _place(table) is not None

    def is_asked(self, save: Save) -> bool:
        return save.is_typed

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        (place, rule), at = _place(table) or (None, None), models.table_of(table)
        if place is None or rule is None:
            return
        wanted = {_key(rule, row.new) for row in rows if row.new}
        aside = [
            r for r in rows if r.old and r.new and _key(rule, r.old) in wanted - {_key(rule, r.new)}
        ]
        if aside:
            beyond = save.connection.scalar(_highest(table, place, aside)) or 0
            moved = [
                {"_id": row.old["id"], "_at": beyond + n} for n, row in enumerate(aside, start=1)
            ]
            away = update(at).where(at.c.id == bindparam("_id"))
            save.connection.execute(away.values({place.name: bindparam("_at")}), moved)


def _place(table: str) -> tuple[Column, Constraint] | None:
    """The column of a table that numbers rows below another one, with the rule that no two have one number."""
    return next(_places(table), None)


def _places(table: str) -> Iterator[tuple[Column, Constraint]]:
    words = models.schema.tables[table]
    below = words.columns.get(words.form_column or "")
    place = place_column(words, below) if below else None
    for rule in words.constraints:
        if place is not None and rule.kind == "unique" and place.name in rule.columns:
            yield place, rule


def _highest(table: str, place: Column, rows: Sequence[RowWrite]) -> Select[Any]:
    """The last place below the rows that these hang on."""
    at, below = models.table_of(table), models.schema.tables[table].form_column or ""
    above = {row.old[below] for row in rows}
    return select(func.max(at.c[place.name])).where(at.c[below].in_(above))


def _key(rule: Constraint, row: Any) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in rule.columns)
