"""The change log: what one entry is and how entries are written. Which changes there are, others know.

flushing/ finds those of a flush, bulk.py its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, update

from domain import models
from domain.actors import Actor
from domain.storing.inserting import insert_many

CREATED, CHANGED, DELETED = "新增", "修改", "删除"
BACKFILLED = "补录"
"""What the log calls the act of a file that brings what otherwise acts alone write."""
OWN_RECORDS = frozenset(
    {
        "reminder_reads",
        "messages",
        "mailings",
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


@dataclass
class Deed:
    """All that is written in one transaction: the id of the entry that stands for it, once there is one. The others
    are its parts; where the entry was taken back with a savepoint, what comes is a deed of its own."""

    head: int | None = None

    def end(self) -> None:
        """What is written from now on is another deed."""
        self.head = None


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
    deed: Deed = field(default_factory=Deed)
    is_peoples: bool = False
    """Whether people say what is written, rather than that it follows."""

    @property
    def shared(self) -> dict[str, Any]:
        """What all entries say that come from here."""
        return {
            "happened_at": self.happened_at,
            "user_id": self.actor.user_id,
            "actor_name": self.actor.name,
            "act": self.act,
            "import_id": self.import_id,
            "job_run_id": self.job_run_id,
        }


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
    """Append ``entries`` to the change log, of whatever tables they are: the first of a deed by itself, the others in
    one statement. Of the first that come together the one whose table schema.sql names first stands for the deed."""
    rows = [] if where.is_rehearsal else [_columns_of(entry) for entry in entries]
    if rows and where.deed.head is None:
        order = {name: place for place, name in enumerate(models.schema.tables)}
        first = min(rows, key=lambda row: order[row["table_name"]])
        rows.remove(first)
        begin_deed(connection, where, first)
    if rows:
        same = {**where.shared, "part_of_id": where.deed.head}
        values = (tuple(row.values()) for row in rows)
        insert_many(connection, models.ChangeLog.__table__, list(rows[0]), values, same=same)
        count_parts(connection, where, len(rows))


def _columns_of(entry: Entry) -> dict[str, Any]:
    words = models.schema.tables[entry.table]
    return {
        "action": entry.action,
        "table_name": words.name,
        "table_label": words.label,
        "row_id": entry.row_id,
        "row_name": entry.row_name[:400],
        "changes": entry.changes,
    }


def begin_deed(connection: Connection, where: Provenance, columns: Mapping[str, Any]) -> None:
    """Write the entry that stands for the deed."""
    log = models.table_of("change_log")
    statement = insert(log).values(**columns, **where.shared).returning(log.c.id)
    where.deed.head = connection.execute(statement).scalar_one()


def count_parts(connection: Connection, where: Provenance, more: int) -> None:
    """Have the entry that stands for the deed say how many others there are."""
    log = models.table_of("change_log")
    head = update(log).where(log.c.id == where.deed.head)
    connection.execute(head.values(parts=log.c.parts + more))
