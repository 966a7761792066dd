"""Parses what stands inside and beside a CREATE TABLE: one column, one constraint, one index, the notes above.

The walk through the file, and the file itself, are schema.py's.
"""

import re
from collections.abc import Mapping

from domain.words import (
    SQL_TYPES,
    Column,
    Constraint,
    Index,
    Ordered,
    Table,
    fields_of,
    links_above,
)

_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX (\w+) ON (\w+) \(([^)]*)\)(?: WHERE (.*))?")
_CONSTRAINT = re.compile(r"CONSTRAINT (\w+) (UNIQUE|CHECK|FOREIGN KEY) ?\((.*)\)(.*)", re.S)
_REFERENCES = re.compile(r"REFERENCES (\w+) \(([^)]*)\)(?: ON DELETE (.*))?")
_CHOICES = re.compile(r"(\w+) IN \(((?:'[^']*'(?:, )?)+)\)")
_COLUMN = re.compile(r"(\w+) (\w+(?:\([\d, ]+\))?)(.*)")
_DEFAULT = re.compile(r"DEFAULT ('[^']*'|\S+)")
_MARKS = {
    "自动": "is_automatic",
    "隐藏": "is_hidden",
    "程序": "is_programs",
    "搜索": "is_searched",
    "已发生": "has_happened",
    "后续": "comes_later",
    "今天": "starts_today",
    "本人": "starts_own",
    "承接": "starts_above",
}
_NATURAL_NAMES = ("name", "title", "subject", "content", "summary")
_LISTED = 7


def parse_index(code: str, sentence: str) -> tuple[str, Index]:
    """The table and the index of a CREATE INDEX. Raises ValueError on anything else."""
    found = _INDEX.fullmatch(code.rstrip(";"))
    if not found:
        raise ValueError("neither CREATE TABLE nor CREATE INDEX")
    unique, name, table, columns, condition = found.groups()
    if unique and not sentence:
        raise ValueError(f"unique index {name} has no sentence")
    return table, Index(name, _names(columns), bool(unique), condition or "", sentence)


def parse_constraint(code: str, sentence: str) -> Constraint:
    """One table-level constraint with its sentence. Raises ValueError where it has no name or another form."""
    found = _CONSTRAINT.fullmatch(code)
    if not found:
        raise ValueError("a constraint is written CONSTRAINT name UNIQUE, CHECK or FOREIGN KEY")
    name, kind, inside, rest = found.groups()
    if kind == "CHECK":
        words = re.findall(r"[a-z_][a-z_0-9]*", re.sub(r"'[^']*'", "", inside))
        return Constraint(name, "check", tuple(dict.fromkeys(words)), sentence, inside.strip())
    if kind == "UNIQUE":
        return Constraint(name, "unique", _names(inside), sentence)
    return _parse_foreign_key(name, f"{inside}){rest}", sentence)


def _parse_foreign_key(name: str, code: str, sentence: str) -> Constraint:
    found = _REFERENCES.search(code)
    if not found:
        raise ValueError(f"foreign key {name} is written REFERENCES table (columns)")
    target, there, on_delete = found.groups()
    here, there = _names(code.split(")")[0]), _names(there)
    if len(here) != len(there) or "id" not in there:
        raise ValueError(f"foreign key {name} refers to the id, and to as many columns as it has")
    return Constraint(name, "foreign key", here, sentence, "", target, there, on_delete or "")


def parse_column(code: str, comment: str, constraints: tuple[Constraint, ...]) -> Column:
    """One column with its words; choices and parent come from ``constraints``. Raises ValueError without a label."""
    found = _COLUMN.fullmatch(code)
    if not found or found.group(2).split("(")[0] not in SQL_TYPES:
        raise ValueError(f"the types are {', '.join(sorted(SQL_TYPES))}")
    name, sql_type, rest = found.groups()
    label, colon, words = comment.partition("：")
    if not colon or not label.strip():
        raise ValueError(f"column {name} has no label: end its line with -- 标签：说明")
    marks = {_MARKS[m]: True for m in re.findall(r"\[(\w+)\]", words)}
    if "has_happened" in marks and sql_type not in ("DATE", "TIMESTAMP"):
        raise ValueError(f"column {name} is no date: [已发生] is for DATE and TIMESTAMP")
    if "starts_today" in marks and sql_type != "DATE":
        raise ValueError(f"column {name} is no date: [今天] is for DATE")
    if "comes_later" in marks and "NOT NULL" in rest and "DEFAULT" not in rest:
        raise ValueError(f"column {name} must be filled at once: it cannot be [后续]")
    return Column(
        name=name,
        sql_type=sql_type,
        label=label.strip(),
        help=re.sub(r"\[\w+\]", "", words).strip(),
        is_required="NOT NULL" in rest or "PRIMARY KEY" in rest,
        default=_default(rest),
        choices=next(filter(None, (_choices(c, name) for c in constraints)), ()),
        references=_parent(name, constraints),
        is_carried=_is_carried(name, "is_automatic" in marks, constraints),
        **marks,
    )


