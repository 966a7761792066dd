"""Reads schema.sql: tables, columns, constraints, and the words people see for them.

The file is the only description of the data, so labels, helps, choices and sentences are parsed from it
here. Types and keys for the ORM come from reflection (domain/models.py), never from this module.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "schema.sql"

_TABLE = re.compile(r"CREATE TABLE (\w+) \(")
_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX (\w+) ON (\w+) \(([^)]*)\)(?: WHERE (.*))?")
_CONSTRAINT = re.compile(r"CONSTRAINT (\w+) (UNIQUE|CHECK|FOREIGN KEY) ?\((.*)\)(.*)", re.S)
_REFERENCES = re.compile(r"REFERENCES (\w+) \(([^)]*)\)(?: ON DELETE (.*))?")
_CHOICES = re.compile(r"(\w+) IN \(((?:'[^']*'(?:, )?)+)\)")
_COLUMN = re.compile(r"(\w+) (\w+(?:\([\d, ]+\))?)(.*)")
_DEFAULT = re.compile(r"DEFAULT ('[^']*'|\S+)")
_MARKS = {"自动": "is_automatic", "隐藏": "is_hidden", "搜索": "is_searched"}


class SchemaError(ValueError):
    """schema.sql does not keep to its own rules; the message names the line."""


@dataclass(frozen=True)
class Constraint:
    """A named rule of one table. ``columns`` are its local columns, ``sentence`` is what a person reads when it fails."""

    name: str
    kind: str  # unique, check or foreign key
    columns: tuple[str, ...]
    sentence: str
    condition: str = ""
    target: str = ""
    target_columns: tuple[str, ...] = ()
    on_delete: str = ""

    @property
    def key_column(self) -> str:
        """Of a foreign key: the local column that holds the parent's id."""
        return self.columns[self.target_columns.index("id")]

    def fills(self, column: str, table: "Table") -> bool:
        """Whether this key is the one that fills the carried ``column``: the first of ``table`` that holds it."""
        return self is next(k for k in table.foreign_keys if column in k.columns[1:])


@dataclass(frozen=True)
class Index:
    """An index; a unique one has a sentence, a partial one a condition."""

    name: str
    columns: tuple[str, ...]
    is_unique: bool
    condition: str
    sentence: str


@dataclass(frozen=True)
class Column:
    """One column with its words. ``references`` is the parent table of a foreign key column that holds an id."""

    name: str
    sql_type: str
    label: str
    help: str
    is_required: bool
    default: str | int | bool | None
    is_automatic: bool = False
    is_hidden: bool = False
    is_searched: bool = False
    choices: tuple[str, ...] = ()
    references: str | None = None
    is_carried: bool = False

    @property
    def is_key(self) -> bool:
        return self.name == "id"

    @property
    def kind(self) -> str:
        """One of: key, link, choice, text, long text, whole number, number, date, instant, yes/no, data."""
        if self.is_key:
            return "key"
        if self.references:
            return "link"
        if self.choices:
            return "choice"
        return _KINDS[self.sql_type.split("(")[0]]

    @property
    def length(self) -> int | None:
        """The most characters a text may have, or None for no limit."""
        found = re.search(r"VARCHAR\((\d+)\)", self.sql_type)
        return int(found.group(1)) if found else None


_KINDS = {
    "VARCHAR": "text",
    "TEXT": "long text",
    "INTEGER": "whole number",
    "NUMERIC": "number",
    "DATE": "date",
    "TIMESTAMP": "instant",
    "BOOLEAN": "yes/no",
    "JSON": "data",
}


@dataclass(frozen=True)
class Table:
    """One table with its words: what a row is, how it is called, which columns its list shows."""

    name: str
    label: str
    row_is: str
    group: str
    name_format: str
    listed: tuple[str, ...]
    parent_column: str | None
    is_read_only: bool
    columns: Mapping[str, Column]
    constraints: tuple[Constraint, ...]
    indexes: tuple[Index, ...] = field(default=())

    @property
    def foreign_keys(self) -> tuple[Constraint, ...]:
        return tuple(c for c in self.constraints if c.kind == "foreign key")

    @property
    def business_key(self) -> tuple[str, ...]:
        """The columns of the first UNIQUE constraint that does not hold the id; () where there is none."""
        keys = (c.columns for c in self.constraints if c.kind == "unique" and "id" not in c.columns)
        return next(keys, ())

    @property
    def sentences(self) -> Mapping[str, str]:
        """Constraint or unique index name -> the sentence that a person reads when it fails."""
        return {c.name: c.sentence for c in self.constraints} | {
            i.name: i.sentence for i in self.indexes if i.is_unique
        }


