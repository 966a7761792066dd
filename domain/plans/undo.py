"""Takes an import back by its change log. What a person, or a later import, has changed since stays and is named.

An item goes or stays as a whole: with its sponsors and its tasks. Works for imports of any table.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from domain import models, reactions
from domain.plans.logged import Touched, restored, touched_rows
from domain.plans.pauses import collector_paused
from domain.storing import bulk
from domain.storing.changes import CHANGED, CREATED, DELETED, MASK
from domain.storing.session import ActorSession
from domain.words import Table

Group = tuple[str, int]
Key = tuple[str, int]
_DERIVED = frozenset({"deadlines", "reminders", "import_rows", "change_log"})
_PORTION = 500


@dataclass
class UndoResult:
    """How many rows went and came back, by table label, and what stayed: (name, why)."""

    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    kept: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As `imports.undo_result` holds it."""
        return {
            "removed": dict(self.removed),
            "restored": dict(self.restored),
            "kept": [{"name": name, "why": why} for name, why in self.kept],
        }


def undo_import(session: ActorSession, import_id: int) -> UndoResult:
    """Undo it in the caller's transaction and mark the import 已撤销; commits nothing.

    The session is the program's own, with `import_id` in its info so that the log tells where the changes belong.
    """
    with collector_paused():
        undo = _Undo(session, import_id, touched_rows(session, import_id))
        undo.run()
    table = models.Import.__table__
    values = {"state": "已撤销", "undone_at": session.now(), "undo_result": undo.result.as_json()}
    session.connection().execute(update(table).where(table.c.id == import_id).values(values))
    session.expire_all()
    return undo.result


