"""The change log: what one entry is and how entries are written. Which changes there are, others know.

flushing/ finds those of a flush, bulk.py its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from domain import models
from domain.actors import Actor
from domain.storing.inserting import insert_many

CREATED, CHANGED, DELETED = "新增", "修改", "删除"
BACKFILLED = "补录"
"""What the log calls the act of a file that brings what otherwise acts alone write."""
OWN_RECORDS = frozenset(
    {
        "reminder_reads",
        "job_runs",
        "imports",
        "import_rows",
        "change_log",
        "export_log",
        "logins",
        "user_sessions",
        "sent_forms",
        "former_passwords",
    }
)
"""Tables the program keeps about itself; their own columns say when and by whom."""
DERIVED = frozenset({"deadlines", "reminders"})
"""Tables the program derives by the thousand; logged where a person changes a row by hand."""
MASK = "（不记录）"


def is_logged(table: str, actor: Actor) -> bool:
    """Whether what ``actor`` changes in ``table`` goes into the change log."""
    return table not in OWN_RECORDS and not (actor.is_system and table in DERIVED)


@dataclass(frozen=True)
class Provenance:
    """Where a change comes from: who, when, and the import or job it belongs to.

    A rehearsal is rolled back whole, so that its entries are not written at all.
    """

    actor: Actor
    happened_at: datetime
    import_id: int | None = None
    job_run_id: int | None = None
    is_rehearsal: bool = False
    act: str = ""
    """The act that was done, by its label; "" where a form was filled in or a file read."""
    is_peoples: bool = False
    """Whether people say what is written, rather than that it follows."""


@dataclass(frozen=True)
class Entry:
    """One change of one row. ``changes`` maps a column to its [old, new]; hidden columns are masked."""

    action: str
    table: str
    row_id: int
    row_name: str
    changes: Mapping[str, list[Any]]


def differences(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The columns of ``table`` in which ``old`` and ``new`` differ, as {column: [old, new]} fit for JSON.

    ``old`` is empty for a new row: then blanks say nothing.
    """
    columns = models.schema.tables[table].columns
    found = {}
    for name, words in columns.items():
        before, after = old.get(name), new.get(name)
        if name != "id" and before != after and (old or after != ""):
            found[name] = [MASK, MASK] if words.is_hidden else [plain(before), plain(after)]
    return found


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it: dates in ISO form, decimals as numbers."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def write_entries(connection: Connection, where: Provenance, entries: Iterable[Entry]) -> None:
    """Append ``entries`` to the change log in one statement: those that ``is_logged`` says, and what an act writes
    itself into derived tables, as another due date."""
    said = DERIVED if where.act and where.is_peoples else frozenset[str]()
    told = (e for e in entries if e.table in said or is_logged(e.table, where.actor))
    tell(connection, where, told)


def tell(connection: Connection, where: Provenance, entries: Iterable[Entry]) -> None:
    """Append ``entries`` to the change log in one statement, of whatever tables they are."""
    if where.is_rehearsal:
        return
    tables = models.schema.tables
    insert_many(
        connection,
        models.ChangeLog.__table__,
        ("action", "table_name", "table_label", "row_id", "row_name", "changes"),
        (
            (e.action, words.name, words.label, e.row_id, e.row_name[:400], e.changes)
            for e in entries
            for words in (tables[e.table],)
        ),
        same={
            "happened_at": where.happened_at,
            "user_id": where.actor.user_id,
            "actor_name": where.actor.name,
            "act": where.act,
            "import_id": where.import_id,
            "job_run_id": where.job_run_id,
        },
    )
