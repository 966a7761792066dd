"""What a person writes into a deadline is his: no rule moves his date, no record takes back his completion.

Asked wherever people's rows are written: by the session's flush and by bulk writes of a file. Not here: what rules
say (duedates.py), what records say (donedates.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, or_

from domain import models

if TYPE_CHECKING:
    from domain.storing.session import ActorSession

BY_RULE, BY_PLAN, BY_HAND, EXTENDED = "规则", "方案", "手工", "延期"
COMPUTED = (BY_RULE, BY_PLAN)
"""The origins whose dates follow the rules."""
Values = Mapping[str, Any]
TABLE = "deadlines"


def is_typed(line: Any) -> ColumnElement[bool]:
    """SQL that is true for the deadlines into which a person wrote: a date, a completion, an extension."""
    is_extended = or_(line.extended_from_on.is_not(None), line.extension_reason != "")
    return or_(line.origin.not_in(COMPUTED), line.is_done_by_hand, is_extended)


def typed(old: Values, row: Values) -> dict[str, Any]:
    """What else becomes of the deadline ``row`` that a person wrote over ``old`` ({}: a new one).

    A date that was moved is 手工, or 延期 from the old one where he says so; a new row answers the same columns always.
    """
    more: dict[str, Any] = {}
    if not old or row.get("done_on") != old["done_on"]:
        more["is_done_by_hand"] = row.get("done_on") is not None
    if not old or row["due_on"] != old["due_on"]:
        more |= _extended(old, row) if old and _says_extended(row) else _set_by_hand(row)
    return more


def keep_typed(session: ActorSession, row: Any, old: Values) -> None:
    """Complete a ``row`` of any table that a person is about to write; only a deadline has something to keep."""
    if row.__table__.name != TABLE:
        return
    values = {name: getattr(row, name) for name in row.words.columns}
    for name, value in typed(old, values).items():
        setattr(row, name, value)
    if old:
        with session.as_program() as inner:
            _forget_reminders(inner.connection(), [(old, values)])


def typed_rows(table: str, rows: Sequence[Values]) -> Sequence[Values]:
    """The same for new rows of ``table`` from a file, all with the same columns."""
    return [{**row, **typed({}, row)} for row in rows] if table == TABLE else rows


def typed_changes(
    connection: Connection, table: str, pairs: list[tuple[Values, Values]]
) -> list[tuple[Values, Values]]:
    """The same for changed rows: pairs of a whole old row and what becomes new in it."""
    if table != TABLE:
        return pairs
    whole = [(old, {**old, **new}) for old, new in pairs]
    _forget_reminders(connection, whole)
    return [
        (old, {**new, **typed(old, row)}) for (old, new), (_, row) in zip(pairs, whole, strict=True)
    ]


def _says_extended(row: Values) -> bool:
    is_explained = bool(row["extension_reason"] or row["extended_from_on"])
    return row["origin"] == EXTENDED or (is_explained and row["origin"] in COMPUTED)


def _extended(old: Values, row: Values) -> dict[str, Any]:
    since = row["extended_from_on"] or old["due_on"]
    text = f"由{since.isoformat()}延期"
    return {"origin": EXTENDED, "extended_from_on": since, "rule_id": None, "basis_text": text}


def _set_by_hand(row: Values) -> dict[str, Any]:
    origin = EXTENDED if row.get("origin") == EXTENDED else BY_HAND
    return {"origin": origin, "rule_id": None, "basis_text": "人工定的到期日"}


def _forget_reminders(connection: Connection, pairs: Iterable[tuple[Values, Values]]) -> None:
    """Reminders spoke of the old date: each step of the new one is to be told again."""
    moved = [{"_id": old["id"]} for old, row in pairs if row["due_on"] != old["due_on"]]
    if moved:
        key = models.table_of("reminders").c.deadline_id
        connection.execute(delete(key.table).where(key == bindparam("_id")), moved)
