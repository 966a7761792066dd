"""The stored rows below the row of a form: read, held at a save, and told apart by what may be changed here."""

from collections.abc import Iterable

from admin.tables.form.blocks.block import MOST_ROWS, Block
from domain import models


def read_rows(
    block: Block, keys: Iterable[int] = (), *, is_saving: bool = False
) -> list[models.Row]:
    """The first rows of the block and those with these ``keys``, as far as this person may change them.

    The others are put into the block as those that only stand there. At a save the rows are locked.
    """
    if block.parent is None:
        return []
    child, order = block.child, block.child.order()
    # Without an order of their own they stand as they were made: a new line is the last.
    along = (child.model.id,) if order.is_by_key else order.clauses()
    query = child.query_for(child.readable.values()).order_by(*along)
    query = query.where(child.attribute(block.key.name) == block.parent.id)
    if is_saving and not block.is_guest:
        query = query.with_for_update(of=child.model)
    rows = list(child.session.scalars(query.limit(MOST_ROWS + 1)))
    block.has_more = len(rows) > MOST_ROWS
    del rows[MOST_ROWS:]
    if further := set(keys) - {row.id for row in rows}:
        rows += child.session.scalars(query.where(child.model.id.in_(further)))
    own = set() if block.is_guest else {row.id for row in child.those("update", rows)}
    block.kept += [row for row in rows if row.id not in own]
    return [row for row in rows if row.id in own]
