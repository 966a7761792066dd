"""Reading plans in tests without a database: the demo district's units, its two meetings, small files made on the spot.

`read` writes a table to a real file and reads it as an upload is read, child process and all.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from openpyxl import Workbook

from domain.plans.recognising.outcomes import MeetingFacts, Plan, PlanRow
from domain.plans.recognising.reading import read_plan
from domain.plans.recognising.units import UnitBook, UnitEntry
from tests.ground.places import SEEDS

SAMPLES = SEEDS / "plans"
CONGRESS = MeetingFacts("建议", 2024)
CONFERENCE = MeetingFacts("提案", 2024)

Rows = Sequence[Sequence[object]]


@cache
def demo_units() -> UnitBook:
    """The units of the demo district, as the reference data has them."""
    with (SEEDS / "units.csv").open(encoding="utf-8") as file:
        units = [
            UnitEntry(number, line["name"], tuple(filter(None, line["aliases"].split(";"))))
            for number, line in enumerate(csv.DictReader(file), 1)
        ]
    return UnitBook(units)


def read_file(path: Path, meeting: MeetingFacts = CONGRESS) -> Plan:
    """The file as a plan of the meeting."""
    return read_plan(path, meeting, demo_units())


def workbook(path: Path, rows: Rows, merges: Sequence[str] = (), sheet: str = "Sheet1") -> Path:
    """A new .xlsx with one sheet, its first row in row 1."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for merge in merges:
        page.merge_cells(merge)
    book.save(path)
    return path


def read(
    folder: Path,
    rows: Rows,
    merges: Sequence[str] = (),
    meeting: MeetingFacts = CONGRESS,
    sheet: str = "Sheet1",
) -> Plan:
    """A table as a plan, by way of a real .xlsx."""
    return read_file(workbook(folder / "plan.xlsx", rows, merges, sheet), meeting)


def units_of(row: PlanRow) -> list[tuple[str, str]]:
    """The row's units with their roles, in order."""
    return [(one.unit, one.role) for one in row.assignments]


def error_columns(row: PlanRow) -> list[str]:
    """The columns the row's errors are in."""
    return [error.column for error in row.errors]


def messages(plan: Plan) -> list[str]:
    """Every sentence about every row."""
    return [error.message for row in plan.rows for error in row.errors]
