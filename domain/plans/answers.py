"""What an import says of itself: the JSON object of the command, the rows kept in the database, the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from domain import models
from domain.imports.corrections import kept_name
from domain.imports.outcomes import (
    CHINESE,
    MOST_LEFT_OUT,
    OUTCOMES,
    UPDATED,
    error_as_json,
)
from domain.plans.recognising.outcomes import Plan, PlanRow, PlanSheet
from domain.plans.steps import PlanStep
from domain.storing.inserting import insert_many
from domain.storing.session import ActorSession

_ROW = (
    "sheet",
    "row_no",
    "outcome",
    "title",
    "record_id",
    "facts",
    "changes",
    "errors",
    "warnings",
    "dues",
    "first_due_on",
)


def as_json(file_name: str, plan: Plan, steps: Sequence[PlanStep]) -> dict[str, Any]:
    """The answer of `import-plan --json`; its keys are kept stable."""
    return {
        "file": file_name,
        "sheets": [sheet_as_json(sheet) for sheet in plan.sheets],
        "rows": [row_as_json(step) for step in steps],
        "left_out": [
            {"sheet": one.sheet, "row": one.row, "text": one.text} for one in plan.left_out
        ],
        "totals": totals(steps),
    }


def totals(steps: Sequence[PlanStep]) -> dict[str, int]:
    """How many rows came to each outcome; every outcome is there."""
    counted = Counter(step.outcome for step in steps)
    return {outcome: counted[outcome] for outcome in OUTCOMES}


def sheet_as_json(sheet: PlanSheet) -> dict[str, Any]:
    """One sheet: where its header is, which column is what and how sure, or why it was left out."""
    tables = [table for table in sheet.tables if not table.missing] or list(sheet.tables)
    first = tables[0] if tables else None
    columns: dict[str, str] = {}
    for column in first.columns if first else ():
        columns.setdefault(column.canonical, column.label)
    return {
        "sheet": sheet.sheet,
        "header_rows": [row + 1 for row in first.header_rows] if first else [],
        "columns": columns,
        "score": sheet.score,
        "skipped": sheet.skipped,
        "notes": [note.sentence for note in sheet.notes],
        "tables": [
            {
                "header_rows": [row + 1 for row in table.header_rows],
                "fingerprint": table.fingerprint,
                "score": table.score,
                "labels": list(table.labels),
                "columns": [
                    {"index": c.index, "column": c.canonical, "label": c.label, "score": c.score}
                    for c in table.columns
                ],
                "unread": [asdict(column) for column in table.unread],
            }
            for table in sheet.tables
        ],
    }


def row_as_json(step: PlanStep) -> dict[str, Any]:
    """One row with what was read, what would change and what is wrong."""
    facts = facts_as_json(step.row)
    return {
        "sheet": step.row.sheet,
        "row": step.row.row,
        "outcome": step.outcome,
        **facts,
        "changes": step.changes if step.outcome == UPDATED else {},
        "errors": [error_as_json(error) for error in step.errors],
        "warnings": [error_as_json(warning) for warning in step.warnings],
    }


def facts_as_json(row: PlanRow) -> dict[str, Any]:
    """What was read in the row."""
    return {
        "number": row.number,
        "kind": row.kind,
        "title": row.title,
        "lead": row.lead,
        "joint": list(row.joint),
        "delegation": row.delegation,
        "category": row.category,
        "assignments": [{"unit": one.unit, "role": one.role} for one in row.assignments],
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "is_key": row.is_key,
        "leader": row.leader,
        "merged_into": str(row.merged_into) if row.merged_into else None,
        "note": row.note,
    }


def _kept_facts(row: PlanRow) -> dict[str, Any]:
    """What was read in the row, and of one that goes on over several rows, to which."""
    several = {"last_row": row.last_row} if row.last_row > row.row else {}
    return facts_as_json(row) | several


def keep_rows(
    session: ActorSession, import_id: int, plan: Plan, steps: Sequence[PlanStep]
) -> dict[str, Any]:
    """Store the rows of an import; returns the columns of `imports` that tell its result."""
    rows = (
        (
            kept_name(step.row.sheet),
            step.row.row,
            CHINESE[step.outcome],
            f"{step.row.number or ''} {step.row.title or ''}".strip()[:300],
            step.record_id,
            _kept_facts(step.row),
            step.changes if step.outcome == UPDATED else None,
            [error_as_json(error) for error in step.errors] or None,
            [error_as_json(warning) for warning in step.warnings] or None,
            step.owed or None,
            step.first_due_on,
        )
        for step in steps
    )
    same = {"import_id": import_id}
    insert_many(session.connection(), models.table_of("import_rows"), _ROW, rows, same)
    counted = totals(steps)
    return {
        "sheets": [_kept_sheet(sheet, plan) for sheet in plan.sheets],
        "total_rows": len(steps),
        **{f"{outcome}_rows": count for outcome, count in counted.items()},
    }


def _kept_sheet(sheet: PlanSheet, plan: Plan) -> dict[str, Any]:
    """As the command tells of it, with the lines of the sheet that were taken for no item."""
    lines = [[one.row, one.text[:200]] for one in plan.left_out if one.sheet == sheet.sheet]
    return {
        **sheet_as_json(sheet),
        "hidden_rows": sheet.hidden,
        "left_out": {"count": len(lines), "lines": lines[:MOST_LEFT_OUT]},
    }
