"""The check of one flush: may the actor do this, was the row his before, is it his after, and what goes into the log.

Everything is asked of the database, a query per table and not per row, so that the answer cannot differ from
what the scopes let him read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ClauseElement, inspect, select

from domain import models
from domain.access import scopes
from domain.access.rule import NotAllowed, OutOfScope
from domain.schema.words import Column, Constraint
from domain.storing.acting import ActingSession
from domain.storing.cascades import along_with
from domain.storing.changes import CHANGED, CREATED, DELETED, Entry, differences, write_entries
from domain.storing.write_rules import RowWrite, Save, ask_after, ask_before, ask_to_follow, asking

_VERBS = {CREATED: "create", CHANGED: "update", DELETED: "delete"}
_WORDS = {CREATED: "新增", CHANGED: "修改", DELETED: "删除"}


@dataclass
class _Change:
    """One object of the flush: what happens to it, and its row in the database before and after."""

    action: str
    row: Any
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""

    @property
    def table(self) -> str:
        return str(self.row.__table__.name)

    @property
    def id(self) -> int:
        """The id under which the database has the row, whatever its attribute was set to meanwhile."""
        identity = inspect(self.row).identity
        return int(identity[0] if identity else self.row.id)

    @property
    def becoming(self) -> dict[str, Any]:
        """The row as it is about to be written, as far as it is loaded; {} where it goes."""
        if self.action == DELETED:
            return {}
        held = inspect(self.row).dict
        return {name: held.get(name, self.old.get(name)) for name in self.row.words.columns}

    @property
    def written_row(self) -> RowWrite:
        """The row for the rules of saving, once it is there."""
        return RowWrite(self.old, dict(self.new))

    @property
    def written(self) -> set[str]:
        """The columns that got another value than they had, or than they get by themselves."""
        columns = self.row.words.columns
        before = self.old or {name: words.default for name, words in columns.items()}
        return {name for name in columns if self.new[name] not in (before[name], _nothing(self))}


def _nothing(change: _Change) -> Any:
    """What a new row has in a column that nobody filled; a row that was there has no such value."""
    return None if change.action == CREATED else _NEVER


_NEVER = object()


class FlushCheck:
    """Checks one flush of ``session`` before and after its statements, then writes the change log."""

    def __init__(self, session: ActingSession) -> None:
        self.session = session
        self.changes = [_Change(CREATED, row) for row in session.new]
        self.changes += [_Change(CHANGED, row) for row in session.dirty if session.is_modified(row)]
        self.changes += [_Change(DELETED, row) for row in session.deleted]
        self.cascades: list[Entry] = []
        is_person = not session.actor.is_system
        self.save = Save(session, is_typed=is_person, is_peoples=is_person)

    def before(self) -> None:
        """Raise NotAllowed or OutOfScope for what the actor may not touch, then have the rules fill in or refuse."""
        if self.save.is_typed:
            self._check_verbs()
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

    def _ask_before(self, table: str, changes: Sequence[_Change]) -> None:
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
            rows = _read(self.session, table, [change.id for change in changes])
            for change in changes:
                change.new = rows[change.id]
            if self.save.is_typed:
                self._check_rows(table, changes)
        for table, changes in self._by_table():
            ask_after(self.save, table, [change.written_row for change in changes])

    def _check_rows(self, table: str, changes: list[_Change]) -> None:
        label = table_label(table)
        for action in (CREATED, CHANGED):
            ids = [change.id for change in changes if change.action == action]
            said = f"不能{_WORDS[action]}不属于本人职责范围的“{label}”。"
            self._require(table, _VERBS[action], ids, said)
        self._check_parents(table, changes)
        for change in changes:
            self._refuse_columns(change, change.written)
            self._refuse_words(change)
            self._refuse_second_filling(change)

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

    def _by_table(self, *actions: str) -> Iterable[tuple[str, list[_Change]]]:
        grouped: dict[str, list[_Change]] = defaultdict(list)
        for change in self.changes:
            if not actions or change.action in actions:
                grouped[change.table].append(change)
        return grouped.items()

    def _carry_keys(self, change: _Change) -> None:
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
            raise OutOfScope(_not_yours(row.words.columns[key.key_column]))
        return parent

    def _check_verbs(self) -> None:
        for change in self.changes:
            if not scopes.may(self.session.actor, change.table, _VERBS[change.action]):
                raise NotAllowed(
                    f"您的角色不能{_WORDS[change.action]}“{table_label(change.table)}”。"
                )
            if change.action != DELETED:
                self._refuse_columns(change, set(_assigned(change.row)))
            if change.action == CHANGED and inspect(change.row).attrs.id.history.has_changes():
                raise NotAllowed("记录编号不能修改。")

    def _refuse_columns(self, change: _Change, names: set[str]) -> None:
        """Raise NotAllowed where one of the columns is not the actor's to fill in."""
        allowed = scopes.writable_columns(self.session.actor, change.table)
        for name, words in change.row.words.columns.items():
            if name in names - allowed and not words.is_carried and not words.is_key:
                raise NotAllowed(f"您的角色不能填写“{words.label}”。")

    def _refuse_words(self, change: _Change) -> None:
        """Raise NotAllowed where a choice has become a word that is not the actor's to say."""
        for name in _changed(change.old, change.new):
            column = change.row.words.columns[name]
            words = scopes.writable_words(self.session.actor, change.table, column)
            if column.choices and change.new[name] not in (None, *words):
                said = f"您的角色不能在“{column.label}”填写“{change.new[name]}”"
                raise NotAllowed(f"{said}，可以填写的是：{'、'.join(words)}。")

    def _refuse_second_filling(self, change: _Change) -> None:
        """Raise NotAllowed where something is changed or emptied that the actor may fill in only once."""
        for name in scopes.columns_filled_once(self.session.actor, change.table):
            before = change.old.get(name)
            if before is not None and change.new[name] != before:
                label = change.row.words.columns[name].label
                raise NotAllowed(f"“{label}”已经填好，不能再改；填错了请交办督查更正。")

    def _read_old(self, table: str, changes: list[_Change]) -> None:
        old = _read(self.session, table, [change.id for change in changes])
        for change in changes:
            change.old = old.get(change.id, {})
        if not self.session.actor.is_system:
            for action in (CHANGED, DELETED):
                ids = [c.id for c in changes if c.action == action]
                said = f"这一条“{table_label(table)}”不由您{_WORDS[action]}。"
                self._require(table, _VERBS[action], ids, said)

    def _require(self, table: str, verb: str, ids: list[int], sentence: str) -> None:
        if ids and not holds(self.session, table, verb, ids):
            raise (NotAllowed if holds(self.session, table, "read", ids) else OutOfScope)(sentence)

    def _check_parents(self, table: str, changes: list[_Change]) -> None:
        for words in models.schema.tables[table].columns.values():
            if not words.references or scopes.sees_all(self.session.actor, words.references):
                continue
            changed = (c for c in changes if c.new[words.name] != c.old.get(words.name))
            ids = {c.new[words.name] for c in changed} - {None}
            if ids and not holds(self.session, words.references, "read", ids):
                raise OutOfScope(_not_yours(words))


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in new.items() if value != old.get(name)}


