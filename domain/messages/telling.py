"""Messages: what was returned, granted, refused, rated 不满意, noted by a leader, urged; one for each who is told.

Not what is due (domain/dues/bell.py): that follows from days. A message is made where something was done, once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from domain import models
from domain.actors import LEADER, LIAISON, OFFICE
from domain.storing.session import ActorSession

RETURNED, GRANTED, REFUSED, DISSATISFIED = "退回", "同意", "不同意", "不满意"
NOTED, URGED = "批示", "催办"
_LONGEST = 1000
_AT_ONCE = 500


@dataclass(frozen=True)
class Tell:
    """That an act tells of: ``sentence`` with the row's name and the act's answers in braces. The people of the row's
    unit are told, and the office too where ``tells_office``; where ``when`` is given, only if the answers meet it."""

    kind: str
    sentence: str
    tells_office: bool = False
    when: Callable[[Mapping[str, Any]], bool] | None = None

    def said_of(self, row: Any, answers: Mapping[str, Any]) -> str:
        """The sentence for this row; what was not answered leaves no gap."""
        known = defaultdict(str, {name: _worded(value) for name, value in answers.items()})
        said = self.sentence.format_map(defaultdict(str, {**known, "row": str(row)}))
        return said.strip("；，：。 ") + "。"


@dataclass(frozen=True, order=True)
class Reader:
    """Somebody who is told: the id of his account, and what he is called."""

    id: int
    name: str


@dataclass(frozen=True)
class News:
    """What is told of one row: to the people of these units, and to the office where it says so."""

    row: Any
    kind: str
    content: str
    unit_ids: frozenset[int]
    tells_office: bool = False


def tell_of(
    session: ActorSession, told: Tell | None, rows: Iterable[Any], answers: Mapping[str, Any]
) -> None:
    """Tell of an act done on these rows, in its session."""
    if told is None or (told.when and not told.when(answers)):
        return
    spread(
        session,
        [
            News(row, told.kind, told.said_of(row, answers), _units(row), told.tells_office)
            for row in rows
        ],
    )


def spread(session: ActorSession, news: Collection[News]) -> None:
    """Make the messages: one for each person in use who is concerned, but for who did it himself."""
    units, office = _people(session, news)
    for one in news:
        people = {person for unit in one.unit_ids for person in units.get(unit, ())}
        people |= set(office) if one.tells_office else set()
        session.add_all(
            models.Message(
                user_id=person.id,
                reader=person.name,
                kind=one.kind,
                content=one.content[:_LONGEST],
                table_name=str(one.row.words.name),
                row_id=one.row.id,
                told_at=session.now(),
                told_by_id=session.actor.user_id,
            )
            for person in sorted(people)
            if person.id != session.actor.user_id
        )


def _people(
    session: ActorSession, news: Collection[News]
) -> tuple[Mapping[int, list[Reader]], list[Reader]]:
    """By unit its liaisons and leaders, and the office's people: a question for every 500 units."""
    user, unit = models.User, models.Unit
    units, office = defaultdict[int, list[Reader]](list), list[Reader]()
    wanted = sorted({key for one in news for key in one.unit_ids})
    for start in range(0, max(len(wanted), 1), _AT_ONCE):
        of_unit = user.unit_id.in_(wanted[start : start + _AT_ONCE])
        theirs = user.role.in_((LIAISON, LEADER)) & of_unit
        query = select(user.id, user.unit_id, user.role, user.full_name, unit.name)
        query = query.outerjoin(unit, unit.id == user.unit_id).where(user.is_active)
        for row in session.execute(query.where(or_(theirs, user.role == OFFICE))):
            reader = Reader(row.id, f"{row.full_name}（{row.name or row.role}）")
            if row.role != OFFICE:
                units[row.unit_id].append(reader)
            elif start == 0:
                office.append(reader)
    return units, office


def _units(row: Any) -> frozenset[int]:
    """The unit that a row is of: its own, or that of its task or its reply."""
    unit_id = getattr(row, "unit_id", None)
    if unit_id is None:
        above = getattr(row, "assignment", None) or getattr(row, "reply", None)
        unit_id = getattr(above, "unit_id", None)
    return frozenset() if unit_id is None else frozenset({unit_id})


def _worded(value: Any) -> str:
    return "" if value is None else str(value)
