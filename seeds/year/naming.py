"""Rows and values as the script names them: an item by its number, a task by item and unit, what hangs on it likewise.

``001 区住建局`` is the last task of that unit on that item, or the last row of a table below it; a further word tells
rows apart by kind, step or person, one more replies by their round. ``003@2025`` is the item of that year. Not here:
who may see them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select, select

from domain import models
from domain.schema.words import Column
from domain.storing.session import ActorSession
from domain.tables.values import read_value
from seeds.files import read

_FIRST_YEAR = "2024"
_TOLD_APART_BY = {
    "replies": "kind",
    "deadlines": "milestone",
    "return_requests": "kind",
    "extension_requests": "milestone",
    "commitments": "content",
}
"""By which column a third word tells rows of a task apart."""


class NoSuchRow(LookupError):
    """The script names what is not there."""


def find(session: ActorSession, table: str, text: str) -> int:
    """The id of the row that the script calls so. Raises NoSuchRow."""
    look = _LOOKS.get(table, _of_task)
    words = text.split(" ")
    key = session.scalars(look(table, words).limit(1)).first()
    if key is None:
        raise NoSuchRow(f"{table}: {text}")
    return int(key)


def read_answer(session: ActorSession, column: Column, text: str) -> Any:
    """What a value of the script means for a column: a key, a day, a number, yes or no, or the text itself."""
    if column.references and text:
        return find(session, column.references, text)
    return read_value(column, text) if text else None


def _last(table: str) -> tuple[Any, Select[Any]]:
    cls: Any = models.by_table[table]
    return cls, select(cls.id).order_by(cls.id.desc())


def _item(table: str, words: list[str]) -> Select[Any]:
    item, query = _last("proposals")
    number, _, year = words[0].partition("@")
    of_year = models.Meeting.year == int(year or _FIRST_YEAR)
    query = query.join(models.Meeting, models.Meeting.id == item.meeting_id)
    return query.where(item.number == number, of_year)


def _task(table: str, words: list[str]) -> Select[Any]:
    task, query = _last("assignments")
    unit = select(models.Unit.id).where(models.Unit.short_name == words[1])
    item = _item("proposals", words).scalar_subquery()
    return query.where(task.proposal_id == item, task.unit_id == unit.scalar_subquery())


def _of_task(table: str, words: list[str]) -> Select[Any]:
    row, query = _last(table)
    query = query.where(row.assignment_id == _task("assignments", words).limit(1).scalar_subquery())
    if len(words) > 2:
        query = query.where(getattr(row, _TOLD_APART_BY[table]).startswith(words[2]))
    if len(words) > 3:
        query = query.where(row.round == int(words[3]))
    return query


def _of_reply(table: str, words: list[str]) -> Select[Any]:
    """What a deputy got or said of the last reply that has such a row."""
    row, query = _last(table)
    task = _task("assignments", words).limit(1).scalar_subquery()
    query = query.join(models.Reply, models.Reply.id == row.reply_id)
    named = select(models.Deputy.id).where(models.Deputy.name == words[2])
    return query.where(models.Reply.assignment_id == task, row.deputy_id.in_(named))


def _entry(table: str, words: list[str]) -> Select[Any]:
    """Points for a task by the ground of their rule."""
    row, query = _last(table)
    query = query.join(models.ScoreRule, models.ScoreRule.id == row.score_rule_id)
    task = _task("assignments", words).limit(1).scalar_subquery()
    return query.where(row.assignment_id == task, models.ScoreRule.ground == words[2])


def _report(table: str, words: list[str]) -> Select[Any]:
    row, query = _last(table)
    unit = select(models.Unit.id).where(models.Unit.short_name == words[0]).scalar_subquery()
    return query.where(row.unit_id == unit, row.year == int(words[1]))


def _message(table: str, words: list[str]) -> Select[Any]:
    """What somebody was told last of a kind."""
    row, query = _last(table)
    person = select(models.User.id).where(models.User.username == words[0]).scalar_subquery()
    return query.where(row.user_id == person, row.kind == words[1])


def _meeting(table: str, words: list[str]) -> Select[Any]:
    names = {row["key"]: row["name"] for row in read("year/meetings")}
    row, query = _last(table)
    return query.where(row.name == names[words[0]])


def _deputy(table: str, words: list[str]) -> Select[Any]:
    """A person by name; with an item before it the one who signed that."""
    row, query = _last(table)
    query = query.where(row.name == words[-1])
    if len(words) == 1:
        return query
    signed = select(models.Sponsor.deputy_id)
    item = _item("proposals", words).scalar_subquery()
    return query.where(row.id.in_(signed.where(models.Sponsor.proposal_id == item)))


def _letter(table: str, words: list[str]) -> Select[Any]:
    row, query = _last(table)
    item = _item("proposals", words).with_only_columns(models.Proposal.meeting_id)
    return query.where(row.meeting_id == item.limit(1).scalar_subquery(), row.letter == words[1])


def _by(column: str) -> Callable[[str, list[str]], Select[Any]]:
    def look(table: str, words: list[str]) -> Select[Any]:
        row, query = _last(table)
        return query.where(getattr(row, column) == " ".join(words))

    return look


def _beginning_with(column: str) -> Callable[[str, list[str]], Select[Any]]:
    def look(table: str, words: list[str]) -> Select[Any]:
        row, query = _last(table)
        return query.where(getattr(row, column).startswith(words[0]))

    return look


_LOOKS: Mapping[str, Callable[[str, list[str]], Select[Any]]] = {
    "proposals": _item,
    "assignments": _task,
    "deliveries": _of_reply,
    "feedbacks": _of_reply,
    "score_entries": _entry,
    "unit_reports": _report,
    "messages": _message,
    "meetings": _meeting,
    "deputies": _deputy,
    "answer_categories": _letter,
    "onsite_opinions": _beginning_with("summary"),
    "events": _beginning_with("title"),
    "score_rules": _by("name"),
    "review_routes": _by("name"),
    "units": _by("short_name"),
    "users": _by("username"),
    "settings": _by("name"),
    "content_categories": _by("name"),
}
"""How a row is found by what the script calls it; other tables hang on a task."""
