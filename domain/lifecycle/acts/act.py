"""What an act is made of: the types. The acts themselves are in the other modules of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select

from domain.access.rule import Ask, Columns, Who
from domain.actors import Actor
from domain.messages.telling import Tell
from domain.storing.session import ActorSession

_AT_ONCE = 500
TODAY, AS_IT_IS = "today", "as it is"
"""What an answer begins with: this day, or what the row has in that column."""


@dataclass(frozen=True)
class Asking:
    """Who asks, on which day; ``ask`` answers questions about the rules of access."""

    actor: Actor
    today: date
    ask: Ask


When = Callable[[Asking, Columns], ColumnElement[bool]]
"""SQL that is true for the rows of which something holds."""
Offers = Callable[[ActorSession, Sequence[Any]], Mapping[int, Mapping[int, str]]]
"""By id of each of the act's rows the ids that may be chosen for it, with their names; a few questions for all."""


@dataclass(frozen=True)
class Answer:
    """Something that an act asks for: a column of the act's table or of another one, with its words from schema.sql.

    ``begins``: what stands there at first, and is taken from whoever is not asked: TODAY, AS_IT_IS, or the column of
    the act's row that says it; else ``default``. ``comes_with``: it must be there where that other answer is;
    ``comes_where`` the same for certain words of other answers. ``roles``: who is asked, () for all.

    ``offers``: a reference of which the rows that may be chosen depend on the act's row. Where it ``is_many``, several
    are chosen, at first all; who does the act on several rows at once, or is not asked, means all that each offers.
    """

    column: str
    table: str = ""
    is_required: bool = False
    begins: str = ""
    default: Any = None
    begins_from: Callable[[ActorSession, Any], Any] | None = None
    """Tells of the act's row what stands there at first, where no column says it."""
    comes_with: str = ""
    comes_where: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    """What is told where it is missing, instead of that it is to be filled in."""
    roles: frozenset[str] = frozenset()
    label: str = ""
    help: str = ""
    """What is said above and below the field instead of the column's own words."""
    is_day: bool = False
    """Whether of an instant only the day is asked."""
    choices: tuple[str, ...] = ()
    """The words that may be chosen here, where not all of the column's."""
    offers: Offers | None = None
    is_many: bool = False

    def is_for(self, actor: Actor) -> bool:
        """Whether this person is asked."""
        return not self.roles or actor.role in self.roles


@dataclass(frozen=True)
class Need:
    """What must be there before the act is done. ``sentence`` says what is missing and what to do about it.

    ``unless`` names an answer that explains why it is missing; ``roles``: of whom it is asked, () for all.
    """

    holds: When
    sentence: str
    unless: str = ""
    roles: frozenset[str] = frozenset()
    names: Mapping[str, Callable[[ActorSession, Any], str]] = field(default_factory=dict)
    """What stands in the braces of the sentence, for a row."""

    def said_of(self, session: ActorSession, row: Any) -> str:
        """The sentence for this row."""
        return self.sentence.format(**{n: tell(session, row) for n, tell in self.names.items()})

    def is_for(self, actor: Actor) -> bool:
        """Whether this person needs it."""
        return not self.roles or actor.role in self.roles


Unfit = Callable[[ActorSession, Sequence[Any], Mapping[str, Any]], Mapping[int, str]]
"""By id the rows that the answers do not fit, each with a sentence; a few questions for all."""


@dataclass(frozen=True)
class Doing:
    """An act being done: a session of the program in the person's name, the locked rows, the answers."""

    session: ActorSession
    asking: Asking
    now: datetime
    rows: Sequence[Any]
    answers: Mapping[str, Any]
    chosen: Mapping[str, Mapping[int, Sequence[int]]] = field(default_factory=dict)
    """By answer that is several of what is offered, and by row, the ids that are meant."""

    @property
    def person(self) -> int | None:
        """The id of the acting person's account."""
        return self.asking.actor.user_id

    def among(
        self, query: Select[*tuple[Any, ...]], column: Any, values: Sequence[Any]
    ) -> Iterator[Any]:
        """What ``query`` finds where ``column`` is one of ``values``: a question for every 500."""
        for start in range(0, len(values), _AT_ONCE):
            some = query.where(column.in_(values[start : start + _AT_ONCE]))
            yield from self.session.execute(some)


@dataclass(frozen=True, eq=False)
class Act:
    """One act on rows of ``table``. Criteria are SQL, so that one declaration gives button, list, filter and count.

    ``starts``: the states of the row in which it is open, () for rows without a state; ``when`` narrows that.
    ``leads_to``: the state that follows from the act alone, from each start or from those named; for the documents.
    Nothing where the state stays, or follows from what else is recorded, as from the way of a review.
    """

    name: str
    label: str
    table: str
    who: Who
    starts: tuple[str, ...]
    write: Callable[[Doing], None]
    says: str
    """What is told once it is done, without how often."""
    leads_to: str | Mapping[str, str] = ""
    when: When | None = None
    otherwise: str = ""
    """What is the matter with a row in the right state for which ``when`` does not hold: half a sentence."""
    answers: tuple[Answer, ...] = ()
    needs: tuple[Need, ...] = ()
    warns: tuple[Need, ...] = ()
    """What had better be there: said before and after, and never in the way."""
    tells: Tell | None = None
    """What others are told once it is done."""
    unfit: Unfit | None = None
    """Tells which of the locked rows the answers do not fit, and why: by id a sentence."""
    todo: str = ""
    """What the rows that wait for it are called as a list; "" where it is possible rather than owed."""
    todo_from: Mapping[str, str] = field(default_factory=dict)
    """By the state from which it is done what is to be done, where the label alone would not say it."""
    todo_of: tuple[str, ...] = ()
    """The roles for whom they wait; () for all of ``who``."""
    owed: When | None = None
    """Narrows which of the rows on which it is open wait for it."""
    is_dated: bool = True
    """Whether it is due when something is due of the row that waits for it."""
    is_awaited: bool = False
    """Whether others have to move first: those rows are a list of their own, and wait for nobody here."""
    help: str = ""
    state: str = "state"
    """The column of the row that ``starts`` speaks of."""
    opens: Callable[[ActorSession, int], tuple[str, int] | None] | None = None
    """Tells of the one row on which it was done where the work goes on: the table and the id of a row that it made."""
    begins_new: bool = False
    """Whether a row without a state may be new when it is done: then it is offered with the save of one."""
    tone: str = ""
    in_bulk: bool = True

    def ends_in(self, start: str) -> str:
        """The state that follows from ``start`` by the act alone; "" where it takes more to say."""
        told = self.leads_to
        return told if isinstance(told, str) else told.get(start, "")

    def called_from(self, start: Any) -> str:
        """What is to be done with a row in this state."""
        return self.todo_from.get(start, self.todo)

    def waits_for(self, role: str) -> bool:
        """Whether rows wait for somebody of this role to do it."""
        return self.is_listed_for(role) and not self.is_awaited

    def is_listed_for(self, role: str) -> bool:
        """Whether somebody of this role finds the rows on which it is to be done as a list."""
        return bool(self.todo) and role in (self.todo_of or self.who)

    def asked_of(self, actor: Actor) -> tuple[Answer, ...]:
        """The answers that this person gives."""
        return tuple(answer for answer in self.answers if answer.is_for(actor))
