"""A form for a new row makes one row, however often it is sent: a double click, a reload, an answer that got lost.

The form carries a word of its own; word and contents together are the mark that is kept with the row, in the same
transaction. So a form that was changed after all, in a page from before, makes a row of its own.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, insert, select
from werkzeug.datastructures import MultiDict

from admin.tables.desk import Desk
from domain import models
from domain.storing.session import program_within

FIELD = "form.word"
"""With a dot, as no column has one."""
_KEPT = timedelta(days=1)
_NOT_CONTENT = frozenset({"csrf_token", "then", "form.sure"})


def word_of(sent: Mapping[str, str]) -> str:
    """The word of the form: the one that it was sent with, else a new one."""
    return sent.get(FIELD, "") or secrets.token_urlsafe(16)


def mark_of(desk: Desk, sent: MultiDict[str, str]) -> str:
    """The mark of a form as it was sent; '' for one without a word, which makes a row each time."""
    if not sent.get(FIELD):
        return ""
    content = [pair for pair in sent.items(multi=True) if pair[0] not in _NOT_CONTENT]
    said = repr((desk.actor.user_id, desk.words.name, content))
    return hashlib.sha256(said.encode()).hexdigest()


def row_made(desk: Desk, mark: str) -> int | None:
    """The id of the row that a form with this mark has made."""
    if not mark:
        return None
    table = models.table_of("sent_forms")
    with program_within(desk.session) as inner:
        return inner.connection().scalar(select(table.c.row_id).where(table.c.mark == mark))


def keep(desk: Desk, mark: str, row_id: int) -> None:
    """Keep the mark with its row in this transaction. Raises IntegrityError where the same form came through first."""
    table, now = models.table_of("sent_forms"), desk.session.now()
    values = {"mark": mark, "user_id": desk.actor.user_id, "table_name": desk.words.name}
    with program_within(desk.session) as inner:
        connection = inner.connection()
        connection.execute(delete(table).where(table.c.sent_at < now - _KEPT))
        connection.execute(insert(table), {**values, "row_id": row_id, "sent_at": now})
