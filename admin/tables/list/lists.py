"""The list of any table: its rows and what the screen shows around them.

What the address asks for is read in asking.py, pages are cut in paging.py, rows drawn in
admin/tables/drawing.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from flask import current_app, url_for

from admin.frame.links import Link
from admin.tables.acts.offering import actions_on_all, bulk_actions
from admin.tables.additions import additions
from admin.tables.desk import Desk
from admin.tables.drawing import Header, draw_rows, header
from admin.tables.finding import paging
from admin.tables.finding.addresses import Address
from admin.tables.finding.asking import Asked
from admin.tables.finding.filters import Condition, Misread
from admin.tables.finding.waiting import ARGUMENT as WAITS
from admin.tables.list.filter_form import filter_groups
from admin.tables.list.neighbours import opened_from
from admin.tables.list.suggesting import suggest
from admin.tables.screens import Action, Chip, ColumnChoice, ListPage, Suggestion
from domain.schema.columns import SideColumn
from domain.schema.file import Column
from domain.side_columns.offered import beside
from domain.storing.session import READS_ON

SUGGESTED = 5
UNSORTED = (
    "这一列不能点击排序，长列表要逐条查名称，太慢：只看其中一项请用“筛选”，要按它排序请导出成表格"
)

UNSORTED_BESIDE = (
    "这一列的内容在别的表里，不能点击排序：只看其中一部分请用“筛选”，要按它排序请导出成表格"
)


def draw_list(desk: Desk, asked: Asked, today: date) -> ListPage:
    """Ask the database and lay out the page."""
    narrowed = asked.narrow(desk.query(), desk)
    cut = paging.Cut(narrowed, asked.order, asked.place, asked.size)
    page = paging.fetch_cut(desk.session, desk.query_for(asked.columns), cut)
    address = Address(desk.words.name, asked)
    return ListPage(
        title=desk.words.label,
        about=desk.words.row_is,
        url=address.plain,
        sheet=replace(
            opened_from(draw_rows(desk, asked.columns, page.rows, today), address),
            headers=tuple(_header(desk, column, asked, address) for column in asked.columns),
        ),
        **_counting(desk, asked, page, address),
        **_narrowing(desk, asked, address),
        **_turning(page, address),
        **_doing(desk, address),
    )


def count_rows(desk: Desk, asked: Asked, *, is_small: bool = False) -> str:
    """How many rows are asked for, in words."""
    return paging.say_count(_count(desk, asked, is_small=is_small))


def _count(desk: Desk, asked: Asked, *, is_small: bool) -> int:
    query = asked.narrow(desk.query(), desk)
    way = READS_ON if is_small else ""
    return paging.count_capped(desk.session, query, desk.model.id, way=way)


def _counting(desk: Desk, asked: Asked, page: paging.Page, address: Address) -> dict[str, Any]:
    """How many there are: at once where that is quick, else where the page asks for it afterwards."""
    if asked.misread:
        return {"count_text": "", "count_url": None}
    if page.before is None and page.after is None:
        return {"count_text": paging.say_count(len(page.rows)), "count_url": None}
    if paging.is_quickly_counted(desk.session, desk.model):
        return {"count_text": count_rows(desk, asked, is_small=True), "count_url": None}
    return {"count_text": f"多于 {len(page.rows)} 条", "count_url": address.to("count_view")}


def _header(desk: Desk, column: Column, asked: Asked, address: Address) -> Header:
    if not desk.is_sortable(column):
        plain = header(column)
        why = UNSORTED_BESIDE if isinstance(column, SideColumn) else UNSORTED
        is_said = column.references or isinstance(column, SideColumn)
        return replace(plain, help="；".join(filter(None, (plain.help, why if is_said else ""))))
    is_sorted = asked.sorted_by is column
    direction = ("descending" if asked.descending else "ascending") if is_sorted else None
    backwards = is_sorted and not asked.descending
    sort_url = address.with_(sort=f"-{column.name}" if backwards else column.name)
    return replace(header(column), sort_url=sort_url, direction=direction)


def _narrowing(desk: Desk, asked: Asked, address: Address) -> dict[str, Any]:
    shown = {column.name for column in asked.columns}
    labels = "、".join(column.label for column in desk.searched)
    is_searched = asked.words and not asked.misread
    offered = [c for c in asked.conditions if not c.field.column.is_programs]
    kept: list[Condition | Misread] = [*offered, *asked.misread]
    filtered = [one.argument for one in (*asked.filters, *asked.named)]
    return {
        "search": asked.search,
        "search_hint": f"查找{labels}" if labels else "",
        "suggestions": tuple(islice(_suggestions(desk, asked), SUGGESTED)) if is_searched else (),
        "conditions": tuple(_chips(asked, address)),
        "misread": tuple(
            Chip(m.words, address.without(m.argument), m.sentence) for m in asked.misread
        ),
        "filters": filter_groups(desk, asked),
        "column_choices": tuple(
            ColumnChoice(c.name, c.label, c.name in shown) for c in _choosable(desk)
        ),
        "kept_without_search": address.pairs("q"),
        "kept_without_filters": address.pairs(*(one.argument for one in kept)),
        "kept_without_columns": address.pairs("columns"),
        "url_without_search": address.without("q"),
        "url_without_columns": address.without("columns"),
        "clear_url": address.without("q", WAITS, *filtered),
    }


def _choosable(desk: Desk) -> tuple[Column, ...]:
    """What the list may show: the table's own columns, then what stands in other tables."""
    return (*desk.offered, *beside(desk.shown.values()))


