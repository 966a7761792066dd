"""The sample plans, cell by cell: what a person would read in them is what the reader reads."""

import json
from pathlib import Path

import pytest

from domain.plans.recognising.outcomes import PlanRow
from tests.ground.plans import CONFERENCE, CONGRESS, SAMPLES, error_columns, read_file, units_of

EXPECTATIONS = sorted(SAMPLES.glob("*.expected.json"))


def facts_of(row: PlanRow) -> dict[str, object]:
    """The row as an expectation writes it; a row with errors is expected in fewer facts."""
    found: dict[str, object] = {
        "row": row.row,
        "outcome": "invalid" if row.errors else "new",
        "number": row.number,
        "kind": row.kind,
        "title": row.title,
        "errors": sorted(set(error_columns(row))),
    }
    if not row.errors:
        found |= {
            "lead": row.lead,
            "joint": list(row.joint),
            "due_on": row.due_on and row.due_on.isoformat(),
            "assignments": sorted(units_of(row)),
        }
    return found


def expected(row: dict) -> dict[str, object]:
    """The same facts of an expected row."""
    names = ["row", "outcome", "number", "kind", "title", "errors"]
    if row["outcome"] == "new":
        names += ["lead", "joint", "due_on"]
        tasks = {"assignments": sorted((task["unit"], task["role"]) for task in row["assignments"])}
    else:
        tasks = {}
    return {name: row[name] for name in names} | tasks


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=lambda path: path.name[:-14])
def test_every_cell_of_a_sample_plan_is_read_as_a_person_reads_it(expectation: Path) -> None:
    wanted = json.loads(expectation.read_text(encoding="utf-8"))
    meeting = CONGRESS if "人大" in wanted["meeting"] else CONFERENCE

    plan = read_file(expectation.parent / wanted["file"], meeting)

    assert [facts_of(row) for row in plan.rows] == [expected(row) for row in wanted["rows"]]
    sheets = [row["sheet"] for row in wanted["rows"]]
    assert [row.sheet for row in plan.rows] == sheets


def test_all_ten_samples_are_there() -> None:
    assert len(EXPECTATIONS) == 10
