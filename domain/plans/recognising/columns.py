"""Which column is what: the words of its header weighed against the cells under it. One meaning per column."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from domain.plans.recognising import vocabulary
from domain.plans.recognising.fits import has_role_word, is_date, is_plan_title, share
from domain.plans.recognising.units import UnitBook
from domain.sheets.grid import Cell
from domain.sheets.merges import Merged
from domain.texts.text import clean, is_blank

SAMPLE = 60
_ENOUGH = 0.6
_CLEAR = 60
TITLES = "标题"
"""What a column holds that is not read and may be of other items."""


def samples(merged: Merged, first: int, last: int) -> list[list[Cell]]:
    """Per column up to SAMPLE filled cells, from rows that have at least three filled ones (no notes, no totals)."""
    found: list[list[Cell]] = [[] for _ in range(merged.grid.width)]
    taken = 0
    for row in range(first, last):
        line = merged.grid.cells[row]
        if sum(value != "" for value in line) < 3:
            continue
        for column, value in enumerate(line):
            if value != "" and not (isinstance(value, str) and is_blank(value)):
                found[column].append(value)
        taken += 1
        if taken >= SAMPLE:
            break
    return found


def second_block(paths: Sequence[tuple[str, ...]]) -> int | None:
    """Where a second table with the same headers stands beside the first; None if none does."""
    again = [
        index
        for index, path in enumerate(paths)
        if path and path in paths[: max(0, index - 1)] and path != paths[index - 1]
    ]
    named = {found[0] for index in again if (found := vocabulary.of_path(paths[index]))}
    is_block = "title" in named and named & {"number", *vocabulary.UNIT_COLUMNS}
    return again[0] if is_block else None


def choose(
    paths: Sequence[tuple[str, ...]], cells: Sequence[Sequence[Cell]], book: UnitBook
) -> dict[int, tuple[str, int]]:
    """Column -> (canonical, score 0-100). The surest column takes its meaning first; few may share one."""
    proposals = [
        (score, index, name)
        for index, path in enumerate(paths)
        for name, score in _weighed(vocabulary.of_path(path), cells[index], book).items()
    ]
    chosen: dict[int, tuple[str, int]] = {}
    taken: dict[str, int] = {}
    for score, index, name in sorted(proposals, key=lambda p: (-p[0], p[1])):
        if index in chosen or score < 30:
            continue
        first = taken.setdefault(name, index)
        if first == index or name in vocabulary.REPEATABLE or _are_parts(name, paths, first, index):
            chosen[index] = (name, score)
    _settle_units(chosen, cells)
    _add_by_content(chosen, paths, cells, book)
    return chosen


def _are_parts(name: str, paths: Sequence[tuple[str, ...]], one: int, other: int) -> bool:
    """Whether two columns of units divide one header: 区直部门 and 镇街 under 主办单位."""
    first, second = paths[one], paths[other]
    same = min(len(first), len(second)) > 1 and first[0] == second[0]
    return same and name in vocabulary.UNIT_COLUMNS


def choose_seen(
    paths: Sequence[tuple[str, ...]],
    cells: Sequence[Sequence[Cell]],
    book: UnitBook,
    hidden: Collection[int],
) -> dict[int, tuple[str, int]]:
    """As `choose`; a hidden column means nothing that one which people see means, too."""
    if not hidden:
        return choose(paths, cells, book)

    def of(is_hidden: bool) -> dict[int, tuple[str, int]]:
        mine = [(index in hidden) == is_hidden for index in range(len(paths))]
        own_paths = [path if own else () for path, own in zip(paths, mine, strict=True)]
        own_cells = [values if own else [] for values, own in zip(cells, mine, strict=True)]
        return choose(own_paths, own_cells, book)

    seen = of(False)
    taken = {_MAIN_UNIT.get(name, name) for name, _ in seen.values()}
    also = {i: one for i, one in of(True).items() if _MAIN_UNIT.get(one[0], one[0]) not in taken}
    return seen | also


_MAIN_UNIT = dict.fromkeys(("unit", "each_unit"), "lead_unit")


@dataclass(frozen=True)
class Unread:
    """A column that is not read although its cells look like something of a plan: 标题, 单位 or 日期."""

    index: int
    label: str
    holds: str
    sample: str


def look_unread(
    paths: Sequence[tuple[str, ...]],
    cells: Sequence[Sequence[Cell]],
    chosen: Collection[int],
    book: UnitBook,
) -> tuple[Unread, ...]:
    """The columns beside the chosen ones that a person should look at: the words do not say what they are, the
    cells do."""
    return tuple(
        Unread(index, "/".join(path), holds, clean(cells[index][0])[:40])
        for index, path in enumerate(paths)
        if index not in chosen and len(cells[index]) >= 2 and not _is_explained(path)
        if (holds := _holds(cells[index], book))
    )


def _is_explained(path: tuple[str, ...]) -> bool:
    """Whether the words of a header say that the column is another matter: 答复日期, 交办单位."""
    if any(vocabulary.is_of_other_things(vocabulary.tidy_label(label)) for label in path):
        return True
    words = vocabulary.of_path(path)
    return words is not None and words[1] < _CLEAR


def _holds(cells: Sequence[Cell], book: UnitBook) -> str:
    enough = _ENOUGH * len(cells)
    if sum(isinstance(v, str) and is_plan_title(clean(v)) for v in cells) >= enough:
        return TITLES
    if sum(len(book.find(clean(value))) == 1 for value in cells) >= enough:
        return "单位"
    written = [v for v in cells if isinstance(v, str | datetime.date)]
    return "日期" if sum(map(is_date, written)) >= enough else ""


def _weighed(
    words: tuple[str, int] | None, cells: Sequence[Cell], book: UnitBook
) -> dict[str, int]:
    """What a header may mean, each with its score after a look at the cells: words 60 %, cells 40 %."""
    if words is None:
        return {}
    name, score = words
    found = {name: score} | dict.fromkeys(_ALSO.get(name, ()), score - 5)
    if not cells:
        return {name: score}
    return {
        other: _blend(other, points, share(other, cells, book)) for other, points in found.items()
    }


_FIRM = frozenset(
    ("number", "title", "lead", "joint", "due_on", "merged_into", *vocabulary.UNIT_COLUMNS)
)
"""Columns that stay what clear words say even if every cell under them is wrong: each cell then says so."""


def _blend(name: str, words: int, share: float) -> int:
    if words >= 85 and name in _FIRM:
        return round(words * (0.6 + 0.4 * share))
    return round(words * (0.2 + 0.8 * share))


_ALSO: Mapping[str, tuple[str, ...]] = {
    "category": ("kind",),
    "kind": ("category", "is_key"),
}


def _settle_units(chosen: dict[int, tuple[str, int]], cells: Sequence[Sequence[Cell]]) -> None:
    """承办单位 beside 协办单位, or without a role word in any cell, is the main unit; beside 主办单位 it is neither."""
    names = {name for name, _ in chosen.values()}
    for index, (name, score) in list(chosen.items()):
        if name != "unit":
            continue
        if "lead_unit" in names:
            del chosen[index]
        elif names & {"co_unit", "each_unit"} or not any(map(has_role_word, cells[index])):
            chosen[index] = ("lead_unit", score)


def _add_by_content(
    chosen: dict[int, tuple[str, int]],
    paths: Sequence[tuple[str, ...]],
    cells: Sequence[Sequence[Cell]],
    book: UnitBook,
) -> None:
    """A title or unit column whose header says nothing known is still found by its cells, with a low score."""
    names = {name for name, _ in chosen.values()}
    free = [index for index in range(len(paths)) if index not in chosen and len(cells[index]) >= 2]
    if "title" not in names:
        shares = {
            index: sum(is_plan_title(clean(v)) for v in cells[index]) / len(cells[index])
            for index in free
        }
        _take_best(chosen, "title", shares)
    if not names & set(vocabulary.UNIT_COLUMNS):
        known = {
            i: sum(bool(book.find(clean(v))) for v in cells[i]) / len(cells[i])
            for i in free
            if i not in chosen
        }
        _take_best(chosen, "unit", known)


def _take_best(chosen: dict[int, tuple[str, int]], name: str, shares: Mapping[int, float]) -> None:
    best = max(shares, key=lambda index: shares[index], default=None)
    if best is not None and shares[best] >= _ENOUGH:
        chosen[best] = (name, round(55 * shares[best]))
