"""The doors through which rows of a table are seen: each takes a visitor and a table, tries, and asserts on rows.

Nothing here names a table: a new one is tried as it is.
"""

import json
from collections.abc import Iterator
from typing import Any

from domain import models
from domain.access import scopes
from tests.ground.doors.visitor import GROWING, AtTheDoor, columns
from tests.ground.rows import Values
from tests.ground.world import CORNERS, cells_in

TABLES = tuple(models.schema.tables)
TRIED = ("own", "partner", "lead", "foreign", "heir")


def rows_to_try(at: AtTheDoor, table: str) -> list[Values]:
    """One row of each corner that matters."""
    firsts = [at.world.of(table, corner)[:1] for corner in CORNERS if corner in TRIED]
    return [row for found in firsts for row in found]


def a_list_shows_exactly_the_visible_rows(at: AtTheDoor, table: str) -> None:
    every = ",".join(name for name in _readable(at, table))
    text = at.get(f"/{table}/", size=200, columns=every)
    assert at.listed(text, table) == at.visible(table)


def _readable(at: AtTheDoor, table: str) -> list[str]:
    hidden = scopes.hidden_columns(at.actor, table)
    return [c.name for c in columns(table) if c.name not in hidden]


def a_count_counts_the_visible_rows(at: AtTheDoor, table: str) -> None:
    counted = at.client.get(f"/{table}/count/").json["text"]
    number = int("".join(sign for sign in counted if sign.isdigit()))
    seen = len(at.visible(table))
    assert number == seen or (table in GROWING and number > seen)


def a_search_finds_nothing_foreign(at: AtTheDoor, table: str) -> None:
    """Neither a foreign row, nor an own one by what a foreign parent or a hidden column says."""
    for words in at.secrets(table):
        _, found = at.rows_listed(table, echo=True, q=words)
        assert found == set(), words
    for words in at.secrets(table)[:1]:
        assert at.client.get(f"/{table}/count/?q={words}").json["text"] == "共 0 条"


def a_search_finds_what_is_ones_own(at: AtTheDoor, table: str) -> None:
    """Else the door above would be shut for everybody."""
    searched = [c.name for c in columns(table) if c.is_searched and c.name in _readable(at, table)]
    for row in at.rows(table)[:1]:
        for name in [n for n in searched if "〔" in str(row[n])][:1]:
            assert at.listed(at.get(f"/{table}/", q=row[name]), table) == {row["id"]}


def a_filter_finds_nothing_foreign(at: AtTheDoor, table: str) -> None:
    """By a column of every kind of a foreign row, and one step further by the words of each of its parents."""
    for row in at.hidden(table)[:1]:
        for name, value in _questions(at, table, row):
            _, found = at.rows_listed(table, echo=True, **{name: value})
            assert found <= at.visible(table), name


def _questions(at: AtTheDoor, table: str, row: Values) -> Iterator[tuple[str, Any]]:
    asked = {"data", "key"}
    for column in columns(table):
        value = row[column.name]
        if value is None or column.kind in asked:
            continue
        if not column.references:
            asked.add(column.kind)
        is_ordered = column.kind in ("date", "instant", "whole number", "number")
        yield (f"{column.name}.from" if is_ordered else column.name), value
        if column.references:
            yield from list(_about(at, column.name, column.references, value))[:1]


def _about(at: AtTheDoor, link: str, parents: str, key: int) -> Iterator[tuple[str, Any]]:
    """Questions about a linked row, by the texts that stand in it."""
    parent = at.world.row(parents, key)
    for column in columns(parents):
        if "〔" in str(parent[column.name]) and column.kind != "data":
            yield f"{link.removesuffix('_id')}.{column.name}", parent[column.name]


def a_foreign_parent_answers_no_question(at: AtTheDoor, table: str) -> None:
    """An own row is not found by what stands in a parent that the person does not see."""
    for link in at.links(table):
        for row in at.rows(table):
            key = row[link.name]
            if key is None or key in at.visible(link.references or ""):
                continue
            for name, value in _about(at, link.name, link.references or "", key):
                _, found = at.rows_listed(table, echo=True, **{name: value})
                assert found == set(), name
            break


def what_hangs_on_a_row_is_asked_in_scope(at: AtTheDoor, table: str) -> None:
    """Rows with, and without, anything that the person sees below them; a foreign row below counts for nothing."""
    for below in TABLES:
        links = [link.name for link in at.links(below) if link.references == table]
        if len(links) != 1 or below in GROWING:
            continue
        with_some = {row[links[0]] for row in at.rows(below)} & at.visible(table)
        for empty, expected in (("0", with_some), ("1", at.visible(table) - with_some)):
            text, found = at.rows_listed(table, **{f"{below}.empty": empty})
            is_refused = "这项筛选" in text
            assert found == (set() if is_refused else expected), (below, empty)


def what_the_rows_below_refer_to_is_asked_in_scope(at: AtTheDoor, table: str) -> None:
    """Rows below which the person sees one that names the row asked for; a foreign row below counts for nothing."""
    for below in TABLES:
        keys = [link.name for link in at.links(below) if link.references == table]
        if len(keys) != 1 or below in GROWING:
            continue
        for link in at.links(below):
            tried = (*at.rows(below)[:1], *at.hidden(below)[:1])
            for named in {row[link.name] for row in tried} - {None}:
                text, found = at.rows_listed(table, **{f"{below}.{link.name}": named})
                seen = {row[keys[0]] for row in at.rows(below) if row[link.name] == named}
                is_refused = "这项筛选" in text or "没有编号为" in text
                expected = set() if is_refused else seen & at.visible(table)
                assert found == expected, (below, link.name)


