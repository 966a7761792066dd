"""What must hold, or follows, whenever rows are saved: how it is asked, the same at every door.

The rules themselves are in domain/saving/ and domain/lifecycle/, their list in domain/rules_of_saving.py. The check of
a flush (flushing/) and the bulk writes (bulk.py) ask them. Nothing else writes what people say; what the program
derives or keeps about itself by statements of its own asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection

from domain.storing.acting import ActingSession

Values = Mapping[str, Any]
Hook = Literal["before", "after", "follow"]


@dataclass(slots=True)
class RowWrite:
    """One row of a save: as it was, {} where it is new, and as it becomes, {} where it goes.

    Before the write ``new`` may be added to, and lacks the id of a new row; after it, it has what a flush reads back
    or a bulk write was given.
    """

    old: Values
    new: dict[str, Any]

    @property
    def changed(self) -> Iterator[str]:
        """The columns that get another value."""
        return (name for name, value in self.new.items() if value != self.old.get(name))


ByTable = Mapping[str, Sequence[RowWrite]]


@dataclass(frozen=True)
class Save:
    """What a rule is told of a save besides its rows. ``is_typed``: a person fills in a form; else a file is read in,
    an import taken back, or the program writes."""

    session: ActingSession
    is_typed: bool
    is_peoples: bool
    """Whether people say what is written, themselves or by a file, and not the program."""

    @property
    def connection(self) -> Connection:
        """The connection of the save, past the scopes."""
        return self.session.unchecked_connection()


@dataclass(frozen=True)
class KeptColumns:
    """Columns of a stored row that no form changes, why in half a sentence, and the acts that are the way (by name)."""

    columns: frozenset[str]
    why: str
    acts: tuple[str, ...] = ()


class WriteRule:
    """One thing that must hold or follows. Override what it takes; each is asked once for each table of a save,
    but for ``follow``, which is asked once for all of it."""

    def concerns(self, table: str) -> bool:
        """Whether rows of this table matter to the rule."""
        return True

    def is_asked(self, save: Save) -> bool:
        """Whether the rule holds for this save: for what people write, unless it says otherwise."""
        return save.is_peoples

    def kept(self, connection: Connection, table: str, row: Values) -> Iterable[KeptColumns]:
        """What it would refuse to change in this stored row, whatever it became: a form does not ask for that."""
        return ()

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        """Fill in or refuse, before anything is written. All rows get the same further columns, if any."""

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        """Refuse what can only be seen in the database, once the rows are there."""

    def follow(self, save: Save, written: ByTable) -> None:
        """Write what follows, once the whole save is there and logged."""

    def keeps_off(self, table: str, parent: Any) -> bool:
        """Whether it would refuse any new row of this table on this row, as that stands: then none is offered there."""
        return False

    def kept_off(self, table: str, target: str, row: Any) -> ColumnElement[bool] | None:
        """The same as SQL on the columns of ``target``, so that a form does not offer such rows; None for no word."""
        return None


@dataclass
class _Held:
    rules: tuple[WriteRule, ...] | None = None


_HELD = _Held()


def hold_to(rules: Sequence[WriteRule]) -> None:
    """Say which rules hold for every save of this program. The edge does, before anybody saves."""
    _HELD.rules = tuple(rules)


@contextmanager
def held_to(rules: Sequence[WriteRule] | None) -> Iterator[None]:
    """The same for a while, as tests need it; None: as if nobody had said it."""
    before = _HELD.rules
    _HELD.rules = None if rules is None else tuple(rules)
    try:
        yield
    finally:
        _HELD.rules = before


def rules_in_force() -> tuple[WriteRule, ...]:
    """The rules of this program. Raises RuntimeError where nobody has said which: then nothing may be saved."""
    if _HELD.rules is None:
        raise RuntimeError("No rules of saving: call hold_to(rules_of_saving.RULES) at the start.")
    return _HELD.rules


def kept_of(connection: Connection, table: str, row: Values) -> list[KeptColumns]:
    """What the rules keep as it is in a stored row when people fill in its form."""
    rules = (rule for rule in rules_in_force() if rule.concerns(table))
    return [kept for rule in rules for kept in rule.kept(connection, table, row)]


def asking(save: Save, table: str, hook: Hook) -> list[WriteRule]:
    """The rules to be asked for rows of ``table`` that have something to say at ``hook``."""
    own = getattr(WriteRule, hook)
    return [
        rule
        for rule in rules_in_force()
        if getattr(type(rule), hook) is not own and rule.is_asked(save) and rule.concerns(table)
    ]


def ask_before(save: Save, table: str, rows: Sequence[RowWrite]) -> None:
    """Have every rule fill in or refuse."""
    for rule in asking(save, table, "before"):
        rule.before(save, table, rows)


def ask_after(save: Save, table: str, rows: Sequence[RowWrite]) -> None:
    """Have every rule refuse what it sees in the database."""
    for rule in asking(save, table, "after"):
        rule.after(save, table, rows)


def ask_to_follow(save: Save, written: ByTable) -> None:
    """Have every rule write what follows from the rows that concern it."""
    asked = {rule for table in written for rule in asking(save, table, "follow")}
    for rule in (rule for rule in rules_in_force() if rule in asked):
        rule.follow(save, {table: rows for table, rows in written.items() if rule.concerns(table)})


def all_kept_off(table: str, target: str, row: Any) -> list[ColumnElement[bool]]:
    """SQL, of each rule that has a word on it, for the rows of ``target`` that take no new row of ``table``."""
    rules = (rule for rule in rules_in_force() if rule.concerns(table))
    said = (rule.kept_off(table, target, row) for rule in rules)
    return [one for one in said if one is not None]


def is_kept_off(table: str, parent: Any) -> bool:
    """Whether a rule would refuse any new row of ``table`` on this row."""
    return any(rule.keeps_off(table, parent) for rule in rules_in_force() if rule.concerns(table))
