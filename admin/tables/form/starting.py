"""What the form of a new row begins with: the usual, what schema.sql marks, and what follows from the rows above.

Not what an address gives (opening.py).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from admin.tables.desk import Desk
from admin.tables.finding import pickers
from admin.tables.finding.pickers import Filling
from admin.tables.form.numbering import next_number
from domain import models
from domain.access import scopes
from domain.schema.file import Column
from domain.schema.words import links_above
from domain.storing.allowed import allowed_choices, carried_values


def beginning(filling: Filling, given: Mapping[str, str], today: date) -> dict[str, Any]:
    """The values of a new row of which so much is ``given``, by column, without those."""
    desk = filling.desk
    known = carried_values(desk.session, desk.words, filling.given)
    begun = _usual(desk, given, today) | _said_above(desk, given)
    begun = _pointing(filling, begun) | _first_allowed(desk, known)
    return begun | _numbered(desk, {**begun, **given})


def _pointing(filling: Filling, begun: Mapping[str, Any]) -> dict[str, Any]:
    """What a form begins with, without references to what is out of use by now."""
    columns = filling.desk.words.columns
    return {
        name: value
        for name, value in begun.items()
        if not columns[name].references
        or pick_or_none(filling.desk, columns[name], str(value)) is not None
    }


def keys_in(desk: Desk, given: Mapping[str, str]) -> dict[str, int]:
    """The ids among what an address or a form gives for the references."""
    texts = {c.name: given.get(c.name, "") for c in desk.writable if c.references}
    return {n: int(t) for n, t in texts.items() if t.isascii() and t.isdecimal() and len(t) < 19}


def _first_allowed(desk: Desk, known: Mapping[str, Any]) -> dict[str, str]:
    """For each choice whose usual word the rules do not allow here, the first that they do."""
    choices = (c for c in desk.writable if c.choices and c.default is not None)
    left = {c: allowed_choices(desk.words, c, known) for c in choices}
    return {c.name: words[0] for c, words in left.items() if words and c.default not in words}


def _usual(desk: Desk, given: Mapping[str, str], today: date) -> dict[str, Any]:
    """What a new row most often has: it happened today; for who makes rows of his own alone, to him or his unit.

    And what schema.sql marks [今天] and [本人].
    """
    own = {"unit_id": desk.actor.unit_id, "deputy_id": desk.actor.deputy_id}
    if scopes.makes_any(desk.actor, desk.words.name):
        own = {}
    dates = (
        c.name for c in desk.writable if c.kind == "date" and c.is_required and c.name != "due_on"
    )
    mine = {c.name: own[c.name] for c in desk.writable if own.get(c.name)}
    marked = [
        c.name
        for c in desk.writable
        if c.starts_today and _is_past_above(desk, c, keys_in(desk, given), today)
    ]
    named = {c.name: desk.actor.name for c in desk.writable if c.starts_own}
    return dict.fromkeys([*dates, *marked], today) | mine | named


def _said_above(desk: Desk, given: Mapping[str, str]) -> dict[str, Any]:
    """What schema.sql marks [承接]: as the row above has it, as far as this person reads it there."""
    keys, said = keys_in(desk, given), {}
    for column in (c for c in desk.writable if c.starts_above):
        (link,) = links_above(desk.words, column, models.schema.tables)
        above = desk.beside(link.target)
        if link.name in keys and column.name in above.readable:
            row = desk.session.get(above.model, keys[link.name])
            said[column.name] = getattr(row, column.name, None)
    return {name: value for name, value in said.items() if value not in (None, "")}


def _is_past_above(desk: Desk, column: Column, keys: Mapping[str, int], today: date) -> bool:
    """Whether the day that would count without this one lies before today; so it does where nothing above has one.

    It is that of the row given above this one; where none is given yet, of the newest.
    """
    for link in desk.writable:
        if not (link.references and link.is_required):
            continue
        above = desk.beside(link.target)
        if column.name not in above.readable:
            continue
        query = above.query().order_by(above.model.id.desc()).limit(1)
        if link.name in keys:
            query = query.where(above.model.id == keys[link.name])
        row = desk.session.scalars(query).first()
        day = getattr(row, "counts_from_on", None) or getattr(row, column.name, None)
        return day is not None and day < today
    return True


def going_on(desk: Desk, row: models.Row) -> dict[str, str]:
    """What the form for the next new row has from this one: what schema.sql marks [沿用], for an address."""
    values = {c.name: getattr(row, c.name) for c in desk.writable if c.starts_again}
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _numbered(desk: Desk, known: Mapping[str, Any]) -> dict[str, str]:
    """What schema.sql marks [案号]: the number after the highest, where it is known of which rows."""
    numbers = {c.name: next_number(desk, c, known) for c in desk.writable if c.is_item_number}
    return {name: number for name, number in numbers.items() if number}


def pick_or_none(desk: Desk, column: Any, key: str) -> int | None:
    """The id, if it names a row that the person may point to from a new one."""
    try:
        return pickers.pick(desk, column, key, "", Filling(desk, None, {}))[0]
    except ValueError:
        return None
