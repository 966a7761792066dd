"""Attaching a stored file to a record: one row of `attachments`, on exactly one of the tables that it refers to."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Integer, cast, literal, null, select

from domain import models
from domain.access import scopes
from domain.access.rule import NotAllowed
from domain.files.file_types import FileType
from domain.files.uploads import Stored
from domain.schema.file import Column
from domain.storing.session import ActorSession, program_within

TABLE = "attachments"


def owner_columns() -> Mapping[str, Column]:
    """The columns of which an attachment fills exactly one, each with the table it may hang on."""
    columns = models.schema.tables[TABLE].columns
    return {n: c for n, c in columns.items() if c.references and not c.is_automatic}


def may_attach(session: ActorSession, owner: str, key: int) -> bool:
    """Whether the session's actor may attach a file by the column ``owner`` to the record with this id."""
    actor = session.actor
    if not scopes.may(actor, TABLE, "create"):
        return False
    empty = {name: cast(null(), Integer) for name in owner_columns()}
    row: Any = SimpleNamespace(**(empty | {owner: literal(key, Integer)}))
    allowed = select(scopes.criterion_for(actor, TABLE, "create", row))
    return bool(session.unchecked_connection().scalar(allowed))


def attach(
    session: ActorSession, owner: tuple[str, int], name: str, stored: Stored, kind: FileType
) -> None:
    """Write the row of a stored file called ``name``, in the transaction of the actor's session.

    Raises NotAllowed where the actor may not attach to this record. Where a file lies is no person's to write, so
    the row is the program's, in the person's name.
    """
    column, key = owner
    if not may_attach(session, column, key):
        raise NotAllowed("这条记录的附件不由您上传。")
    with program_within(session, for_people=True) as inner:
        row = models.Attachment(
            file_name=name,
            stored_name=stored.name,
            content_type=kind.media_type,
            byte_size=stored.size,
            sha256=stored.sha256,
            uploaded_at=session.now(),
            uploaded_by_id=session.actor.user_id,
            **{column: key},
        )
        inner.add(row)
        inner.flush()
