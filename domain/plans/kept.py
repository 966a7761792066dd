"""A plan as it was read, kept from the preview to the writing: what is read again from the same is read only once.

Only what reading makes is kept, never what the database holds; what is not whole or not the same is read anew.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import logging
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from domain.imports.outcomes import CellError
from domain.imports.pauses import collector_paused
from domain.plans.recognising.columns import Unread
from domain.plans.recognising.headers import Overrides, PlanColumn, PlanTable
from domain.plans.recognising.outcomes import (
    Assignment,
    LeftOut,
    MeetingFacts,
    Plan,
    PlanRow,
    PlanSheet,
)
from domain.plans.recognising.reading import read_plan
from domain.plans.recognising.units import UnitBook

_fields_of_row = attrgetter(*(field.name for field in dataclasses.fields(PlanRow)))
_PLACES = {field.name: place for place, field in enumerate(dataclasses.fields(PlanRow))}
_JOINT, _ASSIGNMENTS = _PLACES["joint"], _PLACES["assignments"]
_DUE_ON, _ERRORS = _PLACES["due_on"], _PLACES["errors"]
_SUGGESTIONS = [field.name for field in dataclasses.fields(CellError)].index("suggestions")
_OF_TABLE = {field.name: place for place, field in enumerate(dataclasses.fields(PlanTable))}
_COLUMNS, _UNREAD = _OF_TABLE["columns"], _OF_TABLE["unread"]
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
        found = json.loads(kept.read_bytes())
        return _plan(found["plan"]) if found["basis"] == basis else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _keep(kept: Path, basis: str, plan: Plan) -> None:
    """Without it the plan is only read once more."""
    unfinished = kept.with_suffix(".unfinished")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        said = json.dumps({"basis": basis, "plan": _written(plan)}, ensure_ascii=False)
        unfinished.write_text(said, "utf-8")
        unfinished.replace(kept)
    except (OSError, ValueError) as fault:  # a full disk, a text that UTF-8 does not hold
        _log.warning("the plan as read could not be kept: %s", fault)


def _written(plan: Plan) -> dict[str, Any]:
    """The plan as JSON has it: values in the order of their fields, each table once."""
    tables = [table for sheet in plan.sheets for table in sheet.tables]
    places = {id(table): place for place, table in enumerate(tables)}
    return {
        "tables": [_written_table(table) for table in tables],
        "sheets": [
            [s.sheet, [places[id(table)] for table in s.tables], s.skipped] for s in plan.sheets
        ],
        "rows": [_written_row(row, places[id(row.table)]) for row in plan.rows],
        "left_out": [_fields(line) for line in plan.left_out],
    }


def _written_table(table: PlanTable) -> list[Any]:
    values = _fields(table)
    values[_COLUMNS] = [_fields(column) for column in table.columns]
    values[_UNREAD] = [_fields(column) for column in table.unread]
    return values


def _written_row(row: PlanRow, place: int) -> list[Any]:
    *values, _ = _fields_of_row(row)
    values[_DUE_ON] = row.due_on and row.due_on.isoformat()
    values[_ERRORS] = [_fields(error) for error in row.errors]
    return [*values, place]


def _fields(value: Any) -> list[Any]:
    return [getattr(value, field.name) for field in dataclasses.fields(value)]


def _plan(found: dict[str, Any]) -> Plan:
    tables = [_table(values) for values in found["tables"]]
    return Plan(
        tuple(
            PlanSheet(name, tuple(tables[p] for p in of), why) for name, of, why in found["sheets"]
        ),
        tuple(_row(values, tables) for values in found["rows"]),
        tuple(LeftOut(*values) for values in found["left_out"]),
    )


def _table(values: list[Any]) -> PlanTable:
    header_rows, last_row, labels, *rest = values
    columns, score, print_, missing, unread = rest
    read = tuple(PlanColumn(*one) for one in columns)
    left = tuple(Unread(*one) for one in unread)
    return PlanTable(
        tuple(header_rows), last_row, tuple(labels), read, score, print_, missing, left
    )


def _row(values: list[Any], tables: list[PlanTable]) -> PlanRow:
    *values, place = values
    values[_JOINT] = tuple(values[_JOINT])
    values[_ASSIGNMENTS] = tuple(Assignment(*one) for one in values[_ASSIGNMENTS])
    values[_DUE_ON] = values[_DUE_ON] and datetime.date.fromisoformat(values[_DUE_ON])
    values[_ERRORS] = tuple(_error(one) for one in values[_ERRORS])
    return PlanRow(*[*values, tables[place]])


def _error(values: list[Any]) -> CellError:
    values[_SUGGESTIONS] = tuple(values[_SUGGESTIONS])
    return CellError(*values)
