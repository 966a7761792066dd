"""Before rows are deleted: which they are, and what hangs on them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from werkzeug.exceptions import BadRequest

from admin.frame import edge
from admin.frame.links import Link
from admin.tables.desk import Desk
from admin.tables.details import child_keys, title_of
from admin.tables.drawing import row_url
from admin.tables.finding import paging
from admin.tables.finding.addresses import list_url
from admin.tables.screens import DeletePage, RowLink
from domain import models
from domain.schema.file import Column

MAX_ROWS = 200


def find_all(desk: Desk, keys: Sequence[str]) -> list[models.Row]:
    """The rows with these ids, each of which the person must be able to see.

    Raises BadRequest on none or too many, NotFound where one is not there for this person.
    """
    if not keys:
        raise BadRequest("请先勾选要处理的行。")
    if len(keys) > MAX_ROWS:
        raise BadRequest(f"一次最多处理 {MAX_ROWS} 条。")
    return desk.find_all(keys)


@dataclass(frozen=True)
class AskedBy:
    """How a deletion came about: by which bulk action, if one, and in the list with which question."""

    action: str = ""
    question: str = ""

    def list_url(self, desk: Desk) -> str:
        """The list in which the rows were ticked, else the whole."""
        return list_url(desk, self.question, edge.today())


def ask_page(desk: Desk, rows: Sequence[models.Row], by: AskedBy) -> DeletePage:
    """The question, with what hangs on the rows."""
    listed, action = by.list_url(desk), by.action
    name = desk.words.name
    hangs = tuple(_hangs(desk, rows))
    return DeletePage(
        title=f"删除{desk.words.label}",
        table_label=desk.words.label,
        list_url=listed,
        action_url=url_for(f"{name}.action_view" if action else f"{name}.delete_view"),
        cancel_url=listed if action else row_url(name, rows[0].id),
        rows=tuple(RowLink(row.id, str(row), row_url(name, row.id)) for row in rows),
        hangs=tuple(link for link, _ in hangs),
        is_possible=all(fate != _HELD for _, fate in hangs),
        action=action,
        question=by.question,
    )


def _hangs(desk: Desk, rows: Sequence[models.Row]) -> Iterator[tuple[Link, str]]:
    """What hangs on the rows beside themselves, with what becomes of it."""
    keys = [row.id for row in rows]
    for child, column in child_keys(desk):
        held = select(child.model).where(getattr(child.model, column.name).in_(keys))
        if child.words.name == desk.words.name:
            held = held.where(child.model.id.not_in(keys))
        counted = paging.count_capped(child.session, held, child.model.id)
        if counted:
            name = child.words.name
            place: dict[str, Any] = {column.name: keys[0]}
            url = url_for(f"{name}.index_view", **place) if len(keys) == 1 else ""
            fate = _fate(child, column)
            yield Link(f"{title_of(child, column)}{paging.say_count(counted)}：{fate}", url), fate


def _fate(child: Desk, column: Column) -> str:
    """What the database does with rows that hang on a deleted one."""
    key = next((k for k in child.words.foreign_keys if k.key_column == column.name), None)
    return _FATES.get(key.on_delete if key else "", _HELD)


_HELD = "有它们在，不能删除"
_FATES = {"CASCADE": "一并删除", "SET NULL": "保留，不再指向它"}
