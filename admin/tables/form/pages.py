"""What the template of a form is given: for a new row, or for a stored one."""

from datetime import date
from typing import Any

from flask import url_for

from admin.tables.desk import Desk
from admin.tables.drawing import draw_rows, row_url
from admin.tables.form.blocks.block import Block, WholeForm
from admin.tables.form.conflicts import seen_state
from admin.tables.screens import FormBlock, FormPage
from domain import models


def new_page(desk: Desk, whole: WholeForm, word: str, today: date) -> FormPage:
    """The screen for a new row; `word` is the form's own (once.py)."""
    listed = url_for(f"{desk.words.name}.index_view")
    return FormPage(
        title=f"新增{desk.words.label}",
        about=desk.words.row_is,
        table_label=desk.words.label,
        list_url=listed,
        cancel_url=listed,
        **_parts(desk, whole, today),
        word=word,
        another=f"保存并{desk.words.next_words}",
    )


def edit_page(desk: Desk, row: models.Row, whole: WholeForm, word: str, today: date) -> FormPage:
    """The screen for changing a row; only a form with rows below carries a `word`: it may make some."""
    url = row_url(desk.words.name, row.id)
    return FormPage(
        title=f"修改{desk.words.label}",
        about="",
        table_label=desk.words.label,
        list_url=url_for(f"{desk.words.name}.index_view"),
        cancel_url=url,
        **_parts(desk, whole, today),
        row_name=str(row),
        row_url=url,
        seen=seen_state(desk, row),
        word=word if whole.blocks else "",
    )


def _parts(desk: Desk, whole: WholeForm, today: date) -> dict[str, Any]:
    """What both screens show of the form itself."""
    fields = {field.column.name: field for field in whole.form}
    asked = [name for name in desk.words.asked_first if name in fields] or list(fields)
    return {
        "form": whole.form,
        "fields": tuple(fields[name] for name in asked),
        "further": tuple(field for name, field in fields.items() if name not in asked),
        "faults": whole.faults,
        "blocks": tuple(_block(block, today) for block in whole.blocks),
        "doubts": whole.doubts,
        "sure": whole.sure,
    }


def _block(block: Block, today: date) -> FormBlock:
    child = block.child
    shown = tuple(c for c in child.listed if c != block.key)
    place: dict[str, Any] = {block.key.name: block.parent.id} if block.parent else {}
    return FormBlock(
        block=block,
        title=child.words.label,
        about=child.words.row_is,
        kept=draw_rows(child, shown, block.kept, today) if block.kept else None,
        more_url=url_for(f"{child.words.name}.index_view", **place) if block.has_more else None,
        seen={line.name: seen_state(child, line.row) for line in block.lines if line.row},
    )