def _not_yours(words: Column) -> str:
    return f"“{words.label}”所选的记录不在您的范围内。"


def _assigned(row: Any) -> Iterator[str]:
    """The columns that were given a value, themselves or by a link, other than the one they get by themselves."""
    state = inspect(row)
    for name, words in row.words.columns.items():
        history = state.attrs[name].history
        if history.has_changes() and not _is_default(history.added, words.default):
            yield name
    for link in state.mapper.relationships:
        if not link.viewonly and state.attrs[link.key].history.has_changes():
            yield from (column.name for column in link.local_columns)


def _is_default(added: Sequence[Any], default: Any) -> bool:
    return len(added) == 1 and not isinstance(added[0], ClauseElement) and added[0] == default


def _read(session: ActingSession, table: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """These rows as the database has them, whoever asks."""
    rows, found = models.table_of(table), {}
    for some in _portions(ids):
        read = session.unchecked_connection().execute(select(rows).where(rows.c.id.in_(some)))
        found.update({row["id"]: dict(row) for row in read.mappings()})
    return found


def holds(session: ActingSession, table: str, verb: str, ids: Iterable[int]) -> bool:
    """Whether the actor may do ``verb`` on every one of these rows of ``table``, as the database stands."""
    wanted = set(ids)
    return those_held(session, table, verb, wanted) == wanted


def those_held(session: ActingSession, table: str, verb: str, ids: Iterable[int]) -> set[int]:
    """The ids of those of these rows of ``table`` on which the actor may do ``verb``, as the database stands."""
    rows, found = models.table_of(table), set[int]()
    criterion = scopes.criterion_for(session.actor, table, verb, rows.c)
    for some in _portions(set(ids)):
        query = select(rows.c.id).where(rows.c.id.in_(some), criterion)
        found.update(session.unchecked_connection().scalars(query))
    return found


def table_label(table: str) -> str:
    """The label of ``table`` in schema.sql."""
    return str(models.schema.tables[table].label)


def _portions(ids: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    every = list(ids)
    for start in range(0, len(every), size):
        yield every[start : start + size]
