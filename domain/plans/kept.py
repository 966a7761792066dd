"""A plan as it was read, kept from the preview to the writing: what is read again from the same is read only once.

Only what reading makes is kept, never what the database holds; what is not whole or not the same is read anew.
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging
from collections.abc import Iterable, Sequence
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import GenericAlias
from typing import Any, NamedTuple, get_type_hints

import msgspec

from domain.plans.recognising.outcomes import (
    LeftOut,
    MeetingFacts,
    Note,
    Plan,
    PlanRow,
    PlanSheet,
)
from domain.plans.recognising.reading import read_plan
from domain.plans.recognising.tables import Overrides, PlanTable
from domain.plans.recognising.units import UnitBook
from domain.storing.pauses import collector_paused

_OF_ROW = [field.name for field in dataclasses.fields(PlanRow) if field.name != "table"]
_values_of_row = attrgetter(*_OF_ROW)


class _KeptSheet(NamedTuple):
    """A PlanSheet with the places of its tables."""

    sheet: str | None
    tables: tuple[int, ...]
    skipped: str
    notes: tuple[Note, ...]


def _kept_form() -> Any:
    """The type of a kept plan: its basis, each table once, the sheets, the rows with their tables' places, the rest."""
    types = get_type_hints(PlanRow)
    row: Any = GenericAlias(tuple, (*(types[name] for name in _OF_ROW), int))
    parts = (_many(PlanTable), _many(_KeptSheet), _many(row), _many(LeftOut))
    return GenericAlias(tuple, (str, *parts))


def _many(kind: Any) -> Any:
    return GenericAlias(tuple, (kind, ...))


_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_kept_form())
_log = logging.getLogger(__name__)


def read_plan_once(
    path: Path, meeting: MeetingFacts, book: UnitBook, overrides: Overrides, kept: Path
) -> Plan:
    """As read_plan. The plan is kept in the file ``kept``, and taken from there when all it was read from is the same.

    The file at ``path`` must never change. Raises UnreadableFile.
    """
    basis = _basis(path, meeting, book, overrides)
    with collector_paused():
        plan = _find(kept, basis)
        if plan is None:
            plan = read_plan(path, meeting, book, overrides)
            _keep(kept, basis, plan)
    return plan


def _basis(path: Path, meeting: MeetingFacts, book: UnitBook, overrides: Overrides) -> str:
    columns = sorted((key, sorted(chosen.items())) for key, chosen in overrides.items())
    said = repr((_reader(), path.name, meeting, book.basis, columns))
    return hashlib.sha256(said.encode()).hexdigest()


@cache
def _reader() -> str:
    """What tells this version of the reading from any other: the content of the files of its rooms."""
    domain = Path(__file__).parents[1]
    rooms = (domain / room for room in ("sheets", "texts", "plans", "imports"))
    parts = sorted(
        path for room in rooms for path in room.rglob("*") if path.suffix in (".py", ".txt")
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()


def _find(kept: Path, basis: str) -> Plan | None:
    try:
        found, *parts = _decoder.decode(kept.read_bytes())
        return _plan(*parts) if found == basis else None
    except (OSError, ValueError, LookupError):
        return None


def _keep(kept: Path, basis: str, plan: Plan) -> None:
    """Without it the plan is only read once more."""
    unfinished = kept.with_suffix(".unfinished")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(msgspec.json.encode((basis, *_parts(plan))))
        unfinished.replace(kept)
    except (OSError, ValueError) as fault:  # a full disk, a text that UTF-8 does not hold
        _log.warning("the plan as read could not be kept: %s", fault)


def _parts(plan: Plan) -> tuple[Any, ...]:
    """The plan with each table once: sheets and rows name it by its place."""
    tables = [table for sheet in plan.sheets for table in sheet.tables]
    places = {id(table): place for place, table in enumerate(tables)}
    sheets = [
        _KeptSheet(s.sheet, tuple(places[id(t)] for t in s.tables), s.skipped, s.notes)
        for s in plan.sheets
    ]
    rows = [(*_values_of_row(row), places[id(row.table)]) for row in plan.rows]
    return tables, sheets, rows, plan.left_out


def _plan(
    tables: Sequence[PlanTable],
    sheets: Iterable[_KeptSheet],
    rows: Iterable[Sequence[Any]],
    left_out: tuple[LeftOut, ...],
) -> Plan:
    return Plan(
        tuple(
            PlanSheet(s.sheet, tuple(tables[t] for t in s.tables), s.skipped, s.notes)
            for s in sheets
        ),
        tuple(
            PlanRow(**dict(zip(_OF_ROW, values, strict=True)), table=tables[place])
            for *values, place in rows
        ),
        left_out,
    )
