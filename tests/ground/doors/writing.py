"""The doors through which rows are changed: what is refused leaves the database as it was.

Nothing here names a table: a new one is tried as it is.
"""

from typing import Any

from domain.lifecycle.acts import ACTS
from tests.ground.doors.reading import rows_to_try
from tests.ground.doors.visitor import GROWING, AtTheDoor, columns
from tests.ground.rows import Values


def a_form_opens_for_what_may_be_changed_alone(at: AtTheDoor, table: str) -> None:
    for row in rows_to_try(at, table):
        may = at.oracle.may("update", table, row)
        statuses = (404,) if row["id"] not in at.visible(table) else (200, 403)
        text = at.get(f"/{table}/edit/", *statuses, id=row["id"])
        assert may or "data-unsaved" not in text


def a_row_that_is_not_ones_own_takes_no_form(at: AtTheDoor, table: str) -> None:
    before = at.stored(table)
    for row in _refused(at, "update", table):
        sent = {c.name: "1" if c.references else "改" for c in columns(table) if not c.is_key}
        at.post(f"/{table}/edit/?id={row['id']}", 403, 404, **sent, seen="x")
    assert _same(table, before, at.stored(table))


def a_row_that_is_not_ones_own_is_not_deleted(at: AtTheDoor, table: str) -> None:
    """Not by its page, not ticked in the list, not among own ones."""
    refused = [
        r for r in _refused(at, "delete", table) if not at.oracle.is_last_administrator(table, r)
    ]
    before = at.stored(table)
    for row in refused:
        at.get(f"/{table}/delete/", 403, 404, id=row["id"])
        at.post(f"/{table}/delete/", 403, 404, id=row["id"], confirmed="1")
    if refused:
        mixed = [r["id"] for r in at.world.rows[table]]
        at.post(f"/{table}/action/", 403, 404, action="delete", rowid=mixed, confirmed="1")
    assert _same(table, before, at.stored(table))


def _refused(at: AtTheDoor, verb: str, table: str) -> list[Values]:
    """Rows that the role may not touch so: one that it sees, and one that it does not."""
    firsts = (
        [row for row in rows if not at.oracle.may(verb, table, row)][:1]
        for rows in (at.rows(table), at.hidden(table))
    )
    return [row for found in firsts for row in found]


def an_act_does_nothing_to_a_row_that_is_not_ones_own(at: AtTheDoor, table: str) -> None:
    """Every act of the program on every table, alone and among own rows."""
    before = at.stored(table)
    for act in {act.name for acts in ACTS.values() for act in acts}:
        foreign = _refused(at, "update", table)
        for row in foreign:
            at.post(f"/{table}/action/", 302, 400, 403, 404, action=act, rowid=row["id"])
        if foreign:
            mixed = [r["id"] for r in at.world.rows[table]]
            at.post(f"/{table}/action/", 302, 400, 403, 404, action=act, rowid=mixed)
    assert _same(table, before, at.stored(table))


def _same(table: str, before: list[Any], after: list[Any]) -> bool:
    return after[: len(before)] == before if table in GROWING else after == before


DOORS = (
    a_form_opens_for_what_may_be_changed_alone,
    a_row_that_is_not_ones_own_takes_no_form,
    a_row_that_is_not_ones_own_is_not_deleted,
    an_act_does_nothing_to_a_row_that_is_not_ones_own,
)
