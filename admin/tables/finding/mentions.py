"""「含有」 in SQL: whether a text holds another, Latin letters big or small alike, on either database.

SQLite's LIKE does not tell big from small by itself; its lower() would double the time of a long search.
"""

from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlalchemy.ext.compiler import compiles

from domain.searching.finding import Plain

ESCAPE = "/"


class _Mentions(Plain):
    """`text LIKE pattern`."""

    inherit_cache = True


def mentions(text: Any, part: str) -> ColumnElement[bool]:
    """Whether the SQL expression `text` holds `part`, letter for letter: no character is a wildcard."""
    for special in (ESCAPE, "%", "_"):
        part = part.replace(special, ESCAPE + special)
    return _Mentions(text, literal(f"%{part}%"))


@compiles(_Mentions)
def _with_ilike(element: _Mentions, compiler: Any, **options: Any) -> str:
    return _compile(element, compiler, "ILIKE", options)


@compiles(_Mentions, "sqlite")
def _with_like(element: _Mentions, compiler: Any, **options: Any) -> str:
    return _compile(element, compiler, "LIKE", options)


def _compile(element: _Mentions, compiler: Any, operator: str, options: dict[str, Any]) -> str:
    text, pattern = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({text}) {operator} {pattern} ESCAPE '{ESCAPE}'"
