"""One row in full, with the rows of other tables that hang on it: the first few of each, and where the rest is."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import current_app, request, url_for

from admin.frame.links import Link
from admin.tables.acts.offering import offered_beside
from admin.tables.additions import additions
from admin.tables.cells import Cell
from admin.tables.desk import Desk
from admin.tables.drawing import draw_cell, draw_rows, draw_side, names, without_name
from admin.tables.finding import paging
from admin.tables.finding.addresses import LIST
from admin.tables.keeping import keeping, why_it_stays
from admin.tables.list.neighbours import find_neighbours
from admin.tables.screens import Children, DetailsPage, Fact, Section
from domain import models
from domain.exports.data_words import tell
from domain.lifecycle.acts.register import acts_of
from domain.lifecycle.judging import judge
from domain.saving.hanging import filled_below
from domain.schema.file import Column
from domain.side_columns.offered import beside
from domain.side_columns.values import read_sides
from domain.storing.write_rules import is_kept_off

FIRST_CHILDREN = 20
BADGES = 4


def draw_details(desk: Desk, row: models.Row, today: date) -> DetailsPage:
    """The page of a row that the person may see."""
    name = desk.words.name
    draw_whole = additions(current_app).wholes.get(name)
    standings = judge(desk.session, acts_of(desk.actor, name), [row.id]).get(row.id, {})
    kept = keeping(desk, row, standings)
    placed = find_neighbours(desk, row, request.args.get(LIST))
    whole = draw_whole(desk, row) if draw_whole else None
    told = whole.tells if whole else frozenset[str]()
    children = tuple(_children(desk, row, today, told))
    may_go = desk.may_on("delete", row)
    why_held = why_it_stays(desk, row) if may_go else ""
    telling = tell(desk.session, [row], desk.offered)
    facts = [
        (column, draw_cell(desk, column, row, today, telling))
        for column in desk.offered
        if not column.is_key and not (whole and column.name in whole.told_columns)
    ]
    asides = beside(desk.shown.values())
    held = read_sides(desk.session, asides, [row.id], today)
    drawn = [(side, draw_side(desk, side, held[side.name].get(row.id), today)) for side in asides]
    return DetailsPage(
        row_id=row.id,
        title=names(desk, [row])[row.id],
        table_label=desk.words.label,
        list_url=placed.list_url if placed else url_for(f"{name}.index_view"),
        beside=placed,
        facts=tuple(
            sorted(
                (_fact(column, cell) for column, cell in (*facts, *drawn) if cell.text),
                key=lambda fact: fact.is_wide,
            )
        ),
        unfilled=tuple(column.label for column, cell in facts if not cell.text),
        badges=tuple(_badges(cell for _, cell in facts)),
        children=tuple(child for child in children if child.sheet.rows),
        missing=tuple(
            Link(child.title, child.new_url, "plus")
            for child in children
            if not child.sheet.rows and child.new_url
        ),
        acts=offered_beside(desk, row, standings),
        edit_url=url_for(f"{name}.edit_view", id=row.id)
        if desk.keeping(kept.columns).writable and desk.may_on("update", row)
        else None,
        notes=kept.sentences,
        delete_url=url_for(f"{name}.delete_view", id=row.id) if may_go and not why_held else None,
        why_held=why_held,
        told=tuple(_told(desk, row, today)),
        links=tuple(link for make in additions(current_app).row_links if (link := make(desk, row))),
        sections=tuple(_sections(desk, row)),
        above=whole.above if whole else None,
        below=whole.below if whole else None,
    )


def _told(desk: Desk, row: models.Row, today: date) -> Iterator[Fact]:
    """What the rows that it refers to say besides (附看), as far as they are the reader's to see."""
    for link, name in desk.words.told:
        other = desk.beside(desk.words.columns[f"{link}_id"].target)
        column, key = other.readable.get(name), getattr(row, f"{link}_id")
        above = desk.linked(desk.words.columns[f"{link}_id"], key) if column and key else None
        telling = tell(desk.session, [above] if above else [], [column] if column else [])
        cell = draw_cell(other, column, above, today, telling) if column and above else None
        if column and cell and cell.text:
            yield Fact(f"{other.words.label}的{column.label}", column.help, cell, is_wide=True)


