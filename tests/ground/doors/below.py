"""The doors through which rows are written in the form of the row that they hang on, for every table that has such.

A row id of another parent, a parent or a reference that is not one's own, a column that is not the role's: none gets
in.
The same form with own rows is taken (rows_below_are_written_with_their_parent).
"""

from collections.abc import Iterator
from typing import Any

from domain import models
from domain.access import scopes
from domain.ordering import place_column
from domain.schema.words import Column, Table
from tests.ground.doors.formreading import controls_of, fields_of
from tests.ground.doors.hanging import REFUSED, SAVED, as_text
from tests.ground.doors.visitor import AtTheDoor, columns
from tests.ground.rows import Values, linked_row

ANY = (SAVED, *REFUSED)
LINE = 77


def tables_below(table: str) -> Iterator[tuple[Table, Column]]:
    """The tables whose rows stand in a form of this one, with the reference by which they do."""
    for words in models.schema.tables.values():
        if words.form_column and words.columns[words.form_column].references == table:
            yield words, words.columns[words.form_column]


def rows_below_of_others_are_left_alone(at: AtTheDoor, table: str) -> int:
    """A form that names a stored row of another parent, seen or not, does nothing to it; how often tried."""
    tried = 0
    for row, form in _own_forms(at, table):
        for words, key in tables_below(table):
            for each in (at.rows, at.hidden):
                strangers = [r for r in each(words.name) if r[key.name] != row["id"]][:1]
                for stranger, gone in ((s, gone) for s in strangers for gone in ("", "y")):
                    before = _stored(at, words.name, stranger["id"])
                    line = _line(words, stranger | {key.name: row["id"]})
                    line |= {f"{words.name}.{LINE}.row.key": str(stranger["id"])}
                    line |= {f"{words.name}.{LINE}.row.gone": gone} if gone else {}
                    at.post(f"/{table}/edit/?id={row['id']}", *ANY, echo=True, **(form | line))
                    assert _stored(at, words.name, stranger["id"]) == before, words.name
                    tried += 1
    return tried


def a_row_below_points_to_nothing_foreign(at: AtTheDoor, table: str) -> int:
    """A new row in a form names, in each of its references, a row that the person does not see; how often tried."""
    tried = 0
    for row, form in _own_forms(at, table):
        for words, key in tables_below(table):
            before = {stored.id for stored in at.stored(words.name)}
            for link in [link for link in at.links(words.name) if link.references]:
                for foreign in [r for r in at.hidden(link.target) if r["id"] != row["id"]][:1]:
                    values = _new(at, words, key, table, row) | {link.name: foreign["id"]}
                    at.post(
                        f"/{table}/edit/?id={row['id']}",
                        *ANY,
                        echo=True,
                        **(form | _line(words, values)),
                    )
                    added = [s for s in at.stored(words.name) if s.id not in before]
                    assert all(getattr(s, key.name) == row["id"] for s in added), words.name
                    if link != key and not link.is_carried:
                        assert foreign["id"] not in {getattr(s, link.name) for s in added}
                    before |= {s.id for s in added}
                    tried += 1
    return tried


def rows_below_are_written_with_their_parent(at: AtTheDoor, table: str) -> int:
    """How many rows own forms have added; in none of them a column that the line does not ask for."""
    added = 0
    for row, form in _own_forms(at, table):
        page = at.get(f"/{table}/edit/", id=row["id"])
        for words, key in tables_below(table):
            before = {stored.id for stored in at.stored(words.name)}
            line = _line(words, _new(at, words, key, table, row), every=True)
            at.post(f"/{table}/edit/?id={row['id']}", *ANY, echo=True, **(form | line))
            made = [s for s in at.stored(words.name) if s.id not in before]
            assert not made or scopes.may(at.actor, words.name, "create"), words.name
            asked = {n.split(".")[2] for n in controls_of(page) if n.startswith(f"{words.name}.")}
            given = {"id", key.name, *asked, getattr(place_column(words, key), "name", "")}
            for stored in made:
                assert getattr(stored, key.name) == row["id"]
                for column in columns(words.name):
                    if column.name not in given and not column.is_automatic:
                        assert getattr(stored, column.name) == column.default, column.name
            added += len(made)
    return added


def _own_forms(at: AtTheDoor, table: str) -> Iterator[tuple[Values, dict[str, str]]]:
    """Two own rows with what their forms send unchanged, without the lines: those are what is tried."""
    if not any(tables_below(table)):
        return
    own = [row for row in at.rows(table) if at.oracle.may("update", table, row)]
    for row in own[:2]:
        form = fields_of(at.get(f"/{table}/edit/", 200, 403, id=row["id"]))
        if form:
            below = tuple(f"{words.name}." for words, _ in tables_below(table))
            yield row, {n: text for n, text in form.items() if not n.startswith(below)}


def _new(at: AtTheDoor, words: Table, key: Column, table: str, row: Values) -> Values:
    """A valid new row below this one, on other rows that the person sees as far as there are any."""
    parents: dict[str, Values] = {}
    for link in at.links(words.name):
        known = {
            stored[link.name]
            for stored in at.world.rows[words.name]
            if stored[key.name] == row["id"]
        }
        free = [r for r in at.rows(link.target) if r["id"] not in known] or at.rows(link.target)
        parents |= {link.target: free[0]} if free else {}
    return linked_row(words, LINE, "新增", parents | {table: row})


def _line(words: Table, values: Values, *, every: bool = False) -> dict[str, str]:
    """What a line sends of a row; ``every``: also for columns that it has no field for."""
    sent = {c.name: as_text(values.get(c.name)) for c in columns(words.name) if not c.is_key}
    if every:
        sent |= {
            c.name: "2024-04-11" for c in columns(words.name) if c.comes_later and c.kind == "date"
        }
    return {f"{words.name}.{LINE}.{name}": text for name, text in sent.items()}


def _stored(at: AtTheDoor, table: str, key: int) -> Any:
    return next((row for row in at.stored(table) if row.id == key), None)
