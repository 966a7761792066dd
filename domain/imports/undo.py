"""Takes an import back by its change log. What a person, or a later import, has changed since stays and is named.

An item goes or stays as a whole: with its sponsors and its tasks. So does one that the database refuses to take
back, because its old number, say, is another's by now. Works for imports of any table.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import update

from domain import models
from domain.imports.logged import Touched, restored, touched_rows
from domain.imports.since import Key, changed_since, dated_by_hand, leaned_on, references
from domain.lifecycle.names import item_name
from domain.schema.states import ImportState, SponsorRole, TaskRole
from domain.schema.words import Table
from domain.storing import bulk
from domain.storing.changes import CHANGED, CREATED, DELETED, MASK
from domain.storing.halving import write_or_refuse
from domain.storing.one_save import as_one
from domain.storing.pauses import collector_paused
from domain.storing.refusals.violations import Violation
from domain.storing.session import ActorSession

Group = tuple[str, int]
Values = Mapping[str, Any]
_OUR_FAULT = "没有撤销，程序出错，请把这一条告诉系统管理员"


class Kept(NamedTuple):
    """What stayed, and why; `row_id` is None where it is not there any more."""

    name: str
    why: str
    table: str
    row_id: int | None


@dataclass
class UndoResult:
    """How many rows went and came back, by table label, and what stayed."""

    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As `imports.undo_result` holds it."""
        return {
            "removed": dict(self.removed),
            "restored": dict(self.restored),
            "kept": [
                {"name": one.name, "why": one.why, "table": one.table, "id": one.row_id}
                for one in self.kept
            ],
        }


def undo_import(session: ActorSession, import_id: int) -> UndoResult:
    """Undo it in the caller's transaction and mark the import 已撤销; commits nothing.

    The session is the program's own, with `import_id` in its info so that the log tells where the changes belong.
    """
    with collector_paused():
        undo = _Undo(session, import_id, touched_rows(session, import_id))
        undo.run()
    table = models.Import.__table__
    values = {
        "state": ImportState.UNDONE,
        "undone_at": session.now(),
        "undo_result": undo.result.as_json(),
    }
    session.connection().execute(update(table).where(table.c.id == import_id).values(values))
    session.expire_all()
    return undo.result


@dataclass
class _Returning:
    """A row on its way back. If the database refuses it, its whole group stays."""

    row: Touched
    group: Group
    refused: dict[Group, str]

    @property
    def where(self) -> str:
        """How the program's log names the row."""
        return f"{self.row.table} {self.row.row_id}"

    def refuse(self, rule: Violation | None) -> None:
        """Note that the row cannot be as it was: for this rule, or, None, for a fault of ours."""
        why = f"原来的内容现在恢复不了：{rule.sentence.rstrip('。')}" if rule else _OUR_FAULT
        self.refused.setdefault(self.group, why)


Write = Callable[[str, Sequence[Touched]], None]


