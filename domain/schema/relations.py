"""The names by which a row leads to other rows; they follow from the foreign keys and are written nowhere.

``lead_unit_id`` -> ``lead_unit`` on the row; on the row it leads to the table's name, for all that lead there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from domain.schema.words import Table


@dataclass(frozen=True)
class Relation:
    """``name`` on the rows of ``table`` leads to ``target``; ``key`` is the column with the id, of the row below."""

    kind: Literal["one", "many", "carried"]
    """one: the row of a foreign key; carried: that of a column copied from it; many: the rows below."""
    table: str
    name: str
    target: str
    key: str


def relations(tables: Mapping[str, Table]) -> Iterator[Relation]:
    """Yield every relation in the order of the file; a carried column has one where no key took its name."""
    for name, table in tables.items():
        targets = [key.target for key in table.foreign_keys]
        for key in table.foreign_keys:
            stem = key.key_column.removesuffix("_id")
            yield Relation("one", name, stem, key.target, key.key_column)
            if targets.count(key.target) == 1:
                yield Relation("many", key.target, name, name, key.key_column)
        yield from _carried(table)


def _carried(table: Table) -> Iterator[Relation]:
    taken = {key.key_column.removesuffix("_id") for key in table.foreign_keys}
    for column in table.columns.values():
        stem = column.name.removesuffix("_id")
        if column.is_carried and column.references and stem not in taken:
            yield Relation("carried", table.name, stem, column.references, column.name)
