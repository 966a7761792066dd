"""Two people at one row: what a form remembers of the row as it was opened, and what it shows to who saves second.

Not the lock (admin/tables/table_view.py reads the row FOR UPDATE), not the saving (saving.py).
"""

import hashlib
from decimal import Decimal
from typing import Any

from admin.tables import cells
from admin.tables.desk import Desk
from admin.tables.form.forms import ColumnForm, values_of
from domain import models
from domain.schema.file import Column

CHANGED_MEANWHILE = (
    "您打开之后，这一条已被别人修改。您没有动过的内容已换成现在的；您和别人都改了的，下面写明了记录里现在是什么。"
    "请核对后再保存。"
)
_WHOLE = 24
_EACH = 8
_TOLD = 300


def seen_state(desk: Desk, row: models.Row) -> str:
    """A mark of the row as the person sees it now: of the whole, then of each column that the form asks for."""
    whole = "\n".join(f"{name}={getattr(row, name)!r}" for name in desk.readable)
    return _digest(whole, _WHOLE) + "".join(mark(getattr(row, c.name)) for c in desk.writable)


def is_changed(desk: Desk, row: models.Row, seen: str) -> bool:
    """Whether the row is another than the one that a form was opened with."""
    return seen[:_WHOLE] != seen_state(desk, row)[:_WHOLE]


def settle(desk: Desk, form: ColumnForm, row: models.Row, seen: str) -> None:
    """Say at each field of a sent form what another person has put there meanwhile; take it where this one did not.

    A mark that cannot be read counts as one of which every field is another now: each difference is said.
    """
    marks = dict(zip((c.name for c in desk.writable), _marks(seen), strict=False))
    sent = values_of(form)
    for field in form:
        name = field.column.name
        stored, was = getattr(row, name), marks.get(name, "")
        now = mark(stored)
        if now == was or (now == mark(sent[name]) and not field.process_errors):
            continue
        if mark(sent[name]) == was and not field.process_errors:
            field.put(stored)
            field.note = "别人刚改过，已换成现在的内容。"
        else:
            field.errors = [*field.errors, _now(desk, field.column, stored)]
    form.form_errors.append(CHANGED_MEANWHILE)


def take_over(form: ColumnForm, row: models.Row) -> None:
    """Have a form that says nothing of its own show the row as it is now."""
    for field in form:
        field.put(getattr(row, field.column.name))


def is_touched(desk: Desk, form: ColumnForm, seen: str) -> bool:
    """Whether a sent form says anything else than it was opened with."""
    marks = dict(zip((c.name for c in desk.writable), _marks(seen), strict=False))
    sent = values_of(form)
    return any(
        mark(sent[field.column.name]) != marks.get(field.column.name) or field.process_errors
        for field in form
    )


def _marks(seen: str) -> list[str]:
    each = seen[_WHOLE:]
    return [each[at : at + _EACH] for at in range(0, len(each), _EACH)]


def _now(desk: Desk, column: Column, stored: Any) -> str:
    said = desk.name_of(column, stored) if column.references and stored else None
    said = said or ("" if stored is None else cells.say(column, stored))
    if not said:
        return "别人刚改过：记录里现在是空的；再次保存将以您填写的为准。"
    cut = f"{said[:_TOLD]}……" if len(said) > _TOLD else said
    return f"别人刚改过：记录里现在是“{cut}”；再次保存将以您填写的为准。"


def mark(value: Any) -> str:
    """The same for a stored value and for what a form makes of it: nothing is blank, ends of lines do not differ."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    elif isinstance(value, Decimal):
        value = float(value)
    return _digest("" if value is None else str(value), _EACH)


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
