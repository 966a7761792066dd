"""The command act: one act of the workflow on rows of a table, as a given person would do it on the screen.

Exit status: 0 done on every row, 1 refused on one or more with its sentence (nothing is written then), 2 not
understood.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import click
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from domain import models
from domain.access.rule import ScopeError
from domain.actors import OFFICE, Actor
from domain.lifecycle.acts.act import Act, Answer
from domain.lifecycle.acts.register import ACTS, BY_NAME
from domain.lifecycle.blaming import NOTHING_DONE, find_blamed
from domain.lifecycle.doing import Outcome, column_asked, faults_of, perform
from domain.lifecycle.judging import asking_of
from domain.schema.words import Column
from domain.storing.contention import BUSY, gave_in
from domain.storing.database import make_engine, read_only
from domain.storing.refusals import violations
from domain.storing.refusals.implausible import Implausible
from domain.storing.session import ActorSession, actor_session
from domain.tables.links import look_up, text_key
from domain.tables.values import read_value
from domain.texts.numbers import Unclear
from domain.time.clock import shanghai_now
from jobs.running.settings import Settings

DONE, REFUSED, NOT_UNDERSTOOD = 0, 1, 2


@click.command("act")
@click.argument("name")
@click.argument("table")
@click.argument("rest", nargs=-1, required=True, metavar="ID… [column=value[,value…] …]")
@click.option(
    "--as", "username", default="", help="Who does it; without it, the office by command."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def act_command(name: str, table: str, rest: tuple[str, ...], username: str, as_json: bool) -> None:
    """Do the act NAME (its name or label) on rows of TABLE (its name or label)."""
    act = _find_act(name, table)
    ids, given = _parted(rest)
    engine = make_engine(Settings.from_environment().database_url)
    try:
        with actor_session(engine, _actor(engine, username), shanghai_now) as session:
            outcome, refusal = _do(session, act, ids, given)
    finally:
        engine.dispose()
    if as_json:
        click.echo(json.dumps(_as_json(act, outcome, refusal), ensure_ascii=False))
    else:
        _tell(act, outcome, refusal)
    sys.exit(REFUSED if refusal or outcome.passed_over else DONE)


def _do(
    session: ActorSession, act: Act, ids: Sequence[int], given: Mapping[str, str]
) -> tuple[Outcome, str]:
    """What became of it; nothing is written unless it was done on every row."""
    nothing = Outcome((), ())
    answers = _answers(session, act, given)
    missing = faults_of(act, asking_of(session), answers)
    if missing:
        return nothing, "".join(missing.values())
    model = models.by_table[act.table]
    seen = set(session.scalars(select(model.id).where(model.id.in_(ids))))
    if unseen := [key for key in ids if key not in seen]:
        said = "、".join(map(str, unseen))
        return nothing, f"没有编号为 {said} 的“{models.schema.tables[act.table].label}”。"
    try:
        outcome = perform(session, act, ids, answers)
        if outcome.passed_over:
            session.rollback()
        else:
            session.commit()
    except (ScopeError, Implausible, DBAPIError) as error:
        session.rollback()
        if gave_in(error):
            return nothing, BUSY
        blamed = find_blamed(session, act, ids, answers, error)
        if blamed is None:
            return nothing, _sentence(error, session)
        return nothing, f"“{blamed.name}”：{_sentence(blamed.error, session)}{NOTHING_DONE}"
    return outcome, ""


def _sentence(error: Exception, session: ActorSession) -> str:
    """What is told of a refusal. Raises the error where schema.sql has no word for it."""
    if isinstance(error, ScopeError | Implausible):
        return error.sentence
    broken = violations.explain(error, session) if isinstance(error, IntegrityError) else None
    if broken is None:
        raise error
    return broken.sentence


def _find_act(name: str, table: str) -> Act:
    words = next((t for t in models.schema.tables.values() if table in (t.name, t.label)), None)
    if words is None:
        _refuse(f"没有“{table}”这个表。")
    found = [a for a in ACTS if a.table == words.name and name in (a.name, a.label)]
    if not found:
        known = "、".join(
            f"{a.name}（{a.label}）" for (t, _), a in BY_NAME.items() if t == words.name
        )
        _refuse(f"“{words.label}”没有“{name}”这项操作；有的是：{known or '没有'}。")
    return found[0]


def _parted(rest: Sequence[str]) -> tuple[list[int], dict[str, str]]:
    """The ids, and the answers by their columns."""
    given = dict(word.split("=", 1) for word in rest if "=" in word)
    texts = [word for word in rest if "=" not in word]
    wrong = [text for text in texts if not _is_key(text)]
    if wrong or not texts:
        _refuse(f"“{wrong[0]}”不是记录编号。" if wrong else "请写明记录编号。")
    return [int(text) for text in texts], given


def _answers(session: ActorSession, act: Act, given: Mapping[str, str]) -> dict[str, Any]:
    asked = {answer.column: answer for answer in act.asked_of(session.actor)}
    for name in given:
        if name not in asked:
            known = "、".join(asked) or "没有"
            _refuse(f"“{act.label}”不问“{name}”；它问的是：{known}。")
    return {name: _read(session, act, asked[name], text) for name, text in given.items()}


def _read(session: ActorSession, act: Act, answer: Answer, text: str) -> Any:
    column = column_asked(act, answer)
    if answer.is_many:
        parts = [part.strip() for part in text.replace("、", ",").split(",")]
        return [_read_one(session, column, part) for part in parts if part]
    return _read_one(session, column, text)


def _read_one(session: ActorSession, column: Column, text: str) -> Any:
    try:
        if not column.references:
            return read_value(column, text)
        if _is_key(text):
            return _stored_key(session, column, int(text))
        found = look_up(session, {column.references: {text_key(text): text}}).find(column, text)
    except Unclear as doubt:
        _refuse(f"{column.label}“{text}”{doubt}。")
    if len(found) > 1:
        _refuse(f"{column.label}“{text}”有 {len(found)} 个，请写编号。")
    return found[0]


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _stored_key(session: ActorSession, column: Column, key: int) -> int:
    """The key, where the person sees the row that it names."""
    if session.get(models.by_table[column.target], key) is None:
        label = models.schema.tables[column.target].label
        _refuse(f"{column.label}：没有编号为 {key} 的“{label}”。")
    return key


def _actor(engine: Engine, username: str) -> Actor:
    if not username:
        return Actor("命令", OFFICE)
    users = models.User
    with Session(read_only(engine)) as session:
        user = session.scalars(select(users).where(users.username == username)).one_or_none()
        if user is None or not user.is_active:
            _refuse(f"没有登录名为“{username}”的在用用户。")
        return Actor.of(user)


def _as_json(act: Act, outcome: Outcome, refusal: str) -> dict[str, Any]:
    return {
        "act": act.name,
        "table": act.table,
        "done": list(outcome.done) if not outcome.passed_over else [],
        "refused": [{"row": row.name, "why": row.why} for row in outcome.passed_over],
        "to_mind": [
            {"row": row.name, "sentence": row.sentence}
            for row in (outcome.minded if not outcome.passed_over else ())
        ],
        "error": refusal,
    }


def _tell(act: Act, outcome: Outcome, refusal: str) -> None:
    if refusal:
        click.echo(refusal, err=True)
    for row in outcome.passed_over:
        click.echo(f"“{row.name}”：{row.why}", err=True)
    if not refusal and not outcome.passed_over:
        for name in outcome.done:
            click.echo(f"{act.says}：{name}")
        for one in outcome.minded:
            click.echo(f"请留意“{one.name}”：{one.sentence}", err=True)


def _refuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(NOT_UNDERSTOOD)
