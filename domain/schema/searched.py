"""What is indexed of a table: its own name and its texts marked [搜索] in schema.sql, as one piece of SQL.

Words alone: how a database is built and asked are search_index.py and domain/searching/finding.py.
"""

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from string import Formatter

from domain.schema.sql_text import literal
from domain.schema.words import Column, Table

PREFIX = "search_"
"""Of the name of everything in a database that belongs to the index."""

FORM = 1
"""Raised when texts are cut up otherwise, so that every database builds its index anew."""

_SPOKEN = frozenset({"text", "choice", "whole number", "long text"})
_TEXTS = frozenset({"text", "long text"})
_PLACES, _ROOM = 1 << 23, 40


def name_parts(table: Table) -> Iterator[str | Column]:
    """The natural name as far as it stands in the table itself: fixed texts and columns, in order."""
    for text, field, _, _ in Formatter().parse(table.name_format):
        if text:
            yield text
        column = table.columns.get(field or "")
        if column is not None and column.kind in _SPOKEN and not column.is_hidden:
            yield column


def marked_texts(table: Table) -> tuple[Column, ...]:
    """The texts that the search box looks into."""
    columns = table.columns.values()
    return tuple(c for c in columns if c.is_searched and c.kind in _TEXTS and not c.is_hidden)


def is_indexed(table: Table) -> bool:
    """Whether the table has an index: people write it, and a text is marked in it.

    What the program alone writes (只读) is searched by reading: a plan of 10,000 rows leaves 70,000 records of itself,
    which few ever search, and to index them would take as long as half the import.
    """
    return bool(marked_texts(table)) and not table.is_read_only


def indexed_columns(table: Table) -> tuple[Column, ...]:
    """The columns of which the index is made."""
    named = [part for part in name_parts(table) if isinstance(part, Column)]
    return tuple({c.name: c for c in (*named, *marked_texts(table))}.values())


def document(table: Table, written: Mapping[str, str] | None = None) -> str:
    """SQL for the text of a row that is indexed; ``written`` says how its columns are written, if not by name.

    The name comes first, without gaps; what follows is kept apart by a space, which no word holds.
    """
    written = written or {}
    named = list(name_parts(table))
    others = [text for text in marked_texts(table) if text not in named]
    spoken = [*named, *(part for text in others for part in (" ", text))]
    return " || ".join(_spoken_sql(part, written) for part in spoken)


def _spoken_sql(part: str | Column, written: Mapping[str, str]) -> str:
    if isinstance(part, str):
        return literal(part)
    sql = written.get(part.name, part.name)
    return f"COALESCE({f'CAST({sql} AS TEXT)' if part.kind == 'whole number' else sql}, '')"


def part_name(table: Table) -> str:
    """The name that the table's part of the index bears; another one as soon as other text is indexed."""
    said = f"{FORM} {document(table)}".encode()
    return f"{PREFIX}{table.name}_{hashlib.sha256(said).hexdigest()[:8]}"


def first_key(table: str) -> int:
    """Where the rows of ``table`` begin in SQLite's index, one for all tables: a row's key is this and its id."""
    return zlib.crc32(table.encode()) % _PLACES << _ROOM


def last_key(table: str) -> int:
    """Where they end."""
    return first_key(table) + (1 << _ROOM) - 1


def check_places(tables: Mapping[str, Table]) -> None:
    """Raise ValueError where a table bears a name of the index's, or two would lie in one place of SQLite's index."""
    taken: dict[int, str] = {}
    for name, table in tables.items():
        if name.startswith(PREFIX):
            raise ValueError(f"表名 {name} 以 {PREFIX} 开头，这样的名称留给查找索引，请换一个。")
        if is_indexed(table) and taken.setdefault(first_key(name), name) != name:
            raise ValueError(
                f"表 {taken[first_key(name)]} 和 {name} 在查找索引里相撞，请给其中一张换一个名称。"
            )
