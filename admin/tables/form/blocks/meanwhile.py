"""Two people at one form with rows below: what the other has changed is told at its row; what only one touched, stays.

How one row is compared and told of: conflicts.py.
"""

from admin.tables.desk import Desk
from admin.tables.form import conflicts
from admin.tables.form.blocks.block import Block, Line, WholeForm
from domain import models

CHANGED_BELOW = "您打开之后，下面有的行已被别人修改，已在那一行标出。请核对后再保存。"


def settle(desk: Desk, whole: WholeForm, row: models.Row, seen: str) -> bool:
    """Whether another person has changed meanwhile what this one would write; said where it stands in the form."""
    is_changed = conflicts.is_changed(desk, row, seen)
    if is_changed:
        conflicts.settle(desk, whole.form, row, seen)
    # Not a generator: each line is to be told of.
    told = [_settle(block, line) for block in whole.blocks for line in block.lines]
    if any(told):
        whole.form.form_errors.append(CHANGED_BELOW)
    return is_changed or any(told)


def _settle(block: Block, line: Line) -> bool:
    if line.row is None or not conflicts.is_changed(block.child, line.row, line.seen):
        return False
    if not line.is_gone and not conflicts.is_touched(block.child, line.form, line.seen):
        conflicts.take_over(line.form, line.row)
        return False
    conflicts.settle(block.child, line.form, line.row, line.seen)
    return True
