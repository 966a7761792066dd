"""Many rows in one go where the database agrees, else in halves down to the row that it refuses; that row is told why.

Knows nothing of what a row is: plans and tables write their own, and say in their own words which cell is to blame.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy.exc import DataError, IntegrityError

from domain.storing.refusals.implausible import Implausible
from domain.storing.refusals.violations import Violation, find
from domain.storing.session import ActorSession

_Refusal = IntegrityError | DataError | Implausible
_OF_A_ROW = (IntegrityError, DataError, Implausible)
"""What one row may have caused. A full disk or a missing column fails with every row: that ends the whole run."""
OUR_FAULT = "没有写入，程序出错，请把这一行告诉系统管理员。"
_log = logging.getLogger(__name__)


class Refusable(Protocol):
    """A row on its way into the database."""

    @property
    def where(self) -> str:
        """How sentences name the row."""

    def refuse(self, rule: Violation | None) -> None:
        """Note that the row was not written: its data broke this rule of schema.sql, or, None, our code failed."""


_Row = TypeVar("_Row", bound=Refusable)


def write_or_refuse(
    session: ActorSession, rows: Sequence[_Row], write: Callable[[Sequence[_Row]], None]
) -> None:
    """Have ``write`` write all ``rows`` but those that the database refuses, in the transaction of ``session``.

    ``write`` may be called again with a part of the rows after the database has taken its work back. Raises what no
    row is to blame for.
    """
    if not rows:
        return
    try:
        with session.begin_nested():
            write(rows)
    except _OF_A_ROW as fault:
        if len(rows) == 1:
            rows[0].refuse(_broken_rule(session, rows[0], fault))
        else:
            middle = len(rows) // 2
            write_or_refuse(session, rows[:middle], write)
            write_or_refuse(session, rows[middle:], write)


def _broken_rule(session: ActorSession, row: Refusable, fault: _Refusal) -> Violation | None:
    """The rule that the row broke; None, and a line in the program's log, where schema.sql has no word for it."""
    if isinstance(fault, Implausible):
        return Violation(fault.table, "", "check", (fault.column.name,), fault.why)
    rule = find(fault, session.connection()) if isinstance(fault, IntegrityError) else None
    if rule is None:
        _log.error("%s could not be written", row.where, exc_info=fault)
    return rule
