"""The doors through which rows are changed: what is refused leaves the database as it was.

Nothing here names a table: a new one is tried as it is.
"""

from typing import Any

from domain.lifecycle.acts.act import Act
from domain.lifecycle.acts.register import ACTS
from domain.lifecycle.doing import column_asked
from tests.ground.doors.reading import rows_to_try
from tests.ground.doors.visitor import GROWING, AtTheDoor, columns
from tests.ground.rows import Values
from tests.ground.shares import proving


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
    """Every act of the table, with all that it asks for: on rows that the role sees and does not, alone and mixed.

    A row that the role does not see is not found whatever the act: each is tried by some of them, each act on some.
    """
    acts = [act for act in ACTS if act.table == table]
    if not acts:
        return
    kept = {
        name: at.stored(name)
        for name in {act.table for act in ACTS}
        | {a.table for act in ACTS for a in act.answers if a.table}
    }
    for place, act in enumerate(acts):
        address, sent = f"/{table}/act/?act={act.name}", _answers(act)
        seen = [row for row in at.rows(table) if not at.oracle.acts(act.name, table, row)]
        for row in seen:
            at.post(address, 200, 302, 400, rowid=row["id"], **sent)
        for row in proving.share_of(at.hidden(table), place, len(acts)):
            at.post(address, 400, 404, rowid=row["id"], **sent)
            at.get(f"{address}&rowid={row['id']}", 400, 404)
        if at.hidden(table):
            mixed = [r["id"] for r in at.world.rows[table]]
            at.post(address, 400, 404, rowid=mixed, **sent)
    assert all(_same(name, before, at.stored(name)) for name, before in kept.items())


def _answers(act: Act) -> Values:
    """Something for everything that it asks for, so that nothing else is in the way."""
    answers: Values = {"sure": "1"}
    for answer in act.answers:
        column = column_asked(act, answer)
        first = column.choices[0] if column.choices else "改"
        said = {"link": "1", "date": "2025-12-31", "choice": first}
        answers[column.name] = said.get(column.kind, "改")
    return answers


def _same(table: str, before: list[Any], after: list[Any]) -> bool:
    return after[: len(before)] == before if table in GROWING else after == before


DOORS = (
    a_form_opens_for_what_may_be_changed_alone,
    a_row_that_is_not_ones_own_takes_no_form,
    a_row_that_is_not_ones_own_is_not_deleted,
    an_act_does_nothing_to_a_row_that_is_not_ones_own,
)
