"""A save settles the deadlines of its item by looking up what hangs on it: it does not grow with the tables."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine, event

from domain.lifecycle.reactions import follow_up
from tests.ground.acting import SCHOOL, a_draft, act, item, task
from tests.ground.district import Panel
from tests.ground.serving.databases import SQLiteDatabases

GROWING = {
    "assignments", "proposals", "replies", "feedbacks", "deadlines", "reminders", "return_requests", "handling_plans",
    "ledger_entries", "review_steps", "change_log",
}  # fmt: skip
WHOLE = re.compile(r"(?:SCAN|CO-ROUTINE|MATERIALIZE) (\w+)")


@pytest.fixture(scope="session")
def databases(sqlite_databases: SQLiteDatabases) -> SQLiteDatabases:
    """SQLite tells how it reads; PostgreSQL does only with tables that are full."""
    return sqlite_databases


def test_what_a_save_reads_does_not_grow_with_the_tables(panel: Panel) -> None:
    lead = task(panel, SCHOOL, "主办")
    act(panel, "school", "sign", "assignments", lead)
    a_draft(panel, lead)
    asked: list[tuple[str, Any]] = []
    event.listen(
        Engine, "before_cursor_execute", note := lambda *told: asked.append((told[2], told[3]))
    )
    try:
        with panel.truth() as session:
            follow_up(session, [item(panel, "001")])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with panel.truth() as session:
        driver: Any = session.connection().connection.dbapi_connection
        plans = {
            statement: [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in asked
            if statement.startswith(("SELECT", "UPDATE", "DELETE")) and "EXPLAIN" not in statement
        }
    assert sum("deadlines" in statement for statement in plans) > 5
    whole = {
        (statement, name)
        for statement, lines in plans.items()
        for found in map(WHOLE.match, lines)
        if found and ((name := found[1]) in GROWING or name.startswith("anon"))
    }
    assert not whole
