"""A world made from schema.sql: rows of every table on every side of every border, and people of every role.

Each corner is one chain of rows through all tables, so a table that staff add is filled in every corner as well:

own       an item that the unit leads, supervised by the supervisor, signed by the deputy, its reply issued
partner   a partner's task on that same item
shared    the unit's task on an item that a third unit leads
lead      that third unit's own task on it, which is not the unit's to see
draft     an item the unit leads, of the other institution, nobody's supervisor, its reply a draft
foreign   an item of the third unit that has nothing to do with any of these people
returned  the unit's former lead of an item, given back after work on it had begun
heir      the third unit's task, which leads that item now and is not the unit's to see

On the tasks of draft and foreign hang more replies: an untouched draft, one that was sent back, drafts that were
dealt with. On that of lead two of which the unit is a partner: one that it is asked to sign, one that it has signed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from domain import models
from domain.actors import (
    ADMIN,
    AGENCY,
    AUDITOR,
    DEPUTY,
    LEADER,
    LIAISON,
    OFFICE,
    ROLES,
    SUPERVISOR,
    Actor,
)
from domain.schema.words import Column
from tests.ground.rows import Values, insert_row, linked_row, settled

CORNERS = ("own", "partner", "shared", "lead", "draft", "foreign", "returned", "heir")
_NUMBERS = {corner: n for n, corner in enumerate(CORNERS, start=11)}
_BEFORE = {"assignments", "proposals", "meetings", "sponsors", "answer_categories"}
_ATTACHED = (
    "assignment_id",
    "handling_plan_id",
    "ledger_entry_id",
    "commitment_id",
    "reply_id",
    "feedback_id",
    "unit_report_id",
    "event_id",
)
_ON_REPLIES = ("review_steps", "deliveries", "feedbacks")
_FREE: Values = {"locked_until": None, "password_changed_at": None}
DUTIES = {
    LIAISON: "unit", LEADER: "unit", SUPERVISOR: "", AGENCY: "body", DEPUTY: "deputy",
    ADMIN: "", OFFICE: "", AUDITOR: "",
}  # fmt: skip


def marks(table: str, n: int) -> Callable[[Column], str]:
    """The text of each column of one row, wherever it has room: it tells which cell it comes from."""
    tables = list(models.schema.tables)
    columns = list(models.schema.tables[table].columns)
    return lambda column: f"〔{tables.index(table)}.{n}.{columns.index(column.name)}〕"


def cells_in(text: str) -> set[tuple[str, int, str]]:
    """The cells of the world whose text appears in ``text``: (table, number of the row, column)."""
    tables = list(models.schema.tables)
    found = set()
    for table, n, column in re.findall(r"〔(\d+)\.(\d+)\.(\d+)〕", text):
        name = tables[int(table)]
        found.add((name, int(n), list(models.schema.tables[name].columns)[int(column)]))
    return found


@dataclass
class World:
    """All rows by table, the corner each belongs to, the people, and each row's id by its number in the marks."""

    rows: dict[str, list[Values]] = field(default_factory=dict)
    corners: dict[tuple[str, int], str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)

    def row(self, table: str, key: int) -> Values:
        return next(row for row in self.rows[table] if row["id"] == key)

    def of(self, table: str, corner: str) -> list[Values]:
        return [r for r in self.rows[table] if self.corners[table, r["id"]] == corner]

    def where(self, table: str, **known: Any) -> list[Values]:
        return [r for r in self.rows[table] if all(r[k] == v for k, v in known.items())]


