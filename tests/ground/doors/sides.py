"""What a side column holds for a row, told once more in plain Python over the rows of the world; and the doors to it.

Independent of domain/side_columns: rows are followed one by one, as far as the person sees them.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from domain import models
from domain.access import scopes
from domain.schema.columns import Demand, SideColumn
from tests.ground.doors.visitor import AtTheDoor
from tests.ground.rows import Values
from tests.ground.world import now

Sees = Callable[[str], list[Values]]
"""The rows of a table that somebody sees."""
_NOT_YOURS = "（不在您的范围内）"
_TRIED = 3


def offered(at: AtTheDoor, table: str) -> list[SideColumn]:
    """The side columns of a table of which the person may meet every table and column on the way."""
    return [side for side in models.schema.tables[table].sides.values() if _is_open(at, side)]


def _is_open(at: AtTheDoor, side: SideColumn) -> bool:
    tables = [hop.table for hop in side.hops] + ([side.references] if side.references else [])
    here, read = side.table, [(side.hops[-1].table, side.source.name)]
    for hop in side.hops:
        read.append((hop.table if hop.goes_down else here, hop.key))
        here = hop.table
    read += [(side.hops[d.hop].table, d.column) for d in side.demands]
    hidden = any(name in scopes.hidden_columns(at.actor, table) for table, name in read)
    return all(at.reads(table) for table in tables) and not hidden


def held(sees: Sees, side: SideColumn, row: Values) -> list[Any]:
    """The values that the side column is made of for a row, in their order: the first alone where one is taken."""
    paths: list[list[Values]] = [[row]]
    for hop in side.hops:
        if hop.goes_down:
            paths = [[*p, r] for p in paths for r in sees(hop.table) if r[hop.key] == p[-1]["id"]]
        else:
            paths = [[*p, r] for p in paths for r in sees(hop.table) if r["id"] == p[-1][hop.key]]
    kept = [path[1:] for path in paths if all(_meets(path[1:], d) for d in side.demands)]
    kept = [path for path in kept if path[-1][side.source.name] not in (None, "")]
    values = [path[-1][side.source.name] for path in _ordered(side, kept)]
    match side.taking:
        case "最早" | "最晚":
            return [min(values) if side.taking == "最早" else max(values)] if values else []
        case "已过":
            past = [value for value in values if value < now().date()]
            return [(now().date() - min(past)).days] if past else []
        case "首个" | "末个":
            return values[:1] if side.taking == "首个" else values[-1:]
    return list(dict.fromkeys(values))


def _meets(path: list[Values], demand: Demand) -> bool:
    value = path[demand.hop][demand.column]
    holds = value in (None, "") if not demand.words else value in demand.words
    return holds == demand.is_met_by


def _ordered(side: SideColumn, paths: list[list[Values]]) -> list[list[Values]]:
    place = max((n for n, hop in enumerate(side.hops) if hop.goes_down), default=len(side.hops) - 1)
    words = models.schema.tables[side.hops[place].table]
    steps = [("id", False), *((step.column, step.descending) for step in reversed(words.order))]
    if not words.order and "position" in words.columns:
        steps.append(("position", False))
    if words.order:
        steps[0] = ("id", words.order[-1].descending)
    if side.ordered_by:
        steps = [("id", False), (side.ordered_by, False)]
    for name, descending in steps:
        choices = words.columns[name].choices
        paths = sorted(
            paths,
            key=lambda path: choices.index(path[place][name]) if choices else path[place][name],
            reverse=descending,
        )
    return paths


def said(at: AtTheDoor, side: SideColumn, values: list[Any]) -> str:
    """The same as a person reads it."""
    if not side.references:
        return "、".join(map(str, values))
    target = models.schema.tables[side.references]
    names = [
        target.short_format.format_map(at.world.row(target.name, key))
        if key in at.visible(target.name)
        else _NOT_YOURS
        for key in values
    ]
    return "、".join(dict.fromkeys(names))


def a_side_column_says_what_the_reader_sees(at: AtTheDoor, table: str) -> None:
    """In the list and in the export alike."""
    sides = offered(at, table)
    if not sides:
        return
    expected = {
        row["id"]: [said(at, side, held(at.rows, side, row)) for side in sides]
        for row in at.rows(table)
    }
    asked = ",".join(["id", *(side.name for side in sides)])
    page = at.get(f"/{table}/", size=200, columns=asked)
    assert dict(_cells_of_page(page)) == expected
    file = at.client.get(f"/exports/list/{table}", query_string={"columns": asked})
    assert dict(_cells_of_file(file.get_data())) == expected
    for key in list(expected)[:1]:
        at.get(f"/{table}/details/", id=key)


def _cells_of_page(page: str) -> Iterator[tuple[int, list[str]]]:
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.S)
    for line in re.findall(r"<tr>(.*?)</tr>", body[1], re.S) if body else []:
        cells = [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r'<td class="as-[^>]*>(.*?)</td>', line, re.S)
        ]
        yield int(cells[0]), ["" if cell == "—" else cell for cell in cells[1:]]


def _cells_of_file(data: bytes) -> Iterator[tuple[int, list[str]]]:
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    for key, *cells in sheet.iter_rows(min_row=4, values_only=True):
        yield int(str(key)), [_plain(cell) for cell in cells]


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.date().isoformat() if hasattr(cell, "date") else str(cell)


def a_side_column_is_asked_in_scope(at: AtTheDoor, table: str) -> None:
    """Rows by what the person sees beside them; a foreign row beside one counts for nothing, however it is asked."""
    for side in offered(at, table):
        seen = {row["id"]: held(at.rows, side, row) for row in at.rows(table)}
        for name, value, meets in _questions(at, side, table):
            text, found = at.rows_listed(table, echo=True, **{name: value})
            refused = "没有编号为" in text
            assert not refused or value not in at.visible(side.references or ""), (name, value)
            expected = set() if refused else {key for key, values in seen.items() if meets(values)}
            assert found == expected, (name, value)


def _questions(
    at: AtTheDoor, side: SideColumn, table: str
) -> Iterator[tuple[str, Any, Callable[[list[Any]], bool]]]:
    """What stands beside rows of the world, whoever may see it: the name and value of a filter, and what it means."""
    every = (v for row in at.world.rows[table] for v in held(at.world.rows.__getitem__, side, row))
    own = (value for row in at.rows(table) for value in held(at.rows, side, row))
    for value in [*dict.fromkeys(every)][:_TRIED] + [*dict.fromkeys(own)][-1:]:
        yield from _about(side, value)
    yield f"{side.name}.empty", "1", lambda values: not values
    yield f"{side.name}.empty", "0", bool


def _about(side: SideColumn, value: Any) -> Iterator[tuple[str, Any, Callable[[list[Any]], bool]]]:
    if isinstance(value, int | date) and not side.references:
        yield f"{side.name}.from", value, lambda values: any(one >= value for one in values)
        yield f"{side.name}.to", value, lambda values: any(one <= value for one in values)
    elif side.kind == "text":
        yield side.name, value, lambda values: any(value in one for one in values)
    else:
        yield side.name, value, lambda values: value in values
        yield f"{side.name}.not", value, lambda values: value not in values


def a_side_column_of_others_is_not_there(at: AtTheDoor, table: str) -> None:
    """One that is not the person's is refused however its name is typed; no list is ordered by one."""
    mine = {side.name for side in offered(at, table)}
    for name in models.schema.tables[table].sides:
        asked: list[dict[str, Any]] = [{"sort": name}, {"sort": f"-{name}"}]
        if name not in mine:
            asked += [{"columns": name}, {name: "1"}, {f"{name}.from": "1"}, {f"{name}.empty": "1"}]
        for question in asked:
            for door in (f"/{table}/", f"/{table}/count/", f"/exports/list/{table}"):
                at.get(door, 400, echo=True, **question)


SIDE_DOORS = (
    a_side_column_says_what_the_reader_sees,
    a_side_column_is_asked_in_scope,
    a_side_column_of_others_is_not_there,
)
