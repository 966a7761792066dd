"""The doors through which a row gets its parents: a form, sent as a browser would, with a parent that is not one's own.

The same form with own parents is taken (a_new_row_is_hung_on_own_parents), so what is refused is refused for them.
"""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from domain import models
from domain.schema.words import Column
from tests.ground.doors.formreading import controls_of, fields_of
from tests.ground.doors.visitor import AtTheDoor, columns
from tests.ground.rows import Values, linked_row

SAVED, REFUSED = 302, (200, 400, 403, 404)
MOST_TRIES = 12


def a_row_is_not_moved_to_a_foreign_parent(at: AtTheDoor, table: str) -> int:
    """Tries every foreign key of every own row; returns how often."""
    tried = 0
    for row in at.rows(table):
        if not at.oracle.may("update", table, row):
            continue
        form = fields_of(at.get(f"/{table}/edit/", 200, 403, id=row["id"]))
        for link in [link for link in at.links(table) if link.name in form]:
            for parent in _not_for(at, "update", table, row, link):
                sent = form | {link.name: str(parent), f"{link.name}.text": ""}
                at.post(f"/{table}/edit/?id={row['id']}", *REFUSED, echo=True, **sent)
                (stored,) = [each for each in at.stored(table) if each.id == row["id"]]
                assert getattr(stored, link.name) != parent, (table, link.name)
                tried += 1
    return tried


def a_new_row_is_not_hung_on_a_foreign_parent(at: AtTheDoor, table: str) -> int:
    """Tries every foreign key of the form; returns how often."""
    blank = fields_of(at.get(f"/{table}/new/", 200, 403))
    own = next(_own_rows(at, table), None)
    if not blank or own is None:
        return 0
    before, tried = at.stored(table), 0
    for link in [link for link in at.links(table) if link.name in blank]:
        for parent in _not_for(at, "create", table, own, link):
            at.get(f"/{table}/new/", 200, 400, 403, 404, echo=True, **{link.name: parent})
            sent = _typed(blank, own) | {link.name: str(parent)}
            at.post(f"/{table}/new/", *REFUSED, echo=True, **sent)
            tried += 1
    assert at.stored(table) == before
    return tried


def _not_for(at: AtTheDoor, verb: str, table: str, row: Values, link: Column) -> Iterator[int]:
    """Parents that this row must not get: one that the person does not see, one that is others' to hang on."""
    for each in (at.hidden, at.rows):
        for parent in each(link.references or ""):
            if parent["id"] != row[link.name]:
                moved = row | {link.name: parent["id"]}
                if each == at.hidden or not at.oracle.may(verb, table, moved):
                    yield parent["id"]
                    break


def a_new_row_is_hung_on_own_parents(at: AtTheDoor, table: str) -> bool:
    """Whether a form with own parents is taken; what was added is there in the database, or nothing is."""
    blank = fields_of(at.get(f"/{table}/new/", 200, 403))
    if not blank:
        return False
    before = {row.id for row in at.stored(table)}
    for own in _own_rows(at, table):
        answer = at.client.post(f"/{table}/new/", data=_typed(blank, own))
        added = {row.id for row in at.stored(table)} - before
        assert bool(added) == (answer.status_code == SAVED)
        if added:
            return True
    return False


def _own_rows(at: AtTheDoor, table: str) -> Iterator[Values]:
    """New rows that hang on what the person sees, each on other parents."""
    words = models.schema.tables[table]
    links = [link for link in at.links(table) if at.rows(link.references or "")]
    choices = product(*(at.rows(link.references or "") for link in links))
    for chosen in islice(choices, MOST_TRIES):
        parents = {link.references or "": row for link, row in zip(links, chosen, strict=True)}
        yield linked_row(words, 77, "新增", parents)


def _typed(blank: dict[str, str], values: Values) -> dict[str, str]:
    return {name: as_text(values.get(name)) or text for name, text in blank.items()}


def as_text(value: Any) -> str:
    """A value as a form sends it."""
    if isinstance(value, bool):
        return "y" if value else ""
    return "" if value is None else str(value)


def a_form_changes_nothing_beside_its_fields(at: AtTheDoor, table: str) -> None:
    """What is sent besides, for columns that the role has no field for, is not written."""
    for row in at.rows(table):
        page = at.get(f"/{table}/edit/", 200, 403, 404, id=row["id"])
        form, controls = fields_of(page), controls_of(page)
        besides = [c for c in columns(table) if c.name not in controls and not c.is_key]
        if form and besides:
            break
    else:
        return
    (before,) = [stored for stored in at.stored(table) if stored.id == row["id"]]
    smuggled = {c.name: "2024-04-11" if c.kind == "date" else "1" for c in besides}
    at.post(f"/{table}/edit/?id={row['id']}", 200, 302, 400, echo=True, **form, **smuggled)
    (after,) = [stored for stored in at.stored(table) if stored.id == row["id"]]
    for column in besides:
        if not column.is_automatic:
            assert getattr(after, column.name) == getattr(before, column.name), column.name
