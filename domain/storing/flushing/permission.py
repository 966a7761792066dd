"""Whether the acting person may do what a flush is about to do, row by row and column by column.

Everything is asked of the database, a query per table and not per row, so that the answer cannot differ from what the
scopes let him read. Raises NotAllowed for what is not his to do, OutOfScope for what he does not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, inspect

from domain import models
from domain.access import scopes
from domain.access.rule import NotAllowed, OutOfScope, Verb
from domain.schema.words import Column
from domain.storing.acting import ActingSession
from domain.storing.changes import CHANGED, CREATED, DELETED
from domain.storing.flushing.change import Change
from domain.storing.held import holds

_VERBS: dict[str, Verb] = {CREATED: "create", CHANGED: "update", DELETED: "delete"}
_WORDS = {CREATED: "新增", CHANGED: "修改", DELETED: "删除"}


@dataclass(frozen=True)
class Permission:
    """What the actor of ``session`` may do."""

    session: ActingSession

    def check_verbs(self, changes: Iterable[Change]) -> None:
        """Before anything is asked of the database: may the role do this at all, and fill in these columns?"""
        for change in changes:
            if not scopes.may(self.session.actor, change.table, _VERBS[change.action]):
                raise NotAllowed(
                    f"您的角色不能{_WORDS[change.action]}“{table_label(change.table)}”。"
                )
            if change.action != DELETED:
                self._refuse_columns(change, set(_assigned(change.row)))
            if change.action == CHANGED and inspect(change.row).attrs.id.history.has_changes():
                raise NotAllowed("记录编号不能修改。")

    def _refuse_columns(self, change: Change, names: set[str]) -> None:
        """Raise NotAllowed where one of the columns is not the actor's to fill in."""
        allowed = scopes.writable_columns(self.session.actor, change.table)
        for name, words in change.row.words.columns.items():
            if name in names - allowed and not words.is_carried and not words.is_key:
                raise NotAllowed(f"您的角色不能填写“{words.label}”。")

    def check_new(self, table: str, changes: list[Change]) -> None:
        """Are the written rows still the actor's, do they hang on rows that he sees, are the values his to give?"""
        label = table_label(table)
        for action in (CREATED, CHANGED):
            ids = [change.id for change in changes if change.action == action]
            said = f"不能{_WORDS[action]}不属于本人职责范围的“{label}”。"
            self._require(table, _VERBS[action], ids, said)
        self._check_parents(table, changes)
        for change in changes:
            self._refuse_columns(change, change.written)

    def check_old(self, table: str, changes: list[Change]) -> None:
        """Were the rows that change or go the actor's to change or delete?"""
        for action in (CHANGED, DELETED):
            ids = [change.id for change in changes if change.action == action]
            said = f"这一条“{table_label(table)}”不由您{_WORDS[action]}"
            why = scopes.rule_of(table).why.get(_VERBS[action])
            self._require(table, _VERBS[action], ids, f"{said}：{why}" if why else f"{said}。")

    def _require(self, table: str, verb: Verb, ids: list[int], sentence: str) -> None:
        if ids and not holds(self.session, table, verb, ids):
            raise (NotAllowed if holds(self.session, table, "read", ids) else OutOfScope)(sentence)

    def _check_parents(self, table: str, changes: list[Change]) -> None:
        for words in models.schema.tables[table].columns.values():
            if not words.references or scopes.sees_all(self.session.actor, words.references):
                continue
            changed = (c for c in changes if c.new[words.name] != c.old.get(words.name))
            ids = {c.new[words.name] for c in changed} - {None}
            if ids and not holds(self.session, words.references, "read", ids):
                raise OutOfScope(not_yours(words))


def not_yours(words: Column) -> str:
    """The sentence for a reference to a row that the actor does not see."""
    return f"“{words.label}”所选的记录不在您的范围内。"


def table_label(table: str) -> str:
    """The label of ``table`` in schema.sql."""
    return str(models.schema.tables[table].label)


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
