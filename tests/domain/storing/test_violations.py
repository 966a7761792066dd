"""Every rule of schema.sql really holds on both databases, and breaking it ends in its own sentence.

Generated from the file: valid rows of every table, then for each CHECK, UNIQUE, NOT NULL and foreign key a write
that breaks that rule.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from domain import models
from domain.actors import LIAISON, OFFICE, Actor
from domain.schema.file import read_schema
from domain.schema.words import Constraint, Index
from domain.schema.words import Table as WordsTable
from domain.storing.database import make_engine
from domain.storing.refusals.violations import UNSEEN_CLASH, Violation, explain, find
from domain.storing.session import ActorSession, actor_session
from domain.time.clock import shanghai_now
from tests.ground.rows import Values, ancestors, breaking_row, fill, holds, insert_row, linked_row
from tests.ground.serving.contents import create_tables
from tests.ground.serving.databases import Databases

SCHEMA = read_schema()
TABLES = SCHEMA.tables.values()
CHECKS = [(t.name, c) for t in TABLES for c in t.constraints if c.kind == "check"]
KEYS = [(t.name, k) for t in TABLES for k in t.foreign_keys]
REQUIRED = [
    (t.name, c.name) for t in TABLES for c in t.columns.values() if c.is_required and not c.is_key
]
UNIQUES: list[tuple[str, Constraint | Index]] = [
    (t.name, c)
    for t in TABLES
    for c in t.constraints
    if c.kind == "unique" and "id" not in c.columns
]
UNIQUES += [(t.name, i) for t in TABLES for i in t.indexes if i.is_unique]
NOWHERE = 987_654
World = dict[str, Values]


def by_name(value: Any) -> str:
    return str(getattr(value, "name", value))


@pytest.fixture(scope="module")
def filled_engine(databases: Databases) -> Iterator[Engine]:
    """A database with one row in every table; nothing that a test writes stays."""
    with databases.copy_of("schema", create_tables) as url:
        engine = make_engine(url)
        with engine.begin() as connection:
            fill(connection, models.metadata, SCHEMA, 1)
        yield engine
        engine.dispose()


@pytest.fixture
def connection(filled_engine: Engine) -> Iterator[Connection]:
    with filled_engine.connect() as connection:
        yield connection


@pytest.fixture
def world(filled_engine: Engine) -> World:
    """The one row of every table."""
    with filled_engine.connect() as connection:
        return {
            n: dict(connection.execute(select(rows(n))).mappings().one()) for n in SCHEMA.tables
        }


def rows(table: str) -> Table:
    return models.table_of(table)


def broken_by(connection: Connection, statement: Any) -> Violation:
    """Run a statement that must be refused; what it broke."""
    with pytest.raises(IntegrityError) as refused, connection.begin_nested():
        connection.execute(statement)
    found = find(refused.value, connection)
    assert found is not None, refused.value
    return found


def fresh_row(connection: Connection, table: str, n: int = 3) -> Values:
    """A valid row on parents of its own, not yet inserted."""
    parents = fill(connection, models.metadata, SCHEMA, n, ancestors(SCHEMA, table) or {""})
    return linked_row(SCHEMA.tables[table], n, f"第{n}条", parents)


@pytest.mark.parametrize("table", SCHEMA.tables)
def test_an_ordinary_row_is_taken(connection: Connection, table: str) -> None:
    insert_row(connection, models.metadata, SCHEMA.tables[table], fresh_row(connection, table))


@pytest.mark.parametrize(("table", "check"), CHECKS, ids=by_name)
def test_a_row_that_breaks_a_check_is_refused_with_its_sentence(
    connection: Connection, table: str, check: Constraint
) -> None:
    row = breaking_row(SCHEMA.tables[table], check, fresh_row(connection, table))
    assert row is not None, "no value breaks this rule: it forbids nothing"
    found = broken_by(connection, insert(rows(table)).values(row))
    assert found == Violation(table, check.name, "check", check.columns, check.sentence)


@pytest.mark.parametrize(("table", "rule"), UNIQUES, ids=by_name)
def test_a_second_row_with_the_same_key_is_refused_with_its_sentence(
    connection: Connection, world: World, table: str, rule: Constraint | Index
) -> None:
    if isinstance(rule, Index) and rule.condition:
        condition = Constraint("", "check", _all(table), "", rule.condition)
        meets = _meeting(table, condition, world[table])
        connection.execute(update(rows(table)).where(rows(table).c.id == meets["id"]).values(meets))
        world[table] = meets
    copied = {name: world[table][name] for name in SCHEMA.tables[table].columns if name != "id"}
    kept = set(rule.columns) | _named_in(rule)
    row = fresh_row(connection, table) | {n: v for n, v in copied.items() if n in kept}
    row = _clear_of_others(table, rule, row)
    found = broken_by(connection, insert(rows(table)).values(row))
    assert found == Violation(table, rule.name, "unique", rule.columns, rule.sentence)


def _clear_of_others(table: str, rule: Constraint | Index, row: Values) -> Values:
    """The row changed so that it falls under no other partial index."""
    for index in SCHEMA.tables[table].indexes:
        if index.is_unique and index.condition and index != rule:
            condition = Constraint("", "check", _all(table), "", f"NOT ({index.condition})")
            row = _meeting(table, condition, row)
    return row


def _all(table: str) -> tuple[str, ...]:
    return tuple(SCHEMA.tables[table].columns)


def _named_in(rule: Constraint | Index) -> set[str]:
    """The columns that the condition of a partial index asks for."""
    condition = rule.condition if isinstance(rule, Index) else ""
    return {word for word in condition.replace("(", " ").split() if word.isidentifier()}


def _meeting(table: str, condition: Constraint, row: Values) -> Values:
    """The row changed so that it falls under a partial index."""
    words = SCHEMA.tables[table]
    named = [n for n in words.columns if n in condition.condition.replace("(", " ").split()]
    choices = [{n: value} for n in named for value in (*words.columns[n].choices, None)]
    tries = [row, *(row | c for c in choices)]
    return next(r for r in tries if holds(condition, r) and _is_valid(table, r))


def _is_valid(table: str, row: Values) -> bool:
    checks = [c for c in SCHEMA.tables[table].constraints if c.kind == "check"]
    return all(holds(check, row) for check in checks)


@pytest.mark.parametrize(("table", "column"), REQUIRED)
def test_a_row_without_a_required_value_asks_for_it_by_label(
    connection: Connection, table: str, column: str
) -> None:
    row = fresh_row(connection, table) | {column: None}
    found = broken_by(connection, insert(rows(table)).values(row))
    label = SCHEMA.tables[table].columns[column].label
    assert found == Violation(table, "", "not null", (column,), f"请填写{label}。")


@pytest.mark.parametrize(("table", "key"), KEYS, ids=by_name)
def test_a_row_that_hangs_on_nothing_is_refused_with_the_sentence_of_that_key(
    connection: Connection, table: str, key: Constraint
) -> None:
    row = fresh_row(connection, table) | {key.key_column: NOWHERE}
    row = _hung_by(key, SCHEMA.tables[table], row)
    found = broken_by(connection, insert(rows(table)).values(row))
    broken = [k for k in SCHEMA.tables[table].foreign_keys if key.key_column in k.columns]
    assert (found.kind, found.columns) == ("foreign key", (key.key_column,)) or len(broken) > 1
    assert (found.constraint, found.sentence) in [(k.name, k.sentence) for k in broken]


@pytest.mark.parametrize(("table", "key"), KEYS, ids=by_name)
def test_a_row_on_which_another_hangs_is_kept_with_the_sentence_of_that_key(
    connection: Connection, table: str, key: Constraint
) -> None:
    parent = rows(key.target)
    held, hanging, holding = _hanging(connection, table, key)
    statement = delete(parent).where(parent.c.id == held["id"])
    if key.on_delete == "RESTRICT":
        found = broken_by(connection, statement)
        assert (found.constraint, found.sentence) in [(k.name, k.sentence) for k in holding]
        return
    connection.execute(statement)
    left = connection.execute(select(rows(table)).where(rows(table).c.id == hanging["id"])).first()
    assert left is None if key.on_delete == "CASCADE" else getattr(left, key.key_column) is None


def _hanging(
    connection: Connection, table: str, key: Constraint
) -> tuple[Values, Values, list[Constraint]]:
    """A parent, a row that hangs on it by ``key``, and the keys that may be named when the parent shall go.

    That is ``key`` alone, but for a child that must name the like of that parent twice, or whose parents hang on each
    other and so hold it as well.
    """
    child, line = SCHEMA.tables[table], ancestors(SCHEMA, table)
    others = fill(connection, models.metadata, SCHEMA, 3, line or {""})
    if any(len(k.columns) > 1 for k in child.foreign_keys) and key.target != table:
        hanging = insert_row(connection, models.metadata, child, linked_row(child, 3, "", others))
        among = [k for t in (*line, table) for k in SCHEMA.tables[t].foreign_keys]
        return others[key.target], hanging, [k for k in among if k.target == key.target]
    upward = ancestors(SCHEMA, key.target) | {key.target}
    held = fill(connection, models.metadata, SCHEMA, 4, upward)
    is_plain_self = key.target == table and len(key.columns) == 1
    family = held | others if is_plain_self else others | held  # beside its like, not in its place
    hanging = linked_row(child, 5, "", family)
    rivals = [k for k in child.foreign_keys if k.target == key.target and k != key]
    required = [k for k in rivals if child.columns[k.key_column].is_required]
    hanging |= dict.fromkeys(k.key_column for k in rivals if k not in required)
    copied = zip(key.columns, key.target_columns, strict=True)
    hanging |= {here: held[key.target][there] for here, there in copied}
    hanging = _hung_by(key, child, hanging)
    hanging = insert_row(connection, models.metadata, child, hanging)
    return held[key.target], hanging, [key, *required]


def _hung_by(key: Constraint, table: WordsTable, row: Values) -> Values:
    """The row without the other links that its CHECKs do not allow beside ``key``."""
    for check in table.constraints:
        if check.kind == "check" and not holds(check, row):
            row |= {c: None for c in check.columns if c != key.key_column}
    return row


def test_an_item_with_replies_stays_in_its_meeting(connection: Connection, world: World) -> None:
    other = insert_row(
        connection, models.metadata, SCHEMA.tables["meetings"], fresh_row(connection, "meetings")
    )
    statement = update(rows("proposals")).values(meeting_id=other["id"])
    assert broken_by(connection, statement.where(rows("proposals").c.id == 1)).sentence == (
        "本件已有答复，不能删除，也不能改到别的会议或改本地承担。"
    )


def test_many_rows_at_once_are_explained_by_the_one_that_is_wrong(connection: Connection) -> None:
    good, bad = {"name": "甲局"}, {"name": "乙局", "kind": "不存在"}
    with pytest.raises(IntegrityError) as refused, connection.begin_nested():
        connection.execute(
            insert(rows("units")).returning(rows("units").c.id), [good | {"kind": "其他"}, bad]
        )
    found = find(refused.value, connection)
    assert found is not None and found.constraint == "ck_units_kind"


def test_many_rows_at_once_of_which_one_hangs_on_nothing(connection: Connection) -> None:
    aliases = [{"unit_id": 1, "alias": "甲"}, {"unit_id": NOWHERE, "alias": "乙"}]
    with pytest.raises(IntegrityError) as refused, connection.begin_nested():
        connection.execute(insert(rows("unit_aliases")), aliases)
    found = find(refused.value, connection)
    assert found is not None and found.constraint == "fk_unit_aliases_unit"


@pytest.fixture
def office(filled_engine: Engine) -> Iterator[ActorSession]:
    with actor_session(filled_engine, Actor("王督查", OFFICE), shanghai_now) as session:
        yield session


def test_the_office_reads_which_rule_its_entry_broke(office: ActorSession, world: World) -> None:
    office.add(models.Unit(name=world["units"]["name"]))
    with pytest.raises(IntegrityError) as refused:
        office.commit()
    office.rollback()
    found = explain(refused.value, office)
    assert found is not None
    assert (found.columns, found.sentence) == (("name",), "已有同名的承办单位。")


def test_a_unit_with_tasks_is_kept_and_the_office_reads_the_way_out(office: ActorSession) -> None:
    office.delete(office.get_one(models.Unit, 1))
    with pytest.raises(IntegrityError) as refused:
        office.commit()
    office.rollback()
    found = explain(refused.value, office)
    assert found is not None and found.sentence.startswith("这个单位还有")
    assert found.sentence.endswith("不能删除；可以改为停用。")


def test_a_clash_with_a_row_that_a_person_may_not_see_tells_nothing_of_it(
    filled_engine: Engine, world: World
) -> None:
    """Nobody meets such a clash in the tables of today; a table that staff add may have one."""
    statement = insert(rows("commitments")).values(
        linked_row(SCHEMA.tables["commitments"], 1, world["commitments"]["content"], world)
    )
    with pytest.raises(IntegrityError) as refused, filled_engine.begin() as connection:
        connection.execute(statement)
    stranger = Actor("李联络员", LIAISON, user_id=NOWHERE, unit_id=NOWHERE)
    with actor_session(filled_engine, stranger, shanghai_now) as session:
        told = explain(refused.value, session)
    own = Actor("张联络员", LIAISON, user_id=1, unit_id=world["assignments"]["unit_id"])
    with actor_session(filled_engine, own, shanghai_now) as session:
        known = explain(refused.value, session)
    assert told == Violation("commitments", "", "unique", (), UNSEEN_CLASH)
    assert known is not None and known.constraint == "uq_commitments_content"
