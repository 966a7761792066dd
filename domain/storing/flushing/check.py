"""The check of one flush: permission, rules of saving, the change log, and what follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from domain import models
from domain.access.rule import OutOfScope
from domain.schema.words import Constraint
from domain.storing.acting import ActingSession
from domain.storing.cascades import along_with
from domain.storing.changes import CHANGED, CREATED, DELETED, Entry, differences, write_entries
from domain.storing.flushing.change import Change
from domain.storing.flushing.permission import Permission, not_yours
from domain.storing.held import read_whole
from domain.storing.write_rules import RowWrite, Save, ask_after, ask_before, ask_to_follow, asking


class FlushCheck:
    """Checks one flush of ``session`` before and after its statements, then writes the change log."""

    def __init__(self, session: ActingSession) -> None:
        self.session = session
        self.changes = [Change(CREATED, row) for row in session.new]
        self.changes += [Change(CHANGED, row) for row in session.dirty if session.is_modified(row)]
        self.changes += [Change(DELETED, row) for row in session.deleted]
        self.cascades: list[Entry] = []
        is_person = not session.actor.is_system
        self.save = Save(session, is_typed=is_person, is_peoples=session.is_peoples)
        self.permission = Permission(session)

    def before(self) -> None:
        """Raise NotAllowed or OutOfScope for what the actor may not touch, then have the rules fill in or refuse."""
        if self.save.is_typed:
            self.permission.check_verbs(self.changes)
        for table, changes in self._by_table(CHANGED, DELETED):
            self._read_old(table, changes)
        for change in self.changes:
            if change.action != DELETED:
                self._carry_keys(change)
        for table, changes in self._by_table():
            if asking(self.save, table, "before"):
                self._ask_before(table, changes)
        for table, changes in self._by_table(DELETED):
            with self.session.no_autoflush:
                for change in changes:
                    change.name = str(change.row)
            self.cascades += along_with(self.session, table, [c.id for c in changes])

    def _ask_before(self, table: str, changes: Sequence[Change]) -> None:
        """Ask the rules for rows that are about to be written, and put into them what was filled in."""
        rows = [RowWrite(change.old, change.becoming) for change in changes]
        said = [dict(row.new) for row in rows]
        with self.session.no_autoflush:
            ask_before(self.save, table, rows)
        for change, row, before in zip(changes, rows, said, strict=True):
            for name, value in row.new.items():
                if value != before.get(name):
                    setattr(change.row, name, value)

    def after(self) -> None:
        """Read what the rows have become, and have the rules of saving refuse. Before that, where a person writes,
        raise NotAllowed or OutOfScope for a row that has left his scope, hangs on a parent that he does not see,
        or has got a value that is not his to give."""
        for table, changes in self._by_table(CREATED, CHANGED):
            rows = read_whole(self.session, table, [change.id for change in changes])
            for change in changes:
                change.new = rows[change.id]
            if self.save.is_typed:
                self.permission.check_new(table, changes)
        for table, changes in self._by_table():
            ask_after(self.save, table, [change.written_row for change in changes])

    def log(self) -> None:
        """Write what changed, once the rows have their ids and names."""
        entries = [*self._entries(), *self.cascades]
        write_entries(self.session.unchecked_connection(), self.session.provenance(), entries)

    def follow(self) -> None:
        """Have the rules write what follows."""
        written = {t: [change.written_row for change in found] for t, found in self._by_table()}
        ask_to_follow(self.save, written)

    def _entries(self) -> Iterator[Entry]:
        for change in self.changes:
            values = change.new or change.old
            found = differences(change.table, change.old, change.new)
            if found and values:
                name = change.name or str(change.row)
                yield Entry(change.action, change.table, values["id"], name, found)

    def _by_table(self, *actions: str) -> Iterable[tuple[str, list[Change]]]:
        grouped: dict[str, list[Change]] = defaultdict(list)
        for change in self.changes:
            if not actions or change.action in actions:
                grouped[change.table].append(change)
        return grouped.items()

    def _carry_keys(self, change: Change) -> None:
        """Fill the columns that a composite key copies from the parent."""
        words = change.row.words
        for key in words.foreign_keys:
            for local, remote in zip(key.columns[1:], key.target_columns[1:], strict=True):
                if words.columns[local].is_carried and key.fills(local, words):
                    parent = self._parent(change.row, key)
                    if parent is not None:
                        setattr(change.row, local, getattr(parent, remote))

    def _parent(self, row: Any, key: Constraint) -> Any:
        related = row.__dict__.get(key.key_column.removesuffix("_id"))
        held = getattr(row, key.key_column)
        if related is not None and held in (None, related.id):
            return related
        with self.session.no_autoflush:
            parent = self.session.get(models.by_table[key.target], held) if held else None
        if held and parent is None and not self.session.actor.is_system:
            raise OutOfScope(not_yours(row.words.columns[key.key_column]))
        return parent

    def _read_old(self, table: str, changes: list[Change]) -> None:
        old = read_whole(self.session, table, [change.id for change in changes])
        for change in changes:
            change.old = old.get(change.id, {})
        if self.save.is_typed:
            self.permission.check_old(table, changes)
