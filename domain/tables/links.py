"""Natural names of rows -> their ids, for the references in an imported table. A unit also goes by its aliases."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import load_only

from domain import models
from domain.plans import lookups
from domain.plans.facts import Unclear
from domain.plans.text import clean, similar, squeeze
from domain.plans.units import UnitBook
from domain.storing.session import ActorSession
from domain.words import Column


@dataclass
class Links:
    """Reads a table's names once, when the first reference to it is met."""

    session: ActorSession
    names: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    units: UnitBook | None = None

    def find(self, column: Column, cell: object) -> int:
        """The id of the row that the cell names. Raises Unclear where there is none, or more than one."""
        table, text = column.references or "", clean(cell)
        found = self._known(table).get(squeeze(text)) or self._unit(table, text)
        if len(found) == 1:
            return found[0]
        label = models.schema.tables[table].label
        if found:
            raise Unclear(f"可以指{len(found)}条“{label}”，请写得再具体些")
        near = similar(squeeze(text), self._known(table), limit=1)
        raise Unclear(
            f"在“{label}”里没有，是不是“{near[0]}”" if near else f"在“{label}”里没有，请先登记"
        )

    def _known(self, table: str) -> dict[str, list[int]]:
        if table not in self.names:
            known: dict[str, list[int]] = defaultdict(list)
            cls: Any = models.by_table[table]
            query = select(cls).options(
                load_only(*models.name_columns(cls)), *models.name_options(cls)
            )
            for row in self.session.scalars(query.execution_options(yield_per=1000)):
                known[squeeze(str(row))].append(row.id)
            self.names[table] = dict(known)
        return self.names[table]

    def _unit(self, table: str, text: str) -> list[int]:
        if table != "units":
            return []
        self.units = self.units or lookups.load_unit_book(self.session)
        return sorted(self.units.find(text))