class _Undo:
    def __init__(self, session: ActorSession, import_id: int, rows: Mapping[Key, Touched]) -> None:
        self.session = session
        self.import_id = import_id
        self.rows = rows
        self.of_items = {t for t, words in models.schema.tables.items() if _is_of_items(words)}
        self.result = UndoResult()
        self.current = {  # locked first and checked then, or a person could change a row in between
            table: bulk.read_rows(session, models.by_table[table], ids, lock=True)
            for table, ids in sorted(self._ids().items())
        }

    def run(self) -> None:
        kept = self._kept_groups()
        going = [row for row in self.rows.values() if self._group(row) not in kept]
        for group, why in kept.items():
            self.result.kept.append((self._group_name(group), why))
        items = sorted({key for table, key in map(self._group, going) if table == "proposals"})
        order = _children_first({row.table for row in going})
        for table in order:
            self._remove(table, [r for r in going if r.table == table and r.action == CREATED])
        for table in order:
            self._restore(table, [r for r in going if r.table == table and r.action == CHANGED])
        for table in reversed(order):
            self._bring_back(table, [r for r in going if r.table == table and r.action == DELETED])
        still = self._existing("proposals", items)
        for start in range(0, len(still), _PORTION):
            reactions.follow_up(self.session, still[start : start + _PORTION])

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

    def _group_name(self, group: Group) -> str:
        row = self.rows.get(group)
        if row:
            return row.name
        found = self.session.get(models.by_table[group[0]], group[1])
        return str(found) if found else f"{group[1]}"

    def _kept_groups(self) -> dict[Group, str]:
        """Groups with a row that was changed since, or that something outside the import hangs on."""
        kept: dict[Group, str] = {}
        for key, why in self._changed_since():
            kept.setdefault(self._group(self.rows[key]), why)
        for key, why in self._leaned_on():
            group = self._group(self.rows[key])
            if group[0] == "proposals":
                kept.setdefault(group, why)
        return kept

    def _changed_since(self) -> Iterable[tuple[Key, str]]:
        mine, later = aliased(models.ChangeLog), aliased(models.ChangeLog)
        last = select(func.max(mine.id)).where(mine.import_id == self.import_id).scalar_subquery()
        query = (
            select(later.table_name, later.row_id, later.actor_name, later.happened_at)
            .join(mine, (mine.table_name == later.table_name) & (mine.row_id == later.row_id))
            .where(mine.import_id == self.import_id, later.id > last)
            .order_by(later.id)
        )
        for table, row_id, actor, at in self.session.execute(query):
            yield (table, row_id), f"{at:%Y-%m-%d %H:%M}由{actor}改过"

    def _leaned_on(self) -> Iterable[tuple[Key, str]]:
        """Rows that the import made and that rows from elsewhere refer to."""
        made_ids = self._made()
        for child, words in models.schema.tables.items():
            for column in words.columns.values():
                parent = column.references
                ids = made_ids.get(parent or "", [])
                if child in _DERIVED or not parent or not ids:
                    continue
                for row_id, key in self._references(child, column.name, ids):
                    made = self.rows.get((child, row_id))
                    if made is None or made.action != CREATED:
                        yield (parent, key), f"已有{words.label}"

    def _made(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for row in self.rows.values():
            if row.action == CREATED:
                found[row.table].append(row.row_id)
        return found

    def _references(self, child: str, column: str, ids: Sequence[int]) -> Iterable[tuple[int, int]]:
        """Rows of `child` that refer to one of `ids`. An import makes its rows in one go, so their ids lie together."""
        rows, wanted = models.by_table[child].__table__, set(ids)
        if wanted:
            near = rows.c[column].between(min(wanted), max(wanted))
            found = self.session.connection().execute(select(rows.c.id, rows.c[column]).where(near))
            yield from ((row[0], row[1]) for row in found if row[1] in wanted)

    def _remove(self, table: str, rows: Sequence[Touched]) -> None:
        """Delete what the import made; dictionary rows (deputies, categories) only if nothing needs them."""
        words, cls = models.schema.tables[table], models.by_table[table]
        present = {r.row_id: r for r in rows if r.row_id in self.current[table]}
        is_looked_at = table == "proposals" or table in self.of_items  # with its item, as a whole
        needed = set() if is_looked_at else self._still_needed(table, list(present))
        going = [self.current[table][row_id] for row_id in present if row_id not in needed]
        bulk.delete_rows(self.session, cls, going, lambda row: present[row["id"]].name)
        self.result.removed[words.label] += len(going)

    def _still_needed(self, table: str, ids: Sequence[int]) -> set[int]:
        return {
            key
            for child, words in models.schema.tables.items()
            for column in words.columns.values()
            if column.references == table and child not in _DERIVED
            for _, key in self._references(child, column.name, ids)
        }

    def _restore(self, table: str, rows: Sequence[Touched]) -> None:
        """Give changed columns their old values; a lead steps down before another one steps up."""
        words, cls = models.schema.tables[table], models.by_table[table]
        pairs = []
        for row in rows:
            now = self.current[table].get(row.row_id)
            if now:
                pairs.append(
                    (
                        now,
                        {
                            n: restored(table, n, old)
                            for n, (old, _) in row.changes.items()
                            if old != MASK
                        },
                    )
                )
        pairs.sort(key=lambda pair: pair[1].get("role") in ("主办", "领衔"))
        names = {row.row_id: row.name for row in rows}
        bulk.update_rows(self.session, cls, pairs, lambda row: names[row["id"]])
        self.result.restored[words.label] += len(pairs)

    def _bring_back(self, table: str, rows: Sequence[Touched]) -> None:
        """Insert again what the import deleted, as it was, under new ids."""
        words, cls = models.schema.tables[table], models.by_table[table]
        values = [{n: row.values.get(n) for n in words.columns if n != "id"} for row in rows]
        names = iter([row.name for row in rows])
        bulk.insert_rows(self.session, cls, values, lambda row: next(names))
        self.result.restored[words.label] += len(values)

    def _existing(self, table: str, ids: Sequence[int]) -> list[int]:
        return list(bulk.read_rows(self.session, models.by_table[table], ids)) if ids else []


def _is_of_items(words: Table) -> bool:
    """Whether rows of the table belong to an item."""
    return words.name != "proposals" and "proposal_id" in words.columns


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
