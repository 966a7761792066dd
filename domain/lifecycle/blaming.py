"""Which of several rows an act is refused for: all were done together, so the refusal does not say it by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from domain.access.rule import ScopeError
from domain.lifecycle.acts.act import Act
from domain.lifecycle.doing import perform
from domain.storing.held import name_of
from domain.storing.refusals.implausible import Implausible
from domain.storing.session import ActorSession

NOTHING_DONE = "一条也没有办；请去掉这一条再办。"
"""What is told besides: one transaction holds them all."""
_OF_A_ROW = (IntegrityError, Implausible, ScopeError)


@dataclass(frozen=True)
class Blamed:
    """One of the rows, by its name, on which the act by itself is refused, and with what."""

    name: str
    error: Exception


def find_blamed(
    session: ActorSession,
    act: Act,
    ids: Iterable[int],
    answers: Mapping[str, Any],
    error: Exception,
) -> Blamed | None:
    """A row to blame for the ``error`` that the act on all ``ids`` was refused with; None where there is one row alone,
    or they are refused only together, or no row is to blame.

    Ask after the rollback. It is found by trying halves, each of which is taken back: about as much work as the act.
    """
    some = sorted(set(ids))
    if len(some) < 2 or not isinstance(error, _OF_A_ROW):
        return None
    while len(some) > 1:
        half = some[: len(some) // 2]
        some = half if _refusal(session, act, half, answers) else some[len(half) :]
    found = _refusal(session, act, some, answers)
    return Blamed(name_of(session, act.table, some[0]), found) if found else None


def _refusal(
    session: ActorSession, act: Act, ids: Iterable[int], answers: Mapping[str, Any]
) -> Exception | None:
    """What the act on these rows is refused with, if it is; nothing of it stays."""
    try:
        perform(session, act, ids, answers)
    except _OF_A_ROW as error:
        return error
    finally:
        session.rollback()
    return None