def _chips(asked: Asked, address: Address) -> Iterator[Chip]:
    if asked.waiting:
        yield Chip(asked.waiting.words, address.without(WAITS))
    for one in asked.named:
        yield Chip(one.words, address.less(one.argument, one.texts), about=one.about)
    yield from (Chip(c.words, address.without(c.argument)) for c in asked.conditions)


def _suggestions(desk: Desk, asked: Asked) -> Iterator[Suggestion]:
    """The filtered lists that the search may have meant, those without rows left out; of a long table uncounted yet."""
    is_small = paging.is_quickly_counted(desk.session, desk.model)
    for meant in suggest(desk, asked):
        address = Address(desk.words.name, meant.asked)
        if not is_small:
            yield Suggestion(meant.words, address.with_(), "…", address.to("count_view"))
        elif count := _count(desk, meant.asked, is_small=True):
            yield Suggestion(meant.words, address.with_(), paging.say_count(count), None)


def _turning(page: paging.Page, address: Address) -> dict[str, Any]:
    return {
        "first_url": address.with_() if page.before else None,
        "previous_url": address.with_(before=str(page.before)) if page.before else None,
        "next_url": address.with_(after=str(page.after)) if page.after else None,
        "last_url": address.with_(before="end") if page.after else None,
    }


def _doing(desk: Desk, address: Address) -> dict[str, Any]:
    may_create = desk.may("create") and bool(desk.writable)
    made = (make(desk, address) for make in additions(current_app).list_links)
    links = tuple(link for link in made if link)
    return {
        "new_url": url_for(f"{desk.words.name}.create_view") if may_create else None,
        "links": links,
        "actions": tuple(_actions(desk)),
        "action_url": url_for(f"{desk.words.name}.action_view"),
        "actions_on_all": tuple(actions_on_all(desk, address.question)),
        "question": address.question,
        "empty_hint": _say_first(desk, links) if may_create else "有了以后会列在这里。",
    }


def _say_first(desk: Desk, links: Iterable[Link]) -> str:
    """How the first row comes into an empty list."""
    imports = "或".join(f"“{link.text}”" for link in links if link.icon == "import")
    many = f"；成批的用{imports}，一次登记完" if imports else ""
    return f"点“新增{desk.words.label}”登记第一条{many}。"


def _actions(desk: Desk) -> Iterator[Action]:
    yield from bulk_actions(desk)
    if desk.may("delete"):
        yield Action("delete", "删除所选", "danger")
