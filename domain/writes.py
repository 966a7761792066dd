"""The check of one flush: may the actor do this, was the row his before, is it his after, and what goes into the log.

Everything is asked of the database, a query per table and not per row, so that the answer cannot differ from
what the scopes let him read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, func, inspect, select

from domain import models, scopes
from domain.changes import CHANGED, CREATED, DELETED, UNLOGGED, Entry, differences, write_entries
from domain.scopes import NotAllowed, OutOfScope

if TYPE_CHECKING:
    from domain.session import ActorSession

_VERBS = {CREATED: "create", CHANGED: "update", DELETED: "delete"}
_WORDS = {CREATED: "新增", CHANGED: "修改", DELETED: "删除"}


@dataclass
class _Change:
    """One object of the flush: what happens to it, and how its row stood before."""

    action: str
    row: Any
    old: dict[str, Any]
    name: str = ""

    @property
    def table(self) -> str:
        return str(self.row.__table__.name)


class FlushCheck:
    """Checks one flush of ``session`` before and after its statements, then writes the change log."""

    def __init__(self, session: ActorSession) -> None:
        self.session = session
        self.changes = [_Change(CREATED, row, {}) for row in session.new]
        self.changes += [
            _Change(CHANGED, row, {}) for row in session.dirty if session.is_modified(row)
        ]
        self.changes += [_Change(DELETED, row, {}) for row in session.deleted]

    def before(self) -> None:
        """Fill carried keys, then raise NotAllowed or OutOfScope for what the actor may not touch."""
        for change in self.changes:
            self._carry_keys(change)
        if not self.session.actor.is_system:
            self._check_verbs()
        for table, changes in self._by_table(CHANGED, DELETED):
            self._read_old(table, changes)
        for change in self.changes:
            if change.action == DELETED:
                with self.session.no_autoflush:
                    change.name = str(change.row)

    def after(self) -> None:
        """Raise where a row has left the actor's scope or hangs on a parent that he does not see."""
        if self.session.actor.is_system:
            return
        for table, changes in self._by_table(CREATED, CHANGED):
            for action in (CREATED, CHANGED):
                ids = [c.row.id for c in changes if c.action == action]
                self._require(
                    table,
                    _VERBS[action],
                    ids,
                    f"不能{_WORDS[action]}不属于本人职责范围的“{table_label(table)}”。",
                )
            self._check_parents(table, changes)

    def log(self) -> None:
        """Write what changed, once the rows have their ids and names."""
        write_entries(
            self.session.unchecked_connection(), self.session.provenance(), self._entries()
        )

    def saved(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(table, values) of every row of the flush: as it was, and as it is."""
        for change in self.changes:
            if change.old:
                yield change.table, change.old
            if change.action != DELETED:
                yield change.table, _values(change.row)

    def _entries(self) -> Iterator[Entry]:
        for change in self.changes:
            if change.table in UNLOGGED:
                continue
            new = {} if change.action == DELETED else _values(change.row)
            row_id = change.old["id"] if change.action == DELETED else change.row.id
            found = differences(change.table, change.old, new)
            if found:
                yield Entry(
                    change.action, change.table, row_id, change.name or str(change.row), found
                )

    def _by_table(self, *actions: str) -> Iterable[tuple[str, list[_Change]]]:
        grouped: dict[str, list[_Change]] = defaultdict(list)
        for change in self.changes:
            if change.action in actions:
                grouped[change.table].append(change)
        return grouped.items()

    def _carry_keys(self, change: _Change) -> None:
        """Fill the columns that a composite key copies from the parent."""
        columns = change.row.words.columns
        for key in change.row.words.foreign_keys if change.action != DELETED else ():
            for local, remote in zip(key.columns[1:], key.target_columns[1:], strict=True):
                if columns[local].is_carried and key.fills(local, change.row.words):
                    parent = self._parent(change.row, key.key_column, key.target)
                    if parent is not None:
                        setattr(change.row, local, getattr(parent, remote))

    def _parent(self, row: Any, column: str, target: str) -> Any:
        related = row.__dict__.get(column.removesuffix("_id"))
        key = getattr(row, column)
        if related is not None and key in (None, related.id):
            return related
        with self.session.no_autoflush:
            return self.session.get(models.by_table[target], key) if key else None

    def _check_verbs(self) -> None:
        for change in self.changes:
            if not scopes.may(self.session.actor, change.table, _VERBS[change.action]):
                raise NotAllowed(
                    f"您的角色不能{_WORDS[change.action]}“{table_label(change.table)}”。"
                )
            if change.action != DELETED:
                self._check_columns(change)

    def _check_columns(self, change: _Change) -> None:
        allowed = scopes.writable_columns(self.session.actor, change.table)
        for name, words in change.row.words.columns.items():
            if name in allowed or words.is_carried or name == "id":
                continue
            history = inspect(change.row).attrs[name].history
            if history.has_changes() and history.added != [words.default]:
                raise NotAllowed(f"您的角色不能填写“{words.label}”。")

    def _read_old(self, table: str, changes: list[_Change]) -> None:
        rows = _table(table)
        old = {}
        for ids in _portions(c.row.id for c in changes):
            found = self.session.unchecked_connection().execute(
                select(rows).where(rows.c.id.in_(ids))
            )
            old.update({row["id"]: dict(row) for row in found.mappings()})
        for change in changes:
            change.old = old.get(change.row.id, {})
        if not self.session.actor.is_system:
            for action in (CHANGED, DELETED):
                ids = [c.row.id for c in changes if c.action == action]
                self._require(
                    table,
                    _VERBS[action],
                    ids,
                    f"这一条“{table_label(table)}”不由您{_WORDS[action]}。",
                )

    def _require(self, table: str, verb: str, ids: list[int], sentence: str) -> None:
        if ids and not holds(self.session, table, verb, ids):
            raise (NotAllowed if holds(self.session, table, "read", ids) else OutOfScope)(sentence)

    def _check_parents(self, table: str, changes: list[_Change]) -> None:
        for words in models.schema.tables[table].columns.values():
            if not words.references:
                continue
            ids = {
                getattr(c.row, words.name)
                for c in changes
                if getattr(c.row, words.name) != c.old.get(words.name)
            } - {None}
            if (
                ids
                and not scopes.sees_all(self.session.actor, words.references)
                and not holds(self.session, words.references, "read", list(ids))
            ):
                raise OutOfScope(f"“{words.label}”所选的记录不在您的范围内。")


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def holds(session: ActorSession, table: str, verb: str, ids: Iterable[int]) -> bool:
    """Whether the actor may do ``verb`` on every one of these rows of ``table``, as the database stands."""
    rows, wanted = _table(table), set(ids)
    criterion = scopes.criterion_for(session.actor, table, verb, rows.c)
    connection = session.unchecked_connection()
    found = sum(
        connection.scalar(
            select(func.count()).select_from(rows).where(rows.c.id.in_(some), criterion)
        )
        or 0
        for some in _portions(wanted)
    )
    return found == len(wanted)


def table_label(table: str) -> str:
    """The label of ``table`` in schema.sql."""
    return str(models.schema.tables[table].label)


def _table(name: str) -> Table:
    return models.by_table[name].__table__  # type: ignore[no-any-return]


def _portions(ids: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    every = list(ids)
    for start in range(0, len(every), size):
        yield every[start : start + size]
