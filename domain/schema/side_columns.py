"""Reads the notes 旁列 above a table: columns that its list shows of other tables, each with the way to its values.

A note is read where it stands (``read_note``) and understood once all tables are known (``understand``). What such a
column holds for a row is domain/side_columns' to find.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.schema.columns import DAYS, FIRST, LAST, PAST, TAKINGS, Column, Demand, Hop, SideColumn
from domain.schema.faults import FIELDS, QUESTIONS, ROW
from domain.schema.words import Table

_NOTE = re.compile(r"(\w+) (\S+) = ([\w.]+)((?: \[[^\]]*\])*)(?: ([^\s\[\]]+)(?: (\w+))?)?")
_DEMAND = re.compile(r"\[([\w.]+)(=|<>)([^\]=<>]+)\]")
_EMPTY = "空"
_FLAGS = ("是", "否")
_UNSHOWN = frozenset({"key", "data"})


@dataclass(frozen=True)
class SideNote:
    """A note as it is written, in its parts."""

    name: str
    label: str
    way: tuple[str, ...]
    demands: tuple[str, ...]
    taking: str
    ordered_by: str
    help: str


def read_note(words: str) -> SideNote:
    """The note behind 「旁列：」. Raises ValueError where it is written in another way."""
    said, _, told = words.partition("：")
    found = _NOTE.fullmatch(said.strip())
    if not found:
        raise ValueError(
            "旁列写成 -- 旁列：名称 标签 = 路径 [条件] 取法：说明，"
            "如 lead_units 主办单位 = assignments.unit_id [role=主办] 全部。"
        )
    name, label, way, demands, taking, ordered_by = found.groups()
    if (taking or TAKINGS[0]) not in TAKINGS:
        raise ValueError(f"旁列 {name} 的取法没有“{taking}”，有 {'、'.join(TAKINGS)}。")
    return SideNote(
        name=name,
        label=label,
        way=tuple(way.split(".")),
        demands=tuple(re.findall(r"\[[^\]]*\]", demands)),
        taking=taking or TAKINGS[0],
        ordered_by=ordered_by or "",
        help=told.strip(),
    )


def understand(note: SideNote, table: Table, tables: Mapping[str, Table]) -> SideColumn:
    """The side column that the note means. Raises ValueError on what ``tables`` do not have."""
    _check_name(note, table, tables)
    *way, last = note.way
    hops = tuple(_hops(note, way, table, tables))
    end = tables[hops[-1].table] if hops else table
    source = _shown(note, end, last)
    if not hops:
        raise ValueError(f"旁列 {note.name} 的路径 {last} 就是这张表的字段，不必写成旁列。")
    side = SideColumn(
        name=note.name,
        sql_type="INTEGER" if note.taking == PAST else source.sql_type,
        label=note.label,
        help=note.help,
        is_required=False,
        default=None,
        choices=source.choices,
        references=source.references,
        table=table.name,
        hops=hops,
        demands=tuple(_demand(note, said, hops, tables) for said in note.demands),
        source=source,
        taking=note.taking,
        ordered_by=note.ordered_by,
    )
    _check_taking(side, tables)
    return side


def _check_name(note: SideNote, table: Table, tables: Mapping[str, Table]) -> None:
    """Hold the name and the label against what the list and its address have besides."""
    name = note.name
    if not (name.isascii() and name == name.lower() and name[0].isalpha()):
        raise ValueError(f"旁列的名称 {name} 只能用小写英文字母、数字和下划线，以字母开头。")
    if name in QUESTIONS | FIELDS | ROW | set(tables):
        raise ValueError(f"旁列的名称 {name} 程序自己要用，请换一个名称。")
    if name in table.columns or name in table.sides:
        raise ValueError(f"旁列 {name} 和这张表的一个字段或另一个旁列同名，请换一个名称。")
    beside = [*table.columns.values(), *table.sides.values()]
    if first := next((c.name for c in beside if c.label == note.label), ""):
        raise ValueError(f"旁列 {name} 和 {first} 都叫“{note.label}”，请换一个标签。")


def _hops(
    note: SideNote, way: list[str], table: Table, tables: Mapping[str, Table]
) -> Iterator[Hop]:
    """The way, from the table on; each part is a reference of the table where it stands, or a table hanging on it."""
    here = table
    for part in way:
        up = here.columns.get(f"{part}_id")
        if up is not None and up.references:
            yield Hop(up.target, up.name, goes_down=False)
            here = tables[up.target]
            continue
        keys = _keys_to(here, tables[part]) if part in tables else []
        if len(keys) != 1:
            why = "不止一种挂法" if keys else "没有这样的引用，也没有挂在它上面的这样一张表"
            raise ValueError(f"旁列 {note.name} 的路径里，从 {here.name} 走不到 {part}：{why}。")
        yield Hop(part, keys[0], goes_down=True)
        here = tables[part]


def _keys_to(table: Table, below: Table) -> list[str]:
    """The references by which rows of ``below`` hang on a row of ``table``, not those that say who wrote them."""
    return [
        column.name
        for column in below.columns.values()
        if column.references == table.name and (column.is_carried or not column.is_automatic)
    ]


def _shown(note: SideNote, table: Table, name: str) -> Column:
    column = table.columns.get(name)
    if column is None or column.is_hidden or column.is_programs or column.kind in _UNSHOWN:
        raise ValueError(f"旁列 {note.name}：{name} 不是表 {table.name} 的一个给人看的字段。")
    return column


def _demand(
    note: SideNote, said: str, hops: tuple[Hop, ...], tables: Mapping[str, Table]
) -> Demand:
    found = _DEMAND.fullmatch(said)
    if not found:
        raise ValueError(
            f"旁列 {note.name} 的条件 {said} 写成 [字段=词 词]、[字段<>词] 或 [字段=空]。"
        )
    where, sign, text = found.groups()
    part, _, name = where.rpartition(".")
    hop = _place_of(note, part, hops)
    column = _shown(note, tables[hops[hop].table], name)
    words = tuple(text.split())
    known = column.choices or (_FLAGS if column.kind == "yes/no" else ())
    if words == (_EMPTY,):
        words = ()
    elif strays := set(words) - set(known):
        has = f"有 {'、'.join(known)}" if known else f"只能问是否为空：[{where}={_EMPTY}]"
        raise ValueError(
            f"旁列 {note.name} 的条件：{name} 没有“{'、'.join(sorted(strays))}”，{has}。"
        )
    return Demand(hop, name, words, sign == "=")


def _place_of(note: SideNote, part: str, hops: tuple[Hop, ...]) -> int:
    """Which table on the way a condition names; without a name it is the last one's."""
    if not part:
        return len(hops) - 1
    named = [p for p, hop in enumerate(hops) if part in (hop.table, hop.key.removesuffix("_id"))]
    if len(named) != 1:
        raise ValueError(f"旁列 {note.name} 的条件里，路径上没有 {part}，或不止一个。")
    return named[0]


def _check_taking(side: SideColumn, tables: Mapping[str, Table]) -> None:
    """Hold the way to take a value against what there is to take."""
    if side.taking in DAYS and side.source.kind != "date":
        raise ValueError(f"旁列 {side.name} 的 {side.taking} 只用于日期，{side.source.name} 不是。")
    if not side.ordered_by:
        return
    lowest = side.lowest
    if lowest is None or side.taking in DAYS:
        raise ValueError(f"旁列 {side.name} 没有几行可排，请去掉 {side.ordered_by}。")
    below = tables[side.hops[lowest].table]
    column = below.columns.get(side.ordered_by)
    if column is None or not column.is_required or column.is_hidden:
        way = "、".join((FIRST, LAST))
        raise ValueError(
            f"旁列 {side.name}：{way} 所按的 {side.ordered_by} 要是表 {below.name} 的一个 NOT NULL 的字段。"
        )
