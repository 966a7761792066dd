"""What the buttons of a block do without scripts: another line, or one moved up or down. The rest stays as typed.

With scripts rows.js does it in the page.
"""

from collections.abc import Mapping
from datetime import date

from admin.tables.form.blocks.block import Block, WholeForm
from admin.tables.form.blocks.opening import ROOM_IN_NEW, add_room

FIELD = "form.rows"
"""What such a button sends: more:sponsors, up:sponsors.1. or down:sponsors.1."""
_STEPS = {"up": -1, "down": 1}


def move(whole: WholeForm, sent: Mapping[str, str], today: date) -> bool:
    """Do what was asked of a block; whether anything was, so that nothing is to be saved yet."""
    asked, _, name = sent.get(FIELD, "").partition(":")
    block = next((b for b in whole.blocks if name.partition(".")[0] == b.name), None)
    if block is None:
        return bool(asked)
    if asked == "more":
        add_room(block, ROOM_IN_NEW - 1, today)
    elif asked in _STEPS:
        _shift(block, name, _STEPS[asked])
    return True


def _shift(block: Block, name: str, step: int) -> None:
    """Let a line change places with its neighbour, if it has one there."""
    lines = [line for line in block.lines if not line.is_blank]
    at = next((n for n, line in enumerate(lines) if line.name == name), -1)
    if at >= 0 and 0 <= at + step < len(lines):
        here, there = block.lines.index(lines[at]), block.lines.index(lines[at + step])
        block.lines[here], block.lines[there] = block.lines[there], block.lines[here]
