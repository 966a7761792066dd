"""What schema.sql must not say although it can be read: names that are taken, references that lead nowhere.

Each fault would show later, as a page that breaks or a filter that is not obeyed. How lines are written is
items.py's, what is merely unwise advice.py's.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

from domain.actors import ROLES
from domain.schema.words import Constraint, Index, Table, class_name, fields_of

Tables = Mapping[str, Table]
Place = tuple[str, str]
"""A table, and its column, constraint or index; "" is the table itself."""
Fault = tuple[Place, str]

PAGES = frozenset({
    "account", "batches", "bell", "due_month", "exports", "figures", "files", "home", "import", "importing", "late",
    "login", "logout", "papers", "recompute", "report_dues", "reports", "static", "undated", "user_access",
})  # fmt: skip
"""The panel's own pages, by their names and addresses: no table may be called so."""
QUESTIONS = frozenset({
    "q", "sort", "columns", "after", "before", "size", "waits", "holds", "counted", "all",
})  # fmt: skip
"""What the address of a list means by these: no column may be called so that people can ask for."""
FIELDS = frozenset({"csrf_token", "seen", "then"})
"""What a form sends besides the columns."""
ROW = frozenset({"words", "brief_name", "metadata", "registry"})
"""What every mapped row has besides its columns."""
_LONGEST = 63  # PostgreSQL cuts what is longer


def faults(tables: Tables) -> Iterator[Fault]:
    """Yield every fault of the file, with its place and the way out."""
    yield from _same_names(tables)
    for table in tables.values():
        yield from _bad_names(table)
        yield from _columns(table)
        yield from _references(table, tables)
        yield from _notes(table)
        yield from _choices(table)
    if all(key.target in tables for table in tables.values() for key in table.foreign_keys):
        yield from _clashes(tables)


def _same_names(tables: Tables) -> Iterator[Fault]:
    classes: dict[str, str] = {}
    labels: dict[str, str] = {}
    rules: dict[str, str] = {}
    for name, table in tables.items():
        if (first := classes.setdefault(class_name(name), name)) != name:
            yield (name, ""), f"表名 {name} 和 {first} 只差单复数，程序分不清，请换一个名称。"
        if (first := labels.setdefault(table.label, name)) != name:
            yield (name, ""), f"表 {name} 和 {first} 都叫“{table.label}”，请换一个表名标签。"
        for rule in _rules(table):
            if (first := rules.setdefault(rule.name, name)) != name:
                yield (name, rule.name), f"{rule.name} 在表 {first} 里已经用过，请换一个名称。"


def _rules(table: Table) -> tuple[Constraint | Index, ...]:
    return (*table.constraints, *table.indexes)


def _bad_names(table: Table) -> Iterator[Fault]:
    """Names that the panel or a database keeps for itself."""
    if table.name in PAGES:
        yield (table.name, ""), f"表名 {table.name} 是程序一个页面的名称，请换一个表名。"
    for name in (table.name, *table.columns):
        place = (table.name, "" if name == table.name else name)
        if not (name.isascii() and name == name.lower() and name[0].isalpha()):
            yield place, f"名称 {name} 只能用小写英文字母、数字和下划线，以字母开头。"
        if name in RESERVED_WORDS - FIELDS:
            yield place, f"{name} 是数据库的保留字，请换一个名称。"
    for name, column in table.columns.items():
        asked = frozenset[str]() if column.kind == "data" else QUESTIONS | FIELDS
        if name in asked | ROW:
            yield (table.name, name), f"字段名 {name} 程序自己要用，请换一个名称。"
    for name in (table.name, *(rule.name for rule in _rules(table))):
        if len(name) > _LONGEST:
            yield (table.name, ""), f"名称 {name} 太长，最多 {_LONGEST} 个字符。"


def _columns(table: Table) -> Iterator[Fault]:
    if "id" not in table.columns or not table.columns["id"].is_required:
        yield (
            (table.name, ""),
            f"表 {table.name} 要有一行 id INTEGER PRIMARY KEY,  -- 编号：[自动]。",
        )
    labels: dict[str, str] = {}
    for name, column in table.columns.items():
        if (first := labels.setdefault(column.label, name)) != name:
            said = f"字段 {name} 和 {first} 都叫“{column.label}”，请换一个标签。"
            yield (table.name, name), said
        if column.was_called in table.columns:
            yield (table.name, name), f"字段 {name} 的原名 {column.was_called} 还是这张表的字段。"
        if column.at_first:
            word, other = column.at_first
            if other not in table.columns or word not in column.choices:
                said = (
                    f"字段 {name} 的 [起初 {word} 若 {other}]：词要是它的可选词，字段要是这张表的。"
                )
                yield (table.name, name), said