def child_keys(desk: Desk) -> Iterator[tuple[Desk, Column]]:
    """The tables that hang on this one and that the person may see, each with the column that points here."""
    for words in models.schema.tables.values():
        child = desk.beside(words.name)
        for column in words.columns.values():
            if (
                column.references == desk.words.name
                and column.name in child.readable
                and child.may("read")
            ):
                yield child, column


def _fact(column: Column, cell: Cell) -> Fact:
    is_wide = cell.kind in ("long", "data") or len(cell.text) > 60
    return Fact(column.label, column.help, cell, is_wide)


def _badges(cells: Iterator[Cell]) -> Iterator[Cell]:
    """The first few words with a colour, shown beside the name."""
    yield from [cell for cell in cells if cell.kind == "chip" and cell.tone][:BADGES]


def _children(desk: Desk, row: models.Row, today: date, told: frozenset[str]) -> Iterator[Children]:
    filled = filled_below(desk.session.unchecked_connection(), desk.words.name, row.id)
    for child, column in _hanging(desk):
        if child.words.name not in additions(current_app).sections.keys() | told:
            is_filled = (child.words.name, column.name) in filled
            yield _draw_children(child, column, row, today, is_filled=is_filled)


def _sections(desk: Desk, row: models.Row) -> Iterator[Section]:
    """What other modules draw below the row."""
    for child, column in _hanging(desk):
        draw = additions(current_app).sections.get(child.words.name)
        if draw and (section := draw(child, column, row)):
            yield section


def _hanging(desk: Desk) -> Iterator[tuple[Desk, Column]]:
    """As child_keys, without who signed or recorded a row: that is not what hangs on that person."""
    for child, column in child_keys(desk):
        if not column.is_automatic or column.is_carried:
            yield child, column


def title_of(child: Desk, column: Column) -> str:
    """What hangs here; where it may hang in more than one way, which way it is."""
    keys = [
        c
        for c in child.words.columns.values()
        if c.references == column.references and not c.is_automatic
    ]
    is_plain = len(keys) <= 1 and column.references != child.words.name
    return child.words.label if is_plain else f"{child.words.label}（{column.label}）"


def _draw_children(
    child: Desk, column: Column, row: models.Row, today: date, *, is_filled: bool
) -> Children:
    shown = tuple(c for c in child.listed if c.name != column.name)
    rows, counted = _first_children(child, column, row, shown) if is_filled else ([], 0)
    place: dict[str, Any] = {column.name: row.id}
    is_possible = column in child.writable and child.may("create")
    may_add = is_possible and not is_kept_off(child.words.name, row)
    return Children(
        title=title_of(child, column),
        count_text=paging.say_count(counted) if counted else "",
        sheet=without_name(str(row), draw_rows(child, shown, rows, today)),
        more_url=url_for(f"{child.words.name}.index_view", **place)
        if counted > FIRST_CHILDREN
        else None,
        new_url=url_for(f"{child.words.name}.create_view", **place) if may_add else None,
    )


def _first_children(
    child: Desk, column: Column, row: models.Row, shown: tuple[Column, ...]
) -> tuple[list[models.Row], int]:
    """The first rows that hang here, and how many there are; counted only where there are more."""
    hangs_here = getattr(child.model, column.name) == row.id
    query = child.query_for(shown).where(hangs_here).order_by(*child.order().clauses())
    rows = list(child.session.scalars(query.limit(FIRST_CHILDREN + 1)))
    if len(rows) <= FIRST_CHILDREN:
        return rows, len(rows)
    counted = paging.count_capped(child.session, child.query().where(hangs_here), child.model.id)
    return rows[:FIRST_CHILDREN], counted