class Maker:
    """Builds a World in an empty database."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.world = connection, World()
        self.schema = models.schema

    def make(self) -> World:
        common = self._common()
        own = self._chain("own", common, {"assignments": {"unit_id": 1, "role": "主办"}})
        item = {t: own[t] for t in _BEFORE - {"assignments"}}
        self._chain("partner", common | item, {"assignments": {"unit_id": 2, "role": "协办"}})
        shared = self._chain("shared", common, {"assignments": {"unit_id": 1, "role": "协办"}})
        item = {t: shared[t] for t in _BEFORE - {"assignments"}}
        lead = self._chain("lead", common | item, {"assignments": {"unit_id": 3, "role": "主办"}})
        self._countersign("lead", lead, 51)
        self._returned(common)
        other = {"meetings": {"body": "政协"}}
        for corner, unit, n in (("draft", 1, 31), ("foreign", 3, 41)):
            task = {"assignments": {"unit_id": unit, "role": "主办"}}
            self._draft_again(corner, self._chain(corner, common, other | task), n)
        return self.world

    def _returned(self, common: Mapping[str, Values]) -> None:
        """An item whose first lead gave it back: both leads, each with everything on its task."""
        task: Values = {"unit_id": 1, "role": "主办", "state": "已退办"}
        granted: Values = {"decision": "同意", "decided_on": now().date()}
        first = self._chain("returned", common, {"assignments": task, "return_requests": granted})
        item = {t: first[t] for t in _BEFORE - {"assignments"}}
        self._chain("heir", common | item, {"assignments": {"unit_id": 3, "role": "主办"}})

    def _draft_again(self, corner: str, rows: Mapping[str, Values], first: int) -> None:
        """More replies to the same task: a draft, one sent back, and drafts on which one thing hangs."""
        told = (("拟稿", ""), ("退回", ""), *(("拟稿", table) for table in _ON_REPLIES))
        for n, (state, table) in enumerate(told, start=first):
            words = {"kind": "答复", "state": state, "round": n}
            reply = self._add(corner, "replies", rows, n, words)
            if table:
                step = {"step": "复核"} if table == "review_steps" else {}
                self._add(corner, table, {**rows, "replies": reply}, n, step)

    def _countersign(self, corner: str, rows: Mapping[str, Values], first: int) -> None:
        """Replies that wait for their partners: for the unit, and for others where it has signed already."""
        for n, unit_id in ((first, None), (first + 1, 1)):
            waits = "协办会签" if unit_id is None else "督查审核"
            words = {"kind": "答复", "state": waits, "round": n}
            reply = self._add(corner, "replies", rows, n, words)
            if unit_id is not None:
                signed = {"step": "协办会签", "result": "通过", "countersign_unit_id": unit_id}
                self._add(corner, "review_steps", {**rows, "replies": reply}, n, signed)

    def _common(self) -> dict[str, Values]:
        """Units, people and their accounts; the deputy, the supervisor and each role's account come first."""
        for n in (1, 2, 3):
            self._add("own", "units", {}, n, {"name": f"第{n}单位"})
        for n, body in ((1, "人大"), (2, "人大"), (3, "政协")):
            self._add("own" if n == 1 else "foreign", "deputies", {}, n, {"body": body})
        for n, role in enumerate(ROLES, start=1):
            facts = self._facts(role)
            more = {"role": role, "username": f"u{n}", **_FREE, **facts}
            user = self._add("own", "users", {}, n, more)
            self.world.actors[role] = Actor(
                user["full_name"], role, user["id"], facts["unit_id"], facts["deputy_id"], facts["body"]
            )  # fmt: skip
        stranger = {"role": LIAISON, "username": "stranger", "unit_id": 3, "deputy_id": None, "body": None}  # fmt: skip
        self._add("foreign", "users", {}, 9, stranger)
        return {}

    @staticmethod
    def _facts(role: str) -> dict[str, Any]:
        duty = DUTIES[role]
        return {
            "unit_id": 1 if duty == "unit" else None,
            "deputy_id": 1 if duty == "deputy" else None,
            "body": "人大" if duty == "body" else None,
        }

    def _chain(
        self, corner: str, given: Mapping[str, Values], tweaks: Mapping[str, Values]
    ) -> dict[str, Values]:
        """One row in every table; ``given`` are used as they are."""
        unit = tweaks["assignments"]["unit_id"]
        side = self._side(corner)
        rows = {"units": self.world.row("units", unit), **side, **given}
        for table in self.schema.tables:
            if table not in rows:
                more = self._tweaks(corner, table, unit) | tweaks.get(table, {})
                rows[table] = self._add(corner, table, rows, _NUMBERS[corner], more)
        self._attach(corner, rows)
        return rows

    def _side(self, corner: str) -> dict[str, Values]:
        """The deputy who signs, and the account that other rows name."""
        ours = corner in ("own", "partner")
        deputy = 1 if ours else 3 if corner in ("draft", "foreign") else 2
        name = f"u{ROLES.index(SUPERVISOR) + 1}" if ours else "stranger"
        (user,) = self.world.where("users", username=name)
        return {"deputies": self.world.row("deputies", deputy), "users": user}

    def _tweaks(self, corner: str, table: str, unit: int) -> Values:
        """What makes a corner what it is."""
        issued = corner in ("own", "partner", "foreign", "shared")
        kind = "协办意见" if corner in ("partner", "shared") else "答复"
        state = {"kind": kind, "state": "已答复" if issued else "拟稿"}
        if kind == "协办意见":
            state["answer_category_id"] = None
        known: dict[str, Values] = {
            "proposals": {"supervisor_id": self.world.actors[SUPERVISOR].user_id if corner == "own" else None},
            "replies": state,
            "assignments": {"signed_on": None, "state": "待签收"},
            "deadlines": {"done_on": None},
            "reminders": {"audience": "交办督查"},  # rings for the unit, its leader and the office
            "change_log": {"table_name": "users" if corner == "foreign" else "proposals"},
            "attachments": {"stored_name": f"ab/{_NUMBERS[corner]:032x}"},
            "bulletins": {"issued_on": None} if corner in ("draft", "shared") else {},
            "review_steps": {"step": {"own": "督办审签", "shared": "督查审核"}.get(corner, "复核")},
            "requests": {"position": _NUMBERS[corner]},  # several corners may be of one item
            "meetings": {"body": "人大"},
        }  # fmt: skip
        return known.get(table, {})

    def _attach(self, corner: str, rows: Mapping[str, Values]) -> None:
        """One attachment more for every record that one may hang on."""
        columns = self.schema.tables["attachments"].columns
        for n, column in enumerate(_ATTACHED, start=1):
            owner = rows[columns[column].references or ""]
            links = dict.fromkeys(("proposal_id", *_ATTACHED)) | {column: owner["id"]}
            stored = {"stored_name": f"ab/{_NUMBERS[corner]:016x}{n:016x}"}
            self._add(corner, "attachments", rows, 100 * _NUMBERS[corner] + n, links | stored)

    def _add(
        self, corner: str, table: str, rows: Mapping[str, Values], n: int, more: Values
    ) -> Values:
        words = self.schema.tables[table]
        values = settled(words, linked_row(words, n, marks(table, n), rows) | more)
        made = insert_row(self.connection, models.metadata, words, values)
        self.world.numbers[table, n] = made["id"]
        self.world.rows.setdefault(table, []).append(made)
        self.world.corners[table, made["id"]] = corner
        return made


def people(world: World) -> Iterable[Actor]:
    """One actor of every role."""
    return world.actors.values()


def now() -> datetime:
    """A morning after everything that the rows tell of: what has been done has happened."""
    return datetime(2025, 12, 31, 9)


def build_world(connection: Connection) -> World:
    """Fill an empty database that has the tables."""
    world = Maker(connection).make()
    connection.execute(update(models.table_of("users")).values(must_change_password=False))
    return world