def check_starts_above(table: Table, column: Column, tables: Mapping[str, Table]) -> None:
    """Raise ValueError where a [承接] column has no one row above it that could say what it begins with."""
    links = links_above(table, column, tables)
    if len(links) != 1:
        found = " and ".join(link.name for link in links) or "none does"
        raise ValueError(
            f"column {column.name} of {table.name} is [承接]: one of its references must lead to a table with a"
            f" column of that name, and only one; here {found}"
        )
    above = tables[links[0].references or ""].columns[column.name]
    fits = _sort(above) == _sort(column) and above.references == column.references
    if not fits or not set(above.choices) <= set(column.choices):
        raise ValueError(
            f"column {column.name} of {table.name} is [承接], but in {links[0].references} it is of another kind"
        )


def _sort(column: Column) -> str:
    """Its kind, whatever the length or the digits."""
    return {"long text": "text", "whole number": "number"}.get(column.kind, column.kind)


def make_table(
    name: str, group: str, notes: Mapping[str, str], items: tuple[list[Column], list[Constraint]]
) -> Table:
    """The table from its notes and items; what the notes do not say follows from the columns."""
    label, _, row_is = notes.get("表", name).partition("：")
    by_name = {c.name: c for c in items[0]}
    constraints = tuple(items[1])
    name_format = notes.get("名称") or _fallback_name(by_name, constraints)
    short_format = notes.get("简称") or name_format
    if not set(fields_of(short_format)) <= set(fields_of(name_format)):
        raise ValueError(f"简称 of {name} is made of what its 名称 holds")
    return Table(
        name=name,
        label=label,
        row_is=row_is,
        group=group,
        name_format=name_format,
        short_format=short_format,
        listed=_listed(notes.get("列表", "").split(), by_name),
        order=tuple(_ordered(said, by_name) for said in notes.get("次序", "").split()),
        parent_column=notes.get("从属"),
        menu_roles=tuple(notes.get("入口", "").split()),
        is_read_only="只读" in notes,
        columns=by_name,
        constraints=constraints,
    )


def _fallback_name(columns: Mapping[str, Column], constraints: tuple[Constraint, ...]) -> str:
    """The column that is a name, else the business key, else the first two columns that can be shown."""
    named = [name for name in _NATURAL_NAMES if name in columns][:1]
    unique = next((c.columns for c in constraints if c.kind == "unique"), ())
    shown = [n for n, c in columns.items() if c.kind not in ("key", "data") and not c.is_hidden]
    fields = named or unique or shown[:2] or ["id"]
    return " ".join(
        f"{{{field.removesuffix('_id') if columns[field].references else field}}}"
        for field in fields
    )


def _listed(named: list[str], columns: Mapping[str, Column]) -> tuple[str, ...]:
    """The named columns, else the first seven that fit on a line."""
    fitting = [
        c.name
        for c in columns.values()
        if c.kind not in ("key", "long text", "data") and not c.is_hidden
    ]
    return tuple(columns[name].name for name in named) or tuple(fitting[:_LISTED])


def _ordered(said: str, columns: Mapping[str, Column]) -> Ordered:
    """「-proposal_id」 is a column downwards. Raises ValueError on one that can be empty: no index has that last."""
    column = columns[said.removeprefix("-")]
    if not column.is_required:
        raise ValueError(f"column {column.name} can be empty: 次序 takes required ones")
    return Ordered(column.name, said.startswith("-"))


def _parent(column: str, constraints: tuple[Constraint, ...]) -> str | None:
    keys = (c for c in constraints if c.kind == "foreign key")
    return next((key.target for key in keys if key.key_column == column), None)


def _is_carried(name: str, is_automatic: bool, constraints: tuple[Constraint, ...]) -> bool:
    """True for a copy that a composite key holds: it is filled from the parent, never typed."""
    return is_automatic and any(
        name in c.columns[1:] for c in constraints if c.kind == "foreign key"
    )


def _choices(constraint: Constraint, column: str) -> tuple[str, ...]:
    """The words of ``CHECK (column IN (...))``; () for any other constraint."""
    found = _CHOICES.fullmatch(constraint.condition)
    if not found or found.group(1) != column:
        return ()
    return tuple(re.findall(r"'([^']*)'", found.group(2)))


def _default(rest: str) -> str | int | float | bool | None:
    found = _DEFAULT.search(rest)
    if not found:
        return None
    word = found.group(1)
    if word.startswith("'"):
        return word.strip("'")
    if word in ("TRUE", "FALSE"):
        return word == "TRUE"
    return float(word) if "." in word else int(word)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))
