"""What the template of a form is given: for a new row, or for a stored one."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask import current_app, url_for

from admin.tables.additions import additions
from admin.tables.desk import Desk
from admin.tables.drawing import draw_cell, draw_rows, row_url
from admin.tables.form.blocks.block import Block, WholeForm
from admin.tables.form.conflicts import seen_state
from admin.tables.form.following import BEFORE, acts_with_save
from admin.tables.keeping import keeping
from admin.tables.screens import Action, Fact, FormBlock, FormPage
from domain import models
from domain.exports.data_words import tell

FIXED = "form.fixed"
"""The field that names what the form did not ask for."""
WIDE_FROM = 60


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
        **_beside_saving(desk, None),
        word=word,
        another=f"保存并{desk.words.next_words}",
    )


def edit_page(desk: Desk, row: models.Row, whole: WholeForm, word: str, today: date) -> FormPage:
    """The screen for changing a row; only a form with rows below carries a `word`: it may make some.

    What is kept, and what acts have written, stands there and is not asked for.
    """
    url = row_url(desk.words.name, row.id)
    return FormPage(
        title=f"修改{desk.words.label}",
        about="",
        table_label=desk.words.label,
        list_url=url_for(f"{desk.words.name}.index_view"),
        cancel_url=url,
        **_parts(desk, whole, today),
        **_beside_saving(desk, row),
        row_name=str(row),
        row_url=url,
        seen=seen_state(desk, row),
        fixed=tuple(_fixed(desk, row, today)),
        fixed_names=",".join(sorted(desk.fixed)),
        why_fixed=keeping(desk.keeping(()), row).sentences if desk.fixed else (),
        word=word if whole.blocks else "",
    )


def read_fixed(sent: Mapping[str, str]) -> frozenset[str]:
    """The columns that a form which comes back has not asked for."""
    return frozenset(name for name in sent.get(FIXED, "").split(",") if name)


def _fixed(desk: Desk, row: models.Row, today: date) -> Iterator[Fact]:
    """What stands in the form without being asked for: what is kept, and what acts have written so far."""
    columns = [c for c in desk.readable.values() if c.name in desk.fixed or c.is_by_act]
    telling = tell(desk.session, [row], columns)
    for column in columns:
        cell = draw_cell(desk, column, row, today, telling)
        if not cell.text and column.name not in desk.fixed:
            continue
        is_wide = cell.kind == "long" or len(cell.text) > WIDE_FROM
        yield Fact(column.label, column.help, cell, is_wide)


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


def _beside_saving(desk: Desk, row: models.Row | None) -> dict[str, Any]:
    """What else the form does when it is saved: it takes files along, and its row may go straight on."""
    draw = additions(current_app).enclosing
    acts = acts_with_save(desk, row)
    return {
        "enclosing": draw(desk, row) if draw else None,
        "acts": tuple(Action(f"{BEFORE}{act.name}", f"保存并{act.label}") for act in acts),
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
