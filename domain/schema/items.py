"""Parses what stands inside and beside a CREATE TABLE: one column, one constraint, one index, the notes above.

The walk through the file, and the file itself, are file.py's.
"""

import re
from collections.abc import Collection, Mapping

from domain.schema.words import (
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
_CONSTRAINT = re.compile(r"CONSTRAINT\s+(\w+)\s+(UNIQUE|CHECK|FOREIGN KEY)\s*\((.*)\)(.*)", re.S)
_FOREIGN_KEY = re.compile(
    r"([^()]*)\)\s*REFERENCES\s+(\w+)\s*\(([^()]*)\)(?:\s+ON DELETE (RESTRICT|CASCADE|SET NULL))?"
)
_CHOICES = re.compile(r"(\w+)\s+IN\s*\(\s*('[^']*'(?:\s*,\s*'[^']*')*)\s*\)", re.I)
_COLUMN = re.compile(r"(\w+)\s+(\w+(?:\([\d, ]+\))?)(.*)")
_TYPE = re.compile(
    r"VARCHAR\(\d+\)|NUMERIC(?:\(\d+(?:, ?\d+)?\))?|TEXT|INTEGER|DATE|TIMESTAMP|BOOLEAN|JSON"
)
_DEFAULT = r"DEFAULT\s+('[^']*'|-?\d+(?:\.\d+)?|TRUE|FALSE)"
_REST = re.compile(rf"(?:\s+(?:PRIMARY KEY|NOT NULL|{_DEFAULT}))*")
_DEFAULTS: dict[str, type | tuple[type, ...]] = {
    "VARCHAR": str,
    "TEXT": str,
    "INTEGER": int,
    "NUMERIC": (int, float),
    "BOOLEAN": bool,
}
"""What a column of a type may have as its default; the other types have none."""
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
    "沿用": "starts_again",
    "经办": "is_by_act",
    "案号": "is_item_number",
}
_FORMER = re.compile(r"\[原名 (\w+)\]")
_AT_FIRST = re.compile(r"\[起初 ([^\]\s]+) 若 (\w+)\]")
_ONLY = re.compile(r"\[只选 (\w+)=([^\]]+)\]")
_NATURAL_NAMES = ("name", "title", "subject", "content", "summary")
_LISTED = 7


def parse_index(code: str, sentence: str) -> tuple[str, Index]:
    """The table and the index of a CREATE INDEX. Raises ValueError on anything else."""
    found = _INDEX.fullmatch(code.rstrip(";"))
    if not found:
        raise ValueError(
            "这里只能是 CREATE TABLE 表名 ( 或 CREATE INDEX ix_表名_字段 ON 表名 (字段); 请照这个写法改。"
        )
    unique, name, table, columns, condition = found.groups()
    if unique and not sentence:
        raise ValueError(f"唯一索引 {name} 后面要有一句话：-- 违反时给人看的话。")
    return table, Index(name, _names(columns), bool(unique), condition or "", sentence)


def parse_constraint(code: str, sentence: str) -> Constraint:
    """One table-level constraint with its sentence. Raises ValueError where it has no name or another form."""
    found = _CONSTRAINT.fullmatch(code)
    if not found:
        raise ValueError(
            "约束写成 CONSTRAINT 名称 UNIQUE (字段)、CHECK (条件) 或 FOREIGN KEY (字段) REFERENCES 表 (id)，"
            "关键字用大写。"
        )
    name, kind, inside, rest = found.groups()
    if kind == "FOREIGN KEY":
        return _parse_foreign_key(name, f"{inside}){rest}", sentence)
    if rest.strip():
        raise ValueError(f"约束 {name} 的括号后面不能再写“{rest.strip()}”。")
    if kind == "UNIQUE":
        return Constraint(name, "unique", _names(inside), sentence)
    words = re.findall(r"[a-z_][a-z_0-9]*", re.sub(r"'[^']*'", "", inside))
    return Constraint(name, "check", tuple(dict.fromkeys(words)), sentence, inside.strip())


def _parse_foreign_key(name: str, code: str, sentence: str) -> Constraint:
    found = _FOREIGN_KEY.fullmatch(code.strip())
    if not found:
        raise ValueError(
            f"外键 {name} 写成 FOREIGN KEY (字段) REFERENCES 表 (id) ON DELETE RESTRICT，"
            "ON DELETE 后面可以是 RESTRICT、CASCADE 或 SET NULL。"
        )
    here, target, there, on_delete = found.groups()
    columns, target_columns = _names(here), _names(there)
    if len(columns) != len(target_columns) or "id" not in target_columns:
        raise ValueError(f"外键 {name} 要引用对方的 id，两边字段一样多。")
    return Constraint(
        name, "foreign key", columns, sentence, "", target, target_columns, on_delete or ""
    )


