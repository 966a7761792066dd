"""A plan as it was read, kept from the preview to the writing: what is read again from the same is read only once.

Only what reading makes is kept, never what the database holds; what is not whole or not the same is read anew.
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging
from collections.abc import Iterable, Sequence
from operator import attrgetter
from pathlib import Path
from types import GenericAlias
from typing import Any, NamedTuple, get_type_hints

import msgspec

from domain.imports.corrections import NOTHING_SAID, Corrected, Corrections
from domain.plans.recognising.outcomes import (
    LeftOut,
    MeetingFacts,
    Note,
    Plan,
    PlanRow,
    PlanSheet,
)
from domain.plans.recognising.reading import plan_of
from domain.plans.recognising.tables import Overrides, PlanTable
from domain.plans.recognising.units import UnitBook
from domain.sheets.kept import read_grids_once, version_of, write_whole
from domain.storing.pauses import collector_paused

_OF_ROW = [field.name for field in dataclasses.fields(PlanRow) if field.name != "table"]
_values_of_row = attrgetter(*_OF_ROW)


class _KeptSheet(NamedTuple):
    """A PlanSheet with the places of its tables."""

    sheet: str | None
    tables: tuple[int, ...]
    skipped: str
    notes: tuple[Note, ...]
    hidden: int


def _kept_form() -> Any:
    """The type of a kept plan: its basis, each table once, the sheets, the rows with their tables' places, the rest."""
    types = get_type_hints(PlanRow)
    row: Any = GenericAlias(tuple, (*(types[name] for name in _OF_ROW), int))
    parts = (_many(PlanTable), _many(_KeptSheet), _many(row), _many(LeftOut), _many(Corrected))
    return GenericAlias(tuple, (str, *parts))


def _many(kind: Any) -> Any:
    return GenericAlias(tuple, (kind, ...))


_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_kept_form())
_log = logging.getLogger(__name__)


class Said(NamedTuple):
    """What people said of a file: its columns, now or for an earlier one, and what its cells should read."""

    columns: Overrides
    corrections: Corrections = NOTHING_SAID


def read_plan_once(
    path: Path, meeting: MeetingFacts, book: UnitBook, said: Said, kept: Path
) -> Plan:
    """As plan_of the file. The plan is kept in the file ``kept``, and taken from there when all it was read from is the
    same; what the file holds is kept beside it, so that a correction does not open the file again.

    The file at ``path`` must never change. Raises UnreadableFile.
    """
    basis = _basis(path, (meeting, book.basis, _sorted(said.columns), said.corrections.basis))
    with collector_paused():
        plan = _find(kept, basis)
        if plan is None:
            plan = plan_of(read_grids_once(path, beside(kept)), meeting, book, *said)
            _keep(kept, basis, plan)
    return plan


def beside(kept: Path) -> Path:
    """Where the tables of the file are kept, beside what was read of them."""
    return kept.with_suffix(".tables")


def _sorted(overrides: Overrides) -> Any:
    return sorted((key, sorted(chosen.items())) for key, chosen in overrides.items())


def _basis(path: Path, what: object) -> str:
    said = repr((version_of("sheets", "texts", "plans", "imports"), path.name, what))
    return hashlib.sha256(said.encode()).hexdigest()


def _find(kept: Path, basis: str) -> Plan | None:
    try:
        found, *parts = _decoder.decode(kept.read_bytes())
        return _plan(*parts) if found == basis else None
    except (OSError, ValueError, LookupError):
        return None


def _keep(kept: Path, basis: str, plan: Plan) -> None:
    """Without it the plan is only read once more."""
    try:
        write_whole(kept, msgspec.json.encode((basis, *_parts(plan))))
    except (OSError, ValueError) as fault:  # a full disk, a text that UTF-8 does not hold
        _log.warning("the plan as read could not be kept: %s", fault)


def _parts(plan: Plan) -> tuple[Any, ...]:
    """The plan with each table once: sheets and rows name it by its place. A row may have columns of its own."""
    of_sheets = (table for sheet in plan.sheets for table in sheet.tables)
    every = {id(table): table for table in (*of_sheets, *(row.table for row in plan.rows))}
    tables = list(every.values())
    places = {key: place for place, key in enumerate(every)}
    sheets = [
        _KeptSheet(s.sheet, tuple(places[id(t)] for t in s.tables), s.skipped, s.notes, s.hidden)
        for s in plan.sheets
    ]
    rows = [(*_values_of_row(row), places[id(row.table)]) for row in plan.rows]
    return tables, sheets, rows, plan.left_out, plan.corrected


def _plan(
    tables: Sequence[PlanTable],
    sheets: Iterable[_KeptSheet],
    rows: Iterable[Sequence[Any]],
    left_out: tuple[LeftOut, ...],
    corrected: tuple[Corrected, ...],
) -> Plan:
    return Plan(
        tuple(
            PlanSheet(s.sheet, tuple(tables[t] for t in s.tables), s.skipped, s.notes, s.hidden)
            for s in sheets
        ),
        tuple(
            PlanRow(**dict(zip(_OF_ROW, values, strict=True)), table=tables[place])
            for *values, place in rows
        ),
        left_out,
        corrected,
    )
