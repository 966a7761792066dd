"""What stays as it is in a stored row whoever fills in its form, why, and which act is the way: said on its page and in
the form, so that nothing is asked for that a save would refuse.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from admin.tables.desk import Desk
from domain import models
from domain.access import scopes
from domain.lifecycle.acts.register import acts_of
from domain.lifecycle.judging import Standing, judge
from domain.saving.hanging import held_by
from domain.storing.write_rules import KeptColumns, kept_of


@dataclass(frozen=True)
class Keeping:
    """The columns that are kept, and the sentences that say why."""

    columns: frozenset[str] = frozenset()
    sentences: tuple[str, ...] = ()


def keeping(
    desk: Desk, row: models.Row, standings: Mapping[str, Standing] | None = None
) -> Keeping:
    """What is kept of a row that this person's role may change at times; nothing is told to the others.

    ``standings`` are how it stands to the acts on its table, where that is judged already.
    """
    if not (desk.may("update") and scopes.writable_columns(desk.actor, desk.words.name)):
        return Keeping()
    values = {name: getattr(row, name) for name in desk.words.columns}
    asked = {column.name for column in desk.writable}
    found = kept_of(desk.session.unchecked_connection(), desk.words.name, values)
    told = [kept for kept in found if kept.columns & asked]
    if not told:
        return Keeping()
    columns = frozenset[str]().union(*(kept.columns for kept in told)) & asked
    if standings is None:
        standings = judge(desk.session, acts_of(desk.actor, desk.words.name), [row.id])[row.id]
    return Keeping(columns, tuple(_sentences(desk, told, standings)))


def why_it_stays(desk: Desk, row: models.Row) -> str:
    """Why a row that this person may delete stays all the same; '' where it would go."""
    reasons = held_by(desk.session.unchecked_connection(), desk.words.name, row.id)
    return reasons[0] if reasons else ""


def _sentences(
    desk: Desk, told: list[KeptColumns], standings: Mapping[str, Standing]
) -> Iterator[str]:
    acts = acts_of(desk.actor, desk.words.name)
    for kept in told:
        labels = [a.label for a in acts if a.name in kept.acts and standings[a.name].is_open]
        ways = f"：要改的，用“{'”或“'.join(labels)}”" if labels else ""
        labels_kept = [c.label for c in desk.writable if c.name in kept.columns]
        yield f"{kept.why}{ways}。不能改的有：{'、'.join(labels_kept)}。"