def parse_column(code: str, comment: str, constraints: tuple[Constraint, ...]) -> Column:
    """One column with its words; choices and parent come from ``constraints``.

    Raises ValueError without a label, and on whatever else the rules of the file do not know.
    """
    name, sql_type, rest = _parts(code)
    label, colon, words = comment.partition("：")
    if not colon or not label.strip():
        raise ValueError(f"字段 {name} 没有标签，请在行末写 -- 标签：说明（冒号用全角）。")
    former = _FORMER.search(words)
    only, at_first = _ONLY.search(words), _AT_FIRST.search(words)
    words = _AT_FIRST.sub("", _ONLY.sub("", _FORMER.sub("", words)))
    marks = {_mark(m, name): True for m in re.findall(r"\[([^\]]*)\]", words)}
    if "has_happened" in marks and sql_type not in ("DATE", "TIMESTAMP"):
        raise ValueError(f"字段 {name} 不是日期，[已发生] 只用于 DATE 和 TIMESTAMP。")
    if "starts_today" in marks and sql_type != "DATE":
        raise ValueError(f"字段 {name} 不是日期，[今天] 只用于 DATE。")
    if "is_item_number" in marks and not sql_type.startswith("VARCHAR"):
        raise ValueError(f"字段 {name} 不是短文本，[案号] 只用于 VARCHAR。")
    if "comes_later" in marks and "NOT NULL" in rest and "DEFAULT" not in rest:
        raise ValueError(
            f"字段 {name} 新增时就必须填，不能标 [后续]；请去掉 NOT NULL 或加 DEFAULT。"
        )
    return Column(
        name=name,
        sql_type=sql_type,
        label=label.strip(),
        help=re.sub(r"\[\w+\]", "", words).strip(),
        is_required="NOT NULL" in rest or "PRIMARY KEY" in rest,
        default=_default(name, sql_type, rest),
        choices=next(filter(None, (_choices(c, name) for c in constraints)), ()),
        references=_parent(name, constraints),
        is_carried=_is_carried(name, "is_automatic" in marks, constraints),
        was_called=former.group(1) if former else "",
        only=(only.group(1), only.group(2)) if only else None,
        at_first=(at_first.group(1), at_first.group(2)) if at_first else None,
        **marks,
    )


def _parts(code: str) -> tuple[str, str, str]:
    """A column's name, its type, and what stands behind it."""
    if re.match(r"(UNIQUE|CHECK|FOREIGN|PRIMARY|REFERENCES)\b", code, re.I):
        raise ValueError(
            "约束要有名称：CONSTRAINT uq_表名_字段 UNIQUE (字段)，CHECK 和 FOREIGN KEY 也一样。"
        )
    found = _COLUMN.fullmatch(code)
    if not found or not _TYPE.fullmatch(found.group(2)):
        raise ValueError(
            f"“{code[:40]}”不是字段的写法：名称 类型，类型有 {'、'.join(sorted(SQL_TYPES))}，"
            "都用大写；VARCHAR 带长度，如 VARCHAR(50)。"
        )
    name, sql_type, rest = found.groups()
    if not _REST.fullmatch(rest):
        raise ValueError(
            f"字段 {name} 的“{rest.strip()[:60]}”读不懂：类型后面只能有 PRIMARY KEY、NOT NULL、DEFAULT 值"
            "（'文字'、数字、TRUE、FALSE），都用大写；UNIQUE、CHECK、REFERENCES 写在字段下面，"
            "各占一行 CONSTRAINT，行末有一句话。"
        )
    return name, sql_type, rest


def _mark(word: str, column: str) -> str:
    if word not in _MARKS:
        raise ValueError(
            f"字段 {column} 的 [{word}] 不是已知的标记，可以用的有"
            f" {'、'.join(f'[{m}]' for m in _MARKS)}，以及 [原名 旧字段名]、[起初 词 若 字段] 和 [只选 字段=词]。"
        )
    return _MARKS[word]


def check_only(table: Table, column: Column, tables: Mapping[str, Table]) -> None:
    """Raise ValueError where a [只选] column does not refer to a table with that choice and that word."""
    name, word = column.only or ("", "")
    above = tables[column.references].columns.get(name) if column.references else None
    if above is None or word not in above.choices:
        raise ValueError(
            f"{table.name} 的字段 {column.name} 标了 [只选 {name}={word}]：它要是外键，所指的表要有字段 {name}，"
            f"可选的词里要有“{word}”。"
        )


def check_told(table: Table, tables: Mapping[str, Table]) -> None:
    """Raise ValueError where 附看 names no reference of the table, or no column of what it refers to."""
    for link, name in table.told:
        key = table.columns.get(f"{link}_id")
        if key is None or not key.references or name not in tables[key.references].columns:
            raise ValueError(
                f"{table.name} 的 附看 里的 {link}.{name} 要写成“引用.字段”，如 proposal.body："
                "引用是本表去掉 _id 的外键。"
            )


