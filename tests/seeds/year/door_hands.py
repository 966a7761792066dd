"""The hands of people at the door: each step is a form or a button that is sent; nights and plans are commands."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from domain import models
from domain.files.attachments import owner_columns
from domain.lifecycle.acts.register import BY_NAME
from domain.lifecycle.doing import column_asked
from domain.people.account_limits import AccountLimits
from domain.people.login_sessions import Visitor, open_session
from domain.storing.session import system_session
from jobs.commands import direct_imports
from jobs.commands.import_plan import import_plan_command
from jobs.running.settings import Settings
from jobs.work.nightly import check_by_hand
from seeds.files import read
from seeds.year.naming import find, read_answer
from seeds.year.pages import a_page
from seeds.year.plans import write_plan
from seeds.year.playing import YearClock
from seeds.year.script import YearStep
from tests.ground.doors.formreading import fields_of


class DoorHands:
    """Everybody at his browser. CSRF has tests of its own; whoever comes has logged in on that day."""

    def __init__(self, app: Flask, engine: Engine, clock: YearClock, folder: Path) -> None:
        self.app, self.engine, self.clock, self.folder = app, engine, clock, folder
        self.settings: Settings = app.extensions["settings"]
        self.clients: dict[tuple[str, date], FlaskClient] = {}

    def do(self, step: YearStep) -> None:
        """Send what the step says, and see that it was done."""
        ways = {
            "new": self._new,
            "edit": self._edit,
            "attach": self._attach,
            "import": self._import,
        }
        ways.get(step.act, self._act)(step)

    def night(self, on: date) -> None:
        """The command check-deadlines of that night."""
        check_by_hand(self.engine, self.settings, self.clock, on)

    def client(self, username: str) -> FlaskClient:
        """His browser, logged in this day."""
        key = username, self.clock().date()
        if key not in self.clients:
            self.clients = {k: v for k, v in self.clients.items() if k[1] == key[1]}
            client = self.app.test_client()
            with system_session(self.engine, "测试", self.clock) as session:
                user = session.scalars(select(models.User).filter_by(username=username)).one()
                token = open_session(session, user, Visitor(), AccountLimits())
                session.commit()
            with client.session_transaction() as cookie:
                cookie["_user_id"] = token
            self.clients[key] = client
        return self.clients[key]

    def _act(self, step: YearStep) -> None:
        act = BY_NAME[step.table, step.act]
        asked = {answer.column: answer for answer in act.answers}
        sent: dict[str, Any] = {"rowid": self._keys(step), "sure": "1"}
        for name, text in step.values:
            column = column_asked(act, asked[name])
            if asked[name].is_many:
                sent[name] = [str(self._find("deputies", one)) for one in text.split("；")]
            else:
                sent |= self._field(name, column, text)
        page = self._post(step, f"/{step.table}/act/?act={step.act}", sent)
        assert act.says in page, (step, _told(page))

    def _new(self, step: YearStep) -> None:
        path = f"/{step.table}/new/"
        self._save(step, path, {"save": "1"})

    def _edit(self, step: YearStep) -> None:
        for key in self._keys(step):
            self._save(step, f"/{step.table}/edit/?id={key}", {})

    def _save(self, step: YearStep, path: str, more: Mapping[str, str]) -> None:
        page = unescape(self.client(step.who).get(path).get_data(as_text=True))
        columns, sent = models.schema.tables[step.table].columns, dict(fields_of(page))
        for name, text in step.values:
            sent.pop(name, None)
            sent |= self._field(name, columns[name], text)
            if f"{name}.text" in sent:
                sent[f"{name}.text"] = ""
        self._post(step, path, sent)

    def _field(self, name: str, column: Any, text: str) -> dict[str, str]:
        """How a form sends this value; a box that is not ticked sends nothing."""
        with system_session(self.engine, "测试", self.clock) as truth:
            value = read_answer(truth, column, text)
        if isinstance(value, bool):
            return {name: "y"} if value else {}
        return {name: "" if value is None else str(value)}

    def _attach(self, step: YearStep) -> None:
        name, (key,) = dict(step.values)["file_name"], self._keys(step)
        owner = next(n for n, column in owner_columns().items() if column.references == step.table)
        page = self._post(
            step, f"/files/add/{owner}/{key}", {"files": (io.BytesIO(a_page(name)), name)}
        )
        assert "已上传 1 个附件" in page, (step, _told(page))

    def _import(self, step: YearStep) -> None:
        """The command import-plan, at the time of the year."""
        names = {row["key"]: row["name"] for row in read("year/meetings")}
        path = write_plan(step.rows[0], self.folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(direct_imports, "shanghai_now", self.clock)
            patch.setenv("DATABASE_URL", self.settings.database_url)
            patch.setenv("DATA_DIR", str(self.folder))
            done = CliRunner().invoke(
                import_plan_command, [str(path), "--meeting", names[step.rows[0]]]
            )
        assert done.exit_code == 0, done.output

    def _post(self, step: YearStep, path: str, sent: Mapping[str, Any]) -> str:
        client = self.client(step.who)
        answer = client.post(path, data=sent)
        text = unescape(answer.get_data(as_text=True))
        assert answer.status_code == 302, (step, answer.status_code, _told(text))
        return unescape(client.get(answer.location).get_data(as_text=True))

    def _keys(self, step: YearStep) -> list[int]:
        return [self._find(step.table, row) for row in step.rows]

    def _find(self, table: str, text: str) -> int:
        with system_session(self.engine, "测试", self.clock) as truth:
            return find(truth, table, text)


def _told(page: str) -> str:
    """What a page says, for the fault of a test."""

    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))[:900]
