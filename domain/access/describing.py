"""Writes docs/schema.md, docs/roles.md and domain/models.pyi from schema.sql and the rules: ``make docs``.

Nothing is said here that the file or the rules do not say; a test compares the pages with them.
"""

from collections.abc import Iterator
from pathlib import Path

from domain import models
from domain.access import scopes
from domain.access.rule import VERBS
from domain.actors import ROLES
from domain.schema.stub import STUB, stub_lines
from domain.schema.words import Column, Table

DOCS = Path(__file__).resolve().parents[2] / "docs"
HEADS = ("reads", "creates", "changes", "deletes")


def pages() -> dict[Path, str]:
    """Every generated page: its file and its text."""
    return {
        DOCS / "schema.md": schema_page(),
        DOCS / "roles.md": roles_page(),
        STUB: _text(stub_lines(models.schema.tables)),
    }


def schema_page() -> str:
    """The tables by group: a diagram of each group, then every table with its columns and rules."""
    return _text(_schema_lines())


def roles_page() -> str:
    """For every table, what each role may do with which rows."""
    return _text(_roles_lines())


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _schema_lines() -> Iterator[str]:
    yield "# Schema"
    yield ""
    yield "Generated from `schema.sql` by `python -m domain.access.describing`; a test fails when it is stale."
    yield ""
    for group in models.schema.groups:
        tables = [t for t in models.schema.tables.values() if t.group == group]
        yield f"## {group}"
        yield ""
        yield from _diagram(tables)
        for table in tables:
            yield from _table_lines(table)


def _diagram(tables: list[Table]) -> Iterator[str]:
    """The tables of a group and the parents they hang on, as Mermaid draws them."""
    yield "```mermaid"
    yield "erDiagram"
    for table in tables:
        yield f'  {table.name}["{table.label}"]'
    for table in tables:
        for key in table.foreign_keys:
            column = table.columns[key.key_column]
            one = "||" if column.is_required else "|o"
            yield f'  {key.target} {one}--o{{ {table.name} : "{column.label}"'
    yield "```"
    yield ""


def _table_lines(table: Table) -> Iterator[str]:
    yield f"### {table.name} {table.label}"
    yield ""
    yield table.row_is
    yield ""
    yield "| column | type | label | help |"
    yield "| --- | --- | --- | --- |"
    for column in table.columns.values():
        yield f"| `{column.name}` | {_kind(column)} | {column.label} | {_help(column)} |"
    yield ""
    yield from _side_lines(table)
    for name, sentence in table.sentences.items():
        yield f"- `{name}`: {sentence}"
    yield ""


def _side_lines(table: Table) -> Iterator[str]:
    """What its list shows of other tables."""
    if not table.sides:
        return
    yield "| beside them, of other tables | read from | label | help |"
    yield "| --- | --- | --- | --- |"
    for side in table.sides.values():
        way = f"`{side.source_table}.{side.source.name}`, {side.taking}"
        yield f"| `{side.name}` | {way} | {side.label} | {side.help} |"
    yield ""


def _kind(column: Column) -> str:
    kind = f"→ `{column.references}`" if column.references else column.sql_type
    return kind if column.is_required else f"{kind}, optional"


def _help(column: Column) -> str:
    marks = {
        "filled by the program": column.is_automatic,
        "written by acts": column.is_by_act,
        "never shown": column.is_hidden,
        "for the program, not offered": column.is_programs,
        "never in the future": column.has_happened,
        "not asked for in a new row": column.comes_later,
    }
    said = [
        column.help,
        "、".join(column.choices),
        *(mark for mark, holds in marks.items() if holds),
    ]
    return "; ".join(filter(None, said)).replace("|", "\\|")


def _roles_lines() -> Iterator[str]:
    yield "# Roles"
    yield ""
    yield "Generated from the rules in `domain/access/rules.py` by `python -m domain.access.describing`; a test fails"
    yield "when it is stale. A role that a table does not name sees no row of it. Tables without a rule inherit one"
    yield "from the scoped tables that their required foreign keys name, but not for deputies."
    yield ""
    for table in models.schema.tables.values():
        yield f"## {table.label} (`{table.name}`)"
        yield ""
        yield f"| role | {' | '.join(HEADS)} |"
        yield f"| --- |{' --- |' * len(HEADS)}"
        for role in ROLES:
            yield from _role_line(table, role)
        yield ""
        if table.menu_roles:
            yield f"- In the menu of: {'、'.join(table.menu_roles)}"
        yield from _column_lines(table)


def _role_line(table: Table, role: str) -> Iterator[str]:
    rule = scopes.rule_of(table.name)
    criteria = [getattr(rule, verb).get(role) for verb in VERBS]
    if any(criteria):
        said = [(c.__doc__ or "").split("\n")[0].rstrip(".") if c else "" for c in criteria]
        yield f"| {role} | {' | '.join(said)} |"


def _column_lines(table: Table) -> Iterator[str]:
    rule = scopes.rule_of(table.name)
    for role in ROLES:
        for columns, said in (
            (rule.hidden.get(role), "never sees"),
            (rule.writable.get(role), "fills in only"),
        ):
            if columns:
                labels = [c.label for c in table.columns.values() if c.name in columns]
                yield f"- {role} {said}: {'、'.join(labels)}"
    yield ""


if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, "utf-8")
