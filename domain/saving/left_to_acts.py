"""Refuses files that decide what is under way in the panel: they bring what was done before, or beside it (补录).

What the change log names an act for goes on by acts: they ask who may, what is missing, and what follows.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from domain import models
from domain.schema.words import Column
from domain.storing.changes import BACKFILLED, CHANGED, CREATED
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, WriteRule

_AT_ONCE = 500


class IsUnderWay(Implausible):
    """A file says what came of something that people are at in the panel."""


@dataclass(frozen=True)
class _Touched:
    """What a file says something of: a row of ``table`` by its id, told under ``column``. ``by``: what acts must have
    done to it in the log for it to be under way."""

    table: str
    row_id: int
    column: Column
    by: tuple[str, ...]


class FilesLeaveActsAlone(WriteRule):
    """Raises IsUnderWay where a file writes what is [经办] in a row that an act has changed, or writes a row of a table
    of acts that an act has made, or that belongs to such a row."""

    def concerns(self, table: str) -> bool:
        words = models.schema.tables[table]
        return words.is_by_acts or any(c.is_by_act for c in words.columns.values())

    def is_asked(self, save: Save) -> bool:
        return save.is_peoples and save.session.provenance().act == BACKFILLED

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        touched = [one for row in rows if row.new for one in _touched(table, row)]
        for of, by in dict.fromkeys((one.table, one.by) for one in touched):
            some = [one for one in touched if (one.table, one.by) == (of, by)]
            last = _last_acts(save.connection, of, by, {one.row_id for one in some})
            for one in some:
                if one.row_id in last:
                    raise IsUnderWay(table, one.column, _why(last[one.row_id]))


def _touched(table: str, row: RowWrite) -> Iterator[_Touched]:
    words = models.schema.tables[table]
    changed = [words.columns[name] for name in row.changed if name in words.columns]
    written = [c for c in changed if words.is_by_acts or c.is_by_act]
    if written and row.old:
        by = (CREATED, CHANGED) if words.is_by_acts else (CHANGED,)
        yield _Touched(table, row.old["id"], written[0], by)
    if written and words.is_by_acts:
        for column in words.columns.values():
            if column.references and column.is_required and not column.is_automatic:
                yield _Touched(column.references, row.new[column.name], column, (CHANGED,))


def _last_acts(
    connection: Connection, table: str, by: Collection[str], ids: Collection[int]
) -> dict[int, Any]:
    """By row the last entry of the log that an act has made, of these ways of changing it; a question for every 500."""
    log, keys, found = models.table_of("change_log").c, sorted(ids), dict[int, Any]()
    acts = log.table_name == table, log.action.in_(by), log.act.not_in(("", BACKFILLED))
    for start in range(0, len(keys), _AT_ONCE):
        some = log.row_id.in_(keys[start : start + _AT_ONCE])
        newest = select(func.max(log.id)).where(*acts, some).group_by(log.row_id)
        told = select(log.row_id, log.actor_name, log.happened_at, log.act)
        entries = connection.execute(told.where(log.id.in_(newest)))
        found |= {entry.row_id: entry for entry in entries}
    return found


def _why(entry: Any) -> str:
    who, when = entry.actor_name, f"{entry.happened_at:%Y-%m-%d}"
    done = f"{who}已于 {when} 在系统里办了“{entry.act}”"
    return f"{done}，以后的事也在系统里办，不能用表格补录：请到这一条的页面上办理。"