class _Undo:
    def __init__(self, session: ActorSession, import_id: int, rows: Mapping[Key, Touched]) -> None:
        self.session = session
        self.import_id = import_id
        self.rows = rows
        self.of_items = {t for t, words in models.schema.tables.items() if _is_of_items(words)}
        self.result = UndoResult()
        self.let_go: dict[Key, Values] = {}
        self.current = {  # locked first and checked then, or a person could change a row in between
            table: bulk.read_rows(session, models.by_table[table], ids, lock=True)
            for table, ids in sorted(self._ids().items())
        }

    def run(self) -> None:
        """Take back what can be; each time that the database refuses some groups, all of it again without them."""
        kept = self._kept_groups()
        while refused := self._try_without(kept):
            kept |= refused

    def _try_without(self, kept: Mapping[Group, str]) -> dict[Group, str]:
        """Take back all but the kept groups; if the database refuses any, nothing is, and those are returned."""
        self.result = UndoResult(kept=[self._kept(group, why) for group, why in kept.items()])
        refused: dict[Group, str] = {}
        with self.session.begin_nested() as attempt, as_one(self.session) as written:
            going = [row for row in self.rows.values() if self._group(row) not in kept]
            self._take_back(going, refused)
            if refused:
                attempt.rollback()
                written.forget()
        return refused

    def _take_back(self, going: Sequence[Touched], refused: dict[Group, str]) -> None:
        order = _children_first({row.table for row in going})
        self.let_go.clear()
        steps: list[tuple[str, str, Write]] = [
            *((table, CHANGED, self._let_go) for table in order if _own_links(table)),
            *((table, CREATED, self._remove) for table in order),
            *((table, CHANGED, self._restore) for table in order),
            *((table, DELETED, self._bring_back) for table in reversed(order)),
        ]
        for table, action, write in steps:
            rows = [row for row in going if (row.table, row.action) == (table, action)]
            rows = self._without_needed(table, rows) if action == CREATED else rows
            returning = [_Returning(row, self._group(row), refused) for row in rows]
            write_or_refuse(self.session, returning, partial(_write, write, table))

    def _let_go(self, table: str, rows: Sequence[Touched]) -> None:
        """What the import had refer to a row of its own table refers to what it did before: then the other can go."""
        links = _own_links(table)
        changes = []
        for row in rows:
            now, names = self.current[table].get(row.row_id), links.intersection(row.changes)
            if now and names:
                before = {name: row.changes[name][0] for name in names}
                changes.append((now, before))
                self.let_go[table, row.row_id] = before
        names_of = {row.row_id: row.name for row in rows}
        cls = models.by_table[table]
        bulk.update_rows(self.session, cls, changes, lambda row: names_of[row["id"]])

    def _ids(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for table, row_id in self.rows:
            found[table].append(row_id)
        return found

    def _group(self, row: Touched) -> Group:
        """The item that the row belongs to, or the row by itself."""
        if row.table not in self.of_items:
            return row.table, row.row_id
        values = self.current[row.table].get(row.row_id) or row.values
        return "proposals", values["proposal_id"]

    def _kept(self, group: Group, why: str) -> Kept:
        """By what it is called now, so that it is found; by what the import called it too, where that was another."""
        table, row_id = group
        row = self.rows.get(group)
        if row is None:
            found = self.session.get(models.by_table[table], row_id)
            return Kept(str(found) if found else f"{row_id}", why, table, row_id if found else None)
        stored = self.current[table].get(row_id)
        now = item_name(stored) if stored and table == "proposals" else row.name
        name = now if now == row.name else f"{now}（导入时：{row.name}）"
        return Kept(name, why, table, row_id if stored else None)

    def _kept_groups(self) -> dict[Group, str]:
        """Groups with a row that was changed since, or that something outside the import hangs on."""
        kept: dict[Group, str] = {}
        for key, why in changed_since(self.session, self.import_id):
            kept.setdefault(self._group(self.rows[key]), why)
        for key, why in dated_by_hand(self.session, self.import_id, self.rows):
            kept.setdefault(self._group(self.rows[key]), why)
        for key, why in leaned_on(self.session, self.rows):
            group = self._group(self.rows[key])
            if group[0] == "proposals":
                kept.setdefault(group, why)
        return kept

    def _without_needed(self, table: str, rows: Sequence[Touched]) -> list[Touched]:
        """Rows that the import made and that can go; a dictionary's (units, deputies) that are in use stay, named."""
        present = [row for row in rows if row.row_id in self.current[table]]
        if table == "proposals" or table in self.of_items:  # looked at with its item, as a whole
            return present
        needed: dict[int, str] = {}
        for child, _, key in references(self.session, table, [row.row_id for row in present]):
            needed.setdefault(key, models.schema.tables[child].label)
        self.result.kept += [
            Kept(row.name, f"还有{needed[row.row_id]}用到它", table, row.row_id)
            for row in present
            if row.row_id in needed
        ]
        return [row for row in present if row.row_id not in needed]

    def _remove(self, table: str, rows: Sequence[Touched]) -> None:
        """Delete what the import made."""
        names = {row.row_id: row.name for row in rows}
        going = [self.current[table][row_id] for row_id in names]
        for some in _referring_first(going, _own_links(table)):
            cls = models.by_table[table]
            bulk.delete_rows(self.session, cls, some, lambda row: names[row["id"]])
        self.result.removed[models.schema.tables[table].label] += len(going)

    def _restore(self, table: str, rows: Sequence[Touched]) -> None:
        """Give changed columns their old values; a lead steps down before another one steps up."""
        pairs = [
            ({**now, **self.let_go.get((table, row.row_id), {})}, _as_it_was(row))
            for row in rows
            if (now := self.current[table].get(row.row_id))
        ]
        pairs.sort(key=lambda pair: pair[1].get("role") in (TaskRole.LEAD, SponsorRole.LEADS))
        names = {row.row_id: row.name for row in rows}
        changes = bulk.differing(pairs)
        bulk.update_rows(
            self.session, models.by_table[table], changes, lambda row: names[row["id"]]
        )
        self.result.restored[models.schema.tables[table].label] += len(pairs)

    def _bring_back(self, table: str, rows: Sequence[Touched]) -> None:
        """Insert again what the import deleted, as it was, under new ids."""
        words, cls = models.schema.tables[table], models.by_table[table]
        values = [{n: row.values.get(n) for n in words.columns if n != "id"} for row in rows]
        names = iter([row.name for row in rows])
        bulk.insert_rows(self.session, cls, values, lambda row: next(names))
        self.result.restored[words.label] += len(values)


def _write(write: Write, table: str, returning: Sequence[_Returning]) -> None:
    write(table, [one.row for one in returning])


def _as_it_was(row: Touched) -> dict[str, Any]:
    """What the import replaced, by column; masked values are not known."""
    return {
        name: restored(row.table, name, old)
        for name, (old, _) in row.changes.items()
        if old != MASK
    }


def _is_of_items(words: Table) -> bool:
    """Whether rows of the table belong to an item."""
    return words.name != "proposals" and "proposal_id" in words.columns


def _own_links(table: str) -> frozenset[str]:
    """The columns by which rows refer to others of their own table, as 并入 does."""
    columns = models.schema.tables[table].columns.values()
    return frozenset(column.name for column in columns if column.references == table)


def _referring_first(rows: Sequence[Values], links: Set[str]) -> Iterator[Sequence[Values]]:
    """The rows in portions in which they can be deleted: who refers to another comes before it."""
    left = list(rows)
    while left:
        needed = {row[name] for row in left for name in links}
        free = [row for row in left if row["id"] not in needed] or left
        yield free
        gone = {row["id"] for row in free}
        left = [row for row in left if row["id"] not in gone]


def _children_first(tables: set[str]) -> list[str]:
    """The tables in an order in which rows can be deleted: who refers to another comes before it."""
    order: list[str] = []
    waiting = sorted(tables)
    while waiting:
        free = [t for t in waiting if not any(_refers(other, t) for other in waiting if other != t)]
        for table in free or waiting[:1]:
            order.append(table)
            waiting.remove(table)
    return order


def _refers(child: str, parent: str) -> bool:
    return any(c.references == parent for c in models.schema.tables[child].columns.values())
