"""A person of the world at the panel: asks an address, and checks that nothing foreign is in the answer."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from html import unescape
from io import BytesIO
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from admin.frame.db import db
from domain import models
from domain.access import scopes
from domain.actors import AUDITOR, ROLES, Actor
from domain.people.account_limits import AccountLimits
from domain.people.login_sessions import Visitor, open_session
from domain.schema.words import Column
from domain.storing.session import system_session
from tests.ground.oracle import Oracle, readable
from tests.ground.rows import Values
from tests.ground.shares import proving
from tests.ground.world import World, cells_in, now

Thing = TypeVar("Thing")
ROW_LINK = re.compile(r"/(\w+)/details/\?id=(\d+)")
GROWING = ("user_sessions", "logins", "job_runs", "change_log", "export_log")
"""Tables to which visiting adds rows."""


@dataclass
class AtTheDoor:
    """One role, logged in."""

    app: Flask
    world: World
    actor: Actor
    client: FlaskClient
    oracle: Oracle

    def __post_init__(self) -> None:
        self.visible = cache(self._visible)
        self.reads = cache(lambda table: scopes.may(self.actor, table, "read"))

    @classmethod
    def of(cls, app: Flask, world: World, role: str) -> "AtTheDoor":
        actor, client = world.actors[role], app.test_client()
        with app.app_context(), system_session(db.engine, "测试", now) as session:
            user = session.get_one(models.User, actor.user_id)
            token = open_session(session, user, Visitor(), AccountLimits())
            session.commit()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        # A refusal is then one sentence; with the menu around it, thousands of them took half of all the time.
        client.environ_base["HTTP_ACCEPT"] = "application/json"
        return cls(app, world, actor, client, Oracle(world, actor))

    def tries(self, table: str, turn: int) -> bool:
        """Whether this person reads the table, and it is his turn with it (tests/ground/shares/proving.py)."""
        place = turn + list(models.schema.tables).index(table)
        is_turn = self.tries_all or proving.is_turn_of(self.actor.role, table, place)
        return is_turn and self.reads(table)

    def turns(self, things: Iterable[Thing]) -> list[Thing]:
        """Of these what it is this person's turn to try."""
        place = ROLES.index(self.actor.role)
        return [t for n, t in enumerate(things, place) if self.tries_all or proving.is_turn(n)]

    @cached_property
    def tries_all(self) -> bool:
        """Whether it is always his turn here."""
        with self.app.app_context():
            return proving.tries_all(db.engine.dialect.name)

    def get(self, path: str, *statuses: int, echo: bool = False, **query: Any) -> str:
        """The answer's text. It came with one of ``statuses`` (200) and says nothing foreign.

        ``echo``: the question holds foreign words itself, and the page repeats the question.
        """
        answer = self.client.get(path, query_string=query or None, buffered=True)
        return self._read(f"GET {path} {query}", answer, statuses or (200,), echo)

    def rows_listed(self, table: str, *, echo: bool = False, **asked: Any) -> tuple[str, set[int]]:
        """What the list answers to a question that it may refuse, and the rows that it leads to.

        It shows their ids alone: that no cell tells more than it may is seen where it shows all columns.
        """
        text = self.get(f"/{table}/", 200, 400, echo=echo, size=200, columns="id", **asked)
        return text, self.listed(text, table)

    def post(self, path: str, *statuses: int, echo: bool = False, **sent: Any) -> str:
        """As ``get``, for a sent form."""
        answer = self.client.post(path, data=sent, buffered=True)
        return self._read(f"POST {path}", answer, statuses or (302,), echo)

    def _read(self, door: str, answer: TestResponse, statuses: tuple[int, ...], echo: bool) -> str:
        text = plain_text(answer)
        assert answer.status_code in statuses, f"{door}: {answer.status_code} {text[-300:]}"
        if not echo and not self.is_told_questions(door):
            assert not self.leaks(text), f"{door} tells {self.actor.role} {self.leaks(text)}"
        return text

    def is_told_questions(self, place: str) -> bool:
        """Whether this is the record of exports before the auditor: it repeats, on purpose, what others asked for."""
        return self.actor.role == AUDITOR and "export_log" in place

    def leaks(self, text: str) -> list[Any]:
        """The cells in ``text`` that this person may not see: of a row, or of a column, that is not theirs."""
        return [cell for cell in sorted(cells_in(text)) if not self._may_see(*cell)]

    def _may_see(self, table: str, n: int, column: str) -> bool:
        shown = column not in scopes.hidden_columns(self.actor, table)
        return shown and self.world.numbers[table, n] in self.visible(table)

    def _visible(self, table: str) -> set[int]:
        """The ids that the oracle lets this person see."""
        return readable(self.world, self.actor, table)

    def rows(self, table: str) -> list[Values]:
        """The rows of the world that this person sees."""
        return [row for row in self.world.rows[table] if row["id"] in self.visible(table)]

    def hidden(self, table: str) -> list[Values]:
        """Those that are not theirs."""
        return [row for row in self.world.rows[table] if row["id"] not in self.visible(table)]

    def links(self, table: str) -> list[Column]:
        """The foreign keys of a table that this person may read."""
        hidden = scopes.hidden_columns(self.actor, table)
        return [c for c in columns(table) if c.references and c.name not in hidden]

    def secrets(self, table: str) -> list[str]:
        """Texts that must find nothing in this table: of foreign rows, of foreign parents, of hidden columns."""
        foreign = [*_texts(self.hidden(table), 2)]
        for link in self.links(table):
            parents = {row[link.name] for row in self.rows(table)}
            unseen = [row for row in self.hidden(link.references or "") if row["id"] in parents]
            foreign += _texts(unseen, 1)
        for name in scopes.hidden_columns(self.actor, table):
            foreign += _texts([{name: row[name]} for row in self.rows(table)], 1)
        return foreign

    def listed(self, text: str, table: str) -> set[int]:
        """The rows of the world that a page links to."""
        known = {row["id"] for row in self.world.rows[table]}
        return {int(key) for name, key in ROW_LINK.findall(text) if name == table} & known

    def stored(self, table: str) -> list[Any]:
        """The rows of a table as they are in the database, whoever asks."""
        rows = models.table_of(table)
        with self.app.app_context(), system_session(db.engine, "测试", now) as session:
            return list(session.execute(select(rows).order_by(rows.c.id)))

    def take_away(self, *tables: str) -> None:
        """Delete all rows of these tables, in this order, whoever may."""
        with self.app.app_context(), system_session(db.engine, "测试", now) as session:
            for table in tables:
                for row in session.scalars(select(models.by_table[table])):
                    session.delete(row)
                session.flush()
            session.commit()


def columns(table: str) -> list[Column]:
    """All columns of a table."""
    return list(models.schema.tables[table].columns.values())


def _texts(rows: Iterable[Values], most: int) -> list[str]:
    found = (v for row in rows for v in row.values() if isinstance(v, str) and "〔" in v)
    return [text for text, _ in zip(found, range(most), strict=False)]


def plain_text(answer: TestResponse) -> str:
    """What can be read in an answer: of a page its text, of an office file the text of all its parts."""
    return str(answer.json) if answer.is_json else text_of(answer.get_data())


def text_of(data: bytes) -> str:
    """What can be read in a page, in an office file or in a zip of such."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = [text_of(archive.read(name)) for name in archive.namelist()]
        return "\n".join((*archive.namelist(), *parts))
    return unescape(data.decode("utf-8", "replace"))
