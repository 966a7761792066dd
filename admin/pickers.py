"""Choosing a linked row: what a picker offers for a text, and which row a submitted answer means.

Both ask the linked table through the person's own session, so that nothing out of scope can be offered or sent.
"""

from typing import Any

from flask import url_for

from admin.desk import Desk
from admin.filter_values import BadFilter
from admin.keys import is_key
from domain.schema import Column


def lookup_url(desk: Desk, column: Column) -> str:
    """Where picker.js asks for the rows that this column may point to."""
    return url_for(f"{desk.words.name}.ajax_lookup", name=column.name)


def offer(desk: Desk, column: Column, text: str) -> list[dict[str, Any]]:
    """At most 20 rows for a text, as picker.js wants them. Raises BadFilter on a text that is no search."""
    return [
        {"id": row.id, "text": str(row)} for row in desk.beside(column.references).matching(text)
    ]


def pick(desk: Desk, column: Column, key: str, text: str) -> tuple[int | None, str]:
    """The id and name that an answer means: by its id, else by the exact name; (None, "") for no answer.

    Raises ValueError, with a sentence, where no row that the person may see is meant.
    """
    if key:
        return _by_key(desk, column, key)
    if not text:
        return None, ""
    try:
        matching = desk.beside(column.references).matching(text)
    except BadFilter as error:
        raise ValueError(str(error)) from error
    same = [row for row in matching if text in (str(row), row.brief_name)]
    if len(same) != 1:
        raise ValueError(f"没有找到“{text[:40]}”，请从列表里选一项。")
    return same[0].id, text


def _by_key(desk: Desk, column: Column, key: str) -> tuple[int | None, str]:
    name = desk.name_of(column, int(key)) if is_key(key) else None
    if name is None:
        raise ValueError(f"所选的{column.label}不存在，或不在您的范围内，请重新选择。")
    return int(key), name
