"""The hands of people and of the night inside this process: what the panel and the commands do, without a request."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, update

from domain import models
from domain.actors import Actor
from domain.dues.nightly import check_deadlines
from domain.files.attachments import attach, owner_columns
from domain.files.file_types import type_of
from domain.files.uploads import store
from domain.lifecycle.acts.register import BY_NAME
from domain.lifecycle.doing import column_asked, faults_of, perform
from domain.lifecycle.judging import asking_of
from domain.plans import importing, lookups
from domain.schema.states import ImportState
from domain.scoring.entries import score
from domain.storing.session import ActorSession, actor_session, system_session
from seeds.year.naming import find, read_answer
from seeds.year.pages import a_page
from seeds.year.plans import write_plan
from seeds.year.playing import YearClock
from seeds.year.script import YearStep


class RefusedStep(RuntimeError):
    """The program refuses what the script says. Its text is the sentence."""


class ProcessHands:
    """People and the night at this database, with files in ``folder``."""

    def __init__(self, engine: Engine, clock: YearClock, folder: Path) -> None:
        self.engine, self.clock, self.folder = engine, clock, folder
        self._ways = {
            "new": self._new,
            "edit": self._edit,
            "attach": self._attach,
        }

    def do(self, step: YearStep) -> None:
        """Have a person do it, in a session of his own. Raises RefusedStep, or what a save is refused for."""
        if step.act == "import":
            self._import(step)
            return
        with actor_session(self.engine, self.actor(step.who), self.clock) as session:
            way = self._ways.get(step.act, self._act)
            way(session, step)
            session.commit()

    def night(self, on: date) -> None:
        """The nightly check and its points."""
        with system_session(self.engine, "每日检查", self.clock) as session:
            check_deadlines(session, on)
            score(session, on)
            session.commit()

    def actor(self, username: str) -> Actor:
        """Who has this account."""
        with self._truth() as session:
            user = models.User
            return Actor.of(session.scalars(select(user).filter_by(username=username)).one())

    @contextmanager
    def _truth(self, name: str = "演示年") -> Iterator[ActorSession]:
        with system_session(self.engine, name, self.clock) as session:
            yield session

    def _keys(self, step: YearStep) -> list[int]:
        with self._truth() as session:
            return [find(session, step.table, row) for row in step.rows]

    def _said(self, step: YearStep) -> dict[str, Any]:
        """The values of a form, by column."""
        columns = models.schema.tables[step.table].columns
        with self._truth() as session:
            return {n: read_answer(session, columns[n], text) for n, text in step.values}

    def _act(self, session: ActorSession, step: YearStep) -> None:
        act = BY_NAME[step.table, step.act]
        asked = {answer.column: answer for answer in act.answers}
        with self._truth() as truth:
            given = dict(step.values)
            told = {
                name: [find(truth, "deputies", one) for one in text.split("；")]
                if asked[name].is_many
                else read_answer(truth, column_asked(act, asked[name]), text)
                for name, text in given.items()
            }
        faults = faults_of(act, asking_of(session), told)
        if faults:
            raise RefusedStep("".join(faults.values()))
        outcome = perform(session, act, self._keys(step), told)
        if outcome.passed_over:
            raise RefusedStep("".join(f"{one.name}：{one.why}" for one in outcome.passed_over))

    def _new(self, session: ActorSession, step: YearStep) -> None:
        session.add(models.by_table[step.table](**self._said(step)))

    def _edit(self, session: ActorSession, step: YearStep) -> None:
        said = self._said(step)
        for key in self._keys(step):
            row = session.get_one(models.by_table[step.table], key)
            for name, value in said.items():
                setattr(row, name, value)

    def _attach(self, session: ActorSession, step: YearStep) -> None:
        name, (key,) = dict(step.values)["file_name"], self._keys(step)
        owner = next(n for n, column in owner_columns().items() if column.references == step.table)
        file = io.BytesIO(a_page(name))
        kind = type_of(file, name)
        attach(session, (owner, key), name, store(file, self.folder / "uploads", name), kind)

    def _import(self, step: YearStep) -> None:
        """As the command import-plan."""
        with tempfile.TemporaryDirectory() as folder, self._truth("导入分工方案") as session:
            path = write_plan(step.rows[0], Path(folder))
            meeting = lookups.load_meeting(session, find(session, "meetings", step.rows[0]))
            file = importing.open_plan(session, path, meeting)
            import_id = _begin(session, path, meeting.id)
            done = importing.write(session, file)
            if not done.is_clean:
                raise RefusedStep("".join(e.message for row in done.bad for e in row.errors))
            result = {**done.keep(session, import_id), "state": ImportState.WRITTEN}
            table = models.table_of("imports")
            kept = update(table).where(table.c.id == import_id)
            session.connection().execute(kept.values({**result, "applied_at": session.now()}))
            session.commit()


def _begin(session: ActorSession, path: Path, meeting_id: int) -> int:
    """Enter the import, so that the change log can name it."""
    row = models.Import(
        target=lookups.TARGET,
        meeting_id=meeting_id,
        file_name=path.name,
        stored_name="",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        state=ImportState.WRITING,
        uploaded_at=session.now(),
    )
    session.add(row)
    session.flush()
    session.info["import_id"] = row.id
    return int(row.id)