def _references(table: Table, tables: Tables) -> Iterator[Fault]:
    order = list(tables)
    for key in table.foreign_keys:
        place, parent = (table.name, key.name), tables.get(key.target)
        if parent is None or order.index(key.target) > order.index(table.name):
            yield (
                place,
                f"外键 {key.name} 引用的表 {key.target} 不存在，或写在后面；被引用的表要写在前面。",
            )
            continue
        if strays := set(key.columns) - set(table.columns):
            yield place, f"外键 {key.name} 的字段 {'、'.join(sorted(strays))} 不在这张表里。"
            continue
        if not key.key_column.endswith("_id"):
            yield place, f"外键字段 {key.key_column} 要以 _id 结尾，请改成 {key.key_column}_id。"
        if key.on_delete == "SET NULL" and table.columns[key.key_column].is_required:
            yield place, f"外键 {key.name}：{key.key_column} 是 NOT NULL，不能 ON DELETE SET NULL。"
        keys = [("id",), *(c.columns for c in parent.constraints if c.kind == "unique")]
        if key.target_columns not in keys:
            said = ", ".join(key.target_columns)
            yield place, f"外键 {key.name}：表 {key.target} 要有一行 CONSTRAINT … UNIQUE ({said})。"


def _notes(table: Table) -> Iterator[Fault]:
    """What the lines above the table name has to be there."""
    place = (table.name, "")
    if not table.row_is:
        yield place, f"表 {table.name} 的上一行要写 -- 表名：一行是什么。"
    links = {n.removesuffix("_id") for n, c in table.columns.items() if c.references}
    if strays := set(fields_of(table.name_format)) - set(table.columns) - links:
        yield (
            place,
            f"名称 里的 {'、'.join(sorted(strays))} 不是这张表的字段；外键 unit_id 写成 {{unit}}。",
        )
    for note, name in (("从属", table.parent_column), ("同表", table.guest_column)):
        if name and not getattr(table.columns.get(name), "references", None):
            yield place, f"{note} 里的 {name} 不是这张表的外键字段。"
    if table.parent_column and table.guest_column:
        yield place, f"表 {table.name} 写了 从属，就不要再写 同表：从属的记录本来就在上级的表单里。"
    if strangers := set(table.menu_roles) - set(ROLES):
        yield place, f"入口 里没有“{'、'.join(sorted(strangers))}”这种角色，有 {'、'.join(ROLES)}。"


def _choices(table: Table) -> Iterator[Fault]:
    for name, column in table.columns.items():
        words = [*column.choices, *([column.default] if isinstance(column.default, str) else [])]
        for word in words:
            if column.length is not None and len(word) > column.length:
                yield (table.name, name), f"字段 {name} 只有 {column.length} 个字，放不下“{word}”。"
        if column.choices and column.default is not None and column.default not in column.choices:
            yield (table.name, name), f"字段 {name} 的默认值“{column.default}”不在可选的词里。"


def _clashes(tables: Tables) -> Iterator[Fault]:
    """A key brings two names besides its column: the parent's, and on the parent that of its rows below."""
    taken = {name: {column: column for column in table.columns} for name, table in tables.items()}
    for name, table in tables.items():
        targets = [key.target for key in table.foreign_keys]
        for key in table.foreign_keys:
            stem, place = key.key_column.removesuffix("_id"), (name, key.key_column)
            if stem in ROW or taken[name].setdefault(stem, key.key_column) != key.key_column:
                said = f"字段 {key.key_column} 引用的记录叫 {stem}，"
                yield place, f"{said}但这张表里已有 {stem}，请换一个字段名，如 {stem}_of_id。"
    for name, table in tables.items():
        targets = [key.target for key in table.foreign_keys]
        for key in table.foreign_keys:
            if targets.count(key.target) == 1:
                yield from _collected(name, key, taken)


def _collected(name: str, key: Constraint, taken: Mapping[str, dict[str, str]]) -> Iterator[Fault]:
    if name in ROW or name in taken[key.target]:
        yield (
            (name, ""),
            f"表 {name} 挂在 {key.target} 上，那张表已有叫 {name} 的字段或引用，请换一个表名。",
        )