@dataclass(frozen=True)
class Schema:
    """The whole of schema.sql: its text, the menu's groups in order, and the tables in the file's order."""

    text: str
    groups: tuple[str, ...]
    tables: Mapping[str, Table]

    def statements(self, dialect: str) -> Iterator[str]:
        """Yield the SQL to build an empty database on ``sqlite`` or ``postgresql``, comments included on the latter."""
        bare = re.sub(r"--.*", "", self.text)
        for statement in filter(None, (part.strip() for part in bare.split(";"))):
            yield _on_postgresql(statement) if dialect == "postgresql" else statement
        if dialect == "postgresql":
            yield from self._comments()

    def _comments(self) -> Iterator[str]:
        for table in self.tables.values():
            yield f"COMMENT ON TABLE {table.name} IS {_quoted(f'{table.label}：{table.row_is}')}"
            for column in table.columns.values():
                yield f"COMMENT ON COLUMN {table.name}.{column.name} IS {_quoted(f'{column.label}：{column.help}')}"


def _on_postgresql(statement: str) -> str:
    return statement.replace(
        "INTEGER PRIMARY KEY", "INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def read_schema(path: Path = SCHEMA_FILE) -> Schema:
    """Parse the file at ``path``. Raises SchemaError, naming the line, where it breaks the rules in its head."""
    text = path.read_text(encoding="utf-8")
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            reader.take(line.rstrip())
        except (KeyError, IndexError, ValueError, AttributeError) as fault:
            raise SchemaError(
                f"{path.name} line {number}: cannot be understood: {line.strip()} ({fault})"
            ) from fault
    return Schema(text, tuple(reader.groups), reader.finish())


class _Reader:
    """Takes the file line by line; a column or constraint ends at its comment."""

    def __init__(self) -> None:
        self.groups: list[str] = []
        self.tables: dict[str, dict[str, object]] = {}
        self._group = ""
        self._notes: dict[str, str] = {}
        self._current: str | None = None
        self._item = ""

    def take(self, line: str) -> None:
        code, _, comment = (part.strip() for part in line.partition("--"))
        if self._current:
            self._take_inside(code, comment)
        elif code:
            self._take_statement(code, comment)
        elif comment:
            self._take_note(comment)
        else:
            self._notes = {}

    def _take_note(self, comment: str) -> None:
        if comment.startswith("菜单："):
            self.groups = comment.removeprefix("菜单：").split()
        elif comment.startswith("== "):
            self._group = comment.strip("= ")
            if self._group not in self.groups:
                self.groups.append(self._group)
        else:
            key, _, words = comment.partition("：")
            self._notes[key if key in ("名称", "列表", "从属", "只读") else "表"] = (
                words if key in ("名称", "列表", "从属") else comment
            )

    def _take_statement(self, code: str, comment: str) -> None:
        if found := _TABLE.match(code):
            self._current = found.group(1)
            self.tables[self._current] = {
                "notes": self._notes,
                "group": self._group,
                "items": [],
                "indexes": [],
            }
            self._notes = {}
        elif found := _INDEX.match(code.rstrip(";")):
            unique, name, table, columns, condition = found.groups()
            index = Index(name, _names(columns), bool(unique), condition or "", comment)
            self.tables[table]["indexes"].append(index)  # type: ignore[attr-defined]
        else:
            raise ValueError("neither CREATE TABLE nor CREATE INDEX")

    def _take_inside(self, code: str, comment: str) -> None:
        if code.startswith(");"):
            self._current = None
            return
        self._item = f"{self._item} {code}".strip()
        if comment:
            items = self.tables[self._current or ""]["items"]
            items.append((self._item.rstrip(","), comment))  # type: ignore[attr-defined]
            self._item = ""

    def finish(self) -> dict[str, Table]:
        tables = {name: _table(name, parts) for name, parts in self.tables.items()}
        for name, table in tables.items():
            tables[name] = _follow_carried(table, tables)
        return tables


def _follow_carried(table: Table, tables: Mapping[str, Table]) -> Table:
    """Give a carried column the parent that the column it is copied from refers to."""
    columns = dict(table.columns)
    for key in table.foreign_keys:
        for local, remote in zip(key.columns[1:], key.target_columns[1:], strict=True):
            if columns[local].is_carried and not columns[local].references:
                columns[local] = replace(
                    columns[local], references=tables[key.target].columns[remote].references
                )
    return replace(table, columns=columns)


def _table(name: str, parts: dict[str, object]) -> Table:
    notes: dict[str, str] = parts["notes"]  # type: ignore[assignment]
    items: list[tuple[str, str]] = parts["items"]  # type: ignore[assignment]
    constraints = tuple(_constraint(c, s) for c, s in items if c.startswith("CONSTRAINT"))
    columns = [_column(c, s, constraints) for c, s in items if not c.startswith("CONSTRAINT")]
    label, _, row_is = notes.get("表", name).partition("：")
    by_name = {c.name: c for c in columns}
    return Table(
        name=name,
        label=label,
        row_is=row_is,
        group=str(parts["group"]),
        name_format=notes.get("名称") or _fallback_name(by_name, constraints),
        listed=_listed(notes.get("列表", "").split(), by_name),
        parent_column=notes.get("从属"),
        is_read_only="只读" in notes,
        columns=by_name,
        constraints=constraints,
        indexes=tuple(parts["indexes"]),  # type: ignore[arg-type]
    )


def _fallback_name(columns: Mapping[str, Column], constraints: tuple[Constraint, ...]) -> str:
    named = next(
        (n for n in ("name", "title", "subject", "content", "summary") if n in columns), None
    )
    if named:
        return f"{{{named}}}"
    unique = next((c.columns for c in constraints if c.kind == "unique"), None)
    fields = (
        unique
        or tuple(
            c.name for c in columns.values() if c.kind not in ("key", "data") and not c.is_hidden
        )[:2]
    )
    return (
        " ".join(f"{{{f.removesuffix('_id') if columns[f].references else f}}}" for f in fields)
        or "{id}"
    )


def _listed(named: list[str], columns: Mapping[str, Column]) -> tuple[str, ...]:
    """The named columns, else the first seven that fit on a line."""
    if named:
        return tuple(columns[n].name for n in named)
    fitting = [
        c.name
        for c in columns.values()
        if c.kind not in ("key", "long text", "data") and not c.is_hidden
    ]
    return tuple(fitting[:7])


def _constraint(code: str, sentence: str) -> Constraint:
    name, kind, inside, rest = _CONSTRAINT.match(code).groups()  # type: ignore[union-attr]
    if kind == "CHECK":
        words = re.findall(r"[a-z_][a-z_0-9]*", re.sub(r"'[^']*'", "", inside))
        return Constraint(name, "check", tuple(dict.fromkeys(words)), sentence, inside.strip())
    if kind == "UNIQUE":
        return Constraint(name, "unique", _names(inside), sentence)
    found = _REFERENCES.search(f"{inside}){rest}")
    target, target_columns, on_delete = found.groups()  # type: ignore[union-attr]
    return Constraint(
        name,
        "foreign key",
        _names(inside.split(")")[0]),
        sentence,
        "",
        target,
        _names(target_columns),
        on_delete or "",
    )


def _column(code: str, comment: str, constraints: tuple[Constraint, ...]) -> Column:
    name, sql_type, rest = _COLUMN.match(code).groups()  # type: ignore[union-attr]
    label, colon, words = comment.partition("：")
    if not colon:
        raise ValueError(f"column {name} has no label")
    marks = {_MARKS[m]: True for m in re.findall(r"\[(\w+)\]", words)}
    is_automatic = "is_automatic" in marks
    return Column(
        name=name,
        sql_type=sql_type,
        label=label.strip(),
        help=re.sub(r"\[\w+\]", "", words).strip(),
        is_required="NOT NULL" in rest or "PRIMARY KEY" in rest,
        default=_default(rest),
        choices=next(
            (
                _choices(c.condition)
                for c in constraints
                if c.kind == "check" and _is_choice(c, name)
            ),
            (),
        ),
        references=next(
            (c.target for c in constraints if c.kind == "foreign key" and c.key_column == name),
            None,
        ),
        is_carried=_is_carried(name, is_automatic, constraints),
        **marks,
    )


def _is_carried(name: str, is_automatic: bool, constraints: tuple[Constraint, ...]) -> bool:
    """True for a copy that a composite key holds: it is filled from the parent, never typed."""
    return is_automatic and any(
        name in c.columns[1:] for c in constraints if c.kind == "foreign key"
    )


def _is_choice(constraint: Constraint, column: str) -> bool:
    found = _CHOICES.fullmatch(constraint.condition)
    return bool(found) and found.group(1) == column  # type: ignore[union-attr]


def _choices(condition: str) -> tuple[str, ...]:
    return tuple(re.findall(r"'([^']*)'", condition))


def _default(rest: str) -> str | int | bool | None:
    found = _DEFAULT.search(rest)
    if not found:
        return None
    word = found.group(1)
    if word.startswith("'"):
        return word.strip("'")
    return {"TRUE": True, "FALSE": False}.get(
        word, int(word) if word.lstrip("-").isdigit() else None
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))