def check_starts_above(table: Table, column: Column, tables: Mapping[str, Table]) -> None:
    """Raise ValueError where a [承接] column has no one row above it that could say what it begins with."""
    links = links_above(table, column, tables)
    if len(links) != 1:
        found = "、".join(link.name for link in links) or "没有"
        raise ValueError(
            f"字段 {column.name} 标了 [承接]：要有一个外键、也只能有一个，指向有同名字段的表；这里{found}。"
        )
    above = tables[links[0].references or ""].columns[column.name]
    fits = _sort(above) == _sort(column) and above.references == column.references
    if not fits or not set(above.choices) <= set(column.choices):
        raise ValueError(
            f"字段 {column.name} 标了 [承接]，但 {links[0].references} 里的同名字段是另一类；"
            "请把两边的类型和可选的词改成一样。"
        )


def _sort(column: Column) -> str:
    """Its kind, whatever the length or the digits."""
    return {"long text": "text", "whole number": "number"}.get(column.kind, column.kind)


def make_table(
    name: str,
    group: str,
    notes: Mapping[str, str],
    items: tuple[list[Column], list[Constraint]],
    sides: Collection[str] = (),
) -> Table:
    """The table from its notes and items; what the notes do not say follows from the columns.

    Its list may name the ``sides`` as well, the columns that other tables fill.
    """
    label, _, row_is = notes.get("表", name).partition("：")
    by_name = {c.name: c for c in items[0]}
    constraints = tuple(items[1])
    name_format = notes.get("名称") or _fallback_name(by_name, constraints)
    short_format = notes.get("简称") or name_format
    try:
        named = set(fields_of(name_format))
        cut = set(fields_of(short_format))
    except ValueError as fault:
        raise ValueError(f"表 {name} 的 名称 和 简称 里，大括号 {{ }} 要成对。") from fault
    if not cut <= named:
        raise ValueError(f"表 {name} 的 简称 只能用它的 名称 里有的字段。")
    return Table(
        name=name,
        label=label,
        row_is=row_is,
        group=group,
        name_format=name_format,
        short_format=short_format,
        listed=_listed(notes.get("列表", "").split(), by_name, sides),
        order=tuple(_ordered(said, by_name) for said in notes.get("次序", "").split()),
        parent_column=notes.get("从属"),
        guest_column=notes.get("同表"),
        asked_first=tuple(
            _known(name, by_name, "先填").name for name in notes.get("先填", "").split()
        ),
        next_words=notes.get("接着", "再加一条"),
        told=tuple(
            (link, column)
            for link, _, column in (said.partition(".") for said in notes.get("附看", "").split())
        ),
        first_asked=notes.get("初看", ""),
        menu_roles=tuple(notes.get("入口", "").split()),
        is_read_only="只读" in notes,
        is_by_acts="经办" in notes,
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


def _listed(
    named: list[str], columns: Mapping[str, Column], sides: Collection[str]
) -> tuple[str, ...]:
    """The named columns, else the first seven that fit on a line."""
    fitting = [
        c.name
        for c in columns.values()
        if c.kind not in ("key", "long text", "data") and not c.is_hidden
    ]
    known = (name if name in sides else _known(name, columns, "列表").name for name in named)
    return tuple(known) or tuple(fitting[:_LISTED])


def _ordered(said: str, columns: Mapping[str, Column]) -> Ordered:
    """「-proposal_id」 is a column downwards. Raises ValueError on one that can be empty: no index has that last."""
    column = _known(said.removeprefix("-"), columns, "次序")
    if not column.is_required:
        raise ValueError(f"次序 里的字段 {column.name} 可以为空，请换一个 NOT NULL 的字段。")
    return Ordered(column.name, said.startswith("-"))


def _known(name: str, columns: Mapping[str, Column], note: str) -> Column:
    """The column that a note above the table names. Raises ValueError where there is none."""
    if name not in columns:
        raise ValueError(f"{note} 里的 {name} 不是这张表的字段。")
    return columns[name]


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
    if constraint.kind != "check" or not found or found.group(1) != column:
        return ()
    return tuple(re.findall(r"'([^']*)'", found.group(2)))


def _default(name: str, sql_type: str, rest: str) -> str | int | float | bool | None:
    found = re.search(_DEFAULT, rest)
    if not found:
        return None
    word = found.group(1)
    if word.startswith("'"):
        value: str | int | float | bool = word.strip("'")
    elif word in ("TRUE", "FALSE"):
        value = word == "TRUE"
    else:
        value = float(word) if "." in word else int(word)
    kinds = _DEFAULTS.get(sql_type.split("(")[0], ())
    if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
        raise ValueError(f"字段 {name} 的 DEFAULT {word} 不合它的类型 {sql_type}。")
    return value


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))
