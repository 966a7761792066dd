"""Opens a form with its blocks: for a new row, for a stored one, or as it was sent; always with room for a row more."""

from collections.abc import Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from admin.tables.desk import Desk
from admin.tables.form.blocks.block import Block, WholeForm, blocks_of
from admin.tables.form.blocks.lines import LineMaker, number_of
from admin.tables.form.blocks.sent import keys_sent, names_sent, sent_lines
from admin.tables.form.blocks.stored import read_rows
from admin.tables.form.opening import blank_form, filled_form, sent_form
from domain import models

ROOM_IN_NEW, ROOM_IN_STORED = 3, 1
"""Blank lines of a block; with scripts one is left, and another comes when it is filled in."""


def new_whole(desk: Desk, args: Mapping[str, str], today: date) -> WholeForm:
    """The form for a new row, which the address may begin."""
    blocks = (LineMaker(block, today).with_room(ROOM_IN_NEW) for block in blocks_of(desk, None))
    return WholeForm(blank_form(desk, args, today), tuple(blocks))


def stored_whole(desk: Desk, row: models.Row, today: date) -> WholeForm:
    """The form with what a row and those below it hold."""
    blocks = tuple(_stored(block, today) for block in blocks_of(desk, row))
    return WholeForm(filled_form(desk, row), blocks)


def sent_whole(
    desk: Desk, sent: MultiDict[str, str], today: date, row: models.Row | None = None
) -> WholeForm:
    """The form as it was sent, for a new row or for `row`; stored rows below it are held until the save."""
    blocks = tuple(_sent(block, sent, today) for block in blocks_of(desk, row))
    return WholeForm(sent_form(desk, sent, row), blocks)


def add_room(block: Block, lines: int, today: date) -> None:
    """Put blank lines at the end of a block."""
    LineMaker(block, today, _last([line.name for line in block.lines])).with_room(lines)


def _stored(block: Block, today: date) -> Block:
    maker = LineMaker(block, today)
    block.lines += maker.stored_lines(read_rows(block))
    return maker.with_room(ROOM_IN_STORED)


def _sent(block: Block, sent: MultiDict[str, str], today: date) -> Block:
    """As sent, then with the rows that others have stored meanwhile."""
    names = names_sent(block, sent)
    rows = {row.id: row for row in read_rows(block, keys_sent(sent, names), is_saving=True)}
    maker = LineMaker(block, today, _last(names))
    lines = list(sent_lines(maker, sent, names, rows))
    shown = {line.row.id for line in lines if line.row}
    block.lines += [line for line in lines if line.row or not line.is_blank]
    block.lines += maker.stored_lines([row for key, row in rows.items() if key not in shown])
    return maker.with_room(ROOM_IN_STORED)


def _last(names: list[str]) -> int:
    return max([-1, *map(number_of, names)])