def a_hidden_column_answers_no_question(at: AtTheDoor, table: str) -> None:
    """Sorting by it, filtering by it or asking for it is refused: there is no oracle."""
    for name in scopes.hidden_columns(at.actor, table):
        value = at.world.rows[table][0][name]
        for asked in (
            {name: value or 1},
            {f"{name}.empty": "1"},
            {"sort": name},
            {"columns": name},
        ):
            for door in (f"/{table}/", f"/{table}/count/", f"/exports/list/{table}"):
                at.get(door, 400, echo=True, **asked)


def no_order_comes_from_another_table(at: AtTheDoor, table: str) -> None:
    """A list is ordered by its own columns; a foreign parent cannot show where its name stands."""
    for link in at.links(table):
        parent = columns(link.references or "")[1]
        at.get(f"/{table}/", 400, sort=f"-{link.name.removesuffix('_id')}.{parent.name}")
    if at.hidden(table):
        own = [
            name
            for name in _readable(at, table)
            if not models.schema.tables[table].columns[name].references
        ]
        for name in own[-2:]:
            _, found = at.rows_listed(table, sort=f"-{name}")
            assert found in (at.visible(table), set())


def details_open_for_the_visible_rows_alone(at: AtTheDoor, table: str) -> None:
    """With all that hangs on the row: its children, files and history."""
    for row in rows_to_try(at, table):
        at.get(f"/{table}/details/", 200 if row["id"] in at.visible(table) else 404, id=row["id"])


def a_picker_offers_the_visible_rows_alone(at: AtTheDoor, table: str) -> None:
    for link in at.links(table):
        parent = link.references or ""
        unseen = [str(v) for row in at.hidden(parent)[:1] for v in row.values() if "〔" in str(v)]
        for asked in ("", *unseen[:1]):
            answer = at.client.get(
                f"/{table}/ajax/lookup/", query_string={"name": link.name, "query": asked}
            )
            told = json.dumps(answer.json, ensure_ascii=False)
            assert answer.status_code == 200 and not at.leaks(told), (link.name, told)
            known = {row["id"] for row in at.world.rows[parent]}
            offered = {int(found["id"]) for found in answer.json} & known
            assert offered <= (set() if asked else at.visible(parent)), (link.name, told)
    for name in scopes.hidden_columns(at.actor, table):
        at.get(f"/{table}/ajax/lookup/", 404, name=name)


def an_export_holds_the_visible_rows_alone(at: AtTheDoor, table: str) -> None:
    every = ",".join(_readable(at, table))
    told = cells_in(at.get(f"/exports/list/{table}", columns=every))
    texts = {cell for cell in _cells_of(at, table) if cell[2] in _readable(at, table)}
    assert {cell for cell in told if cell[0] == table} >= texts
    for words in at.secrets(table)[:2]:
        told = cells_in(at.get(f"/exports/list/{table}", 200, 400, echo=True, q=words))
        said = told - cells_in(words)  # the file says what was asked
        assert {cell for cell in said if cell[0] == table} <= texts


def listed_cells(at: AtTheDoor, table: str) -> set[tuple[str, int, str]]:
    """The marked texts that the list of a table shows of the rows that the person sees."""
    listed = models.schema.tables[table].listed
    return {
        cell
        for cell in _cells_of(at, table)
        if cell[2] in listed and cell[2] in _readable(at, table)
    }


def _cells_of(at: AtTheDoor, table: str) -> set[tuple[str, int, str]]:
    """The marked texts of the rows that the person sees."""
    return {
        cell
        for row in at.rows(table)
        for name, value in row.items()
        if isinstance(value, str)
        for cell in cells_in(value)
        if cell[0] == table and cell[2] == name
    }


def a_table_of_others_is_not_there(at: AtTheDoor, table: str) -> None:
    """For a role that reads none of its rows every door of the table is shut."""
    key = at.world.rows[table][0]["id"]
    for path in (
        "",
        "count/",
        f"details/?id={key}",
        f"edit/?id={key}",
        "new/",
        f"delete/?id={key}",
    ):
        at.get(f"/{table}/{path}", 403, 404)
    for path in ("new/", f"edit/?id={key}", f"delete/?id={key}", "action/"):
        at.post(f"/{table}/{path}", 403, 404, confirmed="1", action="delete", rowid=key)
    for column in columns(table):
        if column.references:
            at.get(f"/{table}/ajax/lookup/", 403, 404, name=column.name)
    at.get(f"/exports/list/{table}", 403, 404)
    at.post(f"/exports/list/{table}", 403, 404)


DOORS = (
    a_list_shows_exactly_the_visible_rows,
    a_count_counts_the_visible_rows,
    a_search_finds_nothing_foreign,
    a_search_finds_what_is_ones_own,
    a_filter_finds_nothing_foreign,
    a_foreign_parent_answers_no_question,
    what_hangs_on_a_row_is_asked_in_scope,
    what_the_rows_below_refer_to_is_asked_in_scope,
    a_hidden_column_answers_no_question,
    no_order_comes_from_another_table,
    details_open_for_the_visible_rows_alone,
    a_picker_offers_the_visible_rows_alone,
    an_export_holds_the_visible_rows_alone,
)
