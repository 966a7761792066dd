"""models.pyi says of the classes what the database and the mapper say of them."""

import ast
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from keyword import iskeyword
from typing import Any

import pytest

from domain import models
from domain.schema.stub import STUB

TYPES = {t.__name__: t for t in (bool, date, datetime, float, int, str)}
KEYWORDS = {("import_rows", "import"), ("change_log", "import")}


def declared() -> Mapping[str, Mapping[str, str]]:
    """The annotations of every class of the stub, without their Mapped[…]."""
    classes = [n for n in ast.parse(STUB.read_text("utf-8")).body if isinstance(n, ast.ClassDef)]
    return {node.name: dict(annotations(node)) for node in classes}


def annotations(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for item in node.body:
        if isinstance(item, ast.AnnAssign):
            yield ast.unparse(item.target), ast.unparse(item.annotation)[len("Mapped[") : -1]


DECLARED = declared()


@pytest.mark.parametrize("table", models.schema.tables)
def test_a_class_of_the_stub_has_the_attributes_of_the_mapped_one(table: str) -> None:
    cls: Any = models.by_table[table]
    mapped = set(cls.__mapper__.attrs.keys())
    unsayable = {name for name in mapped if iskeyword(name)}
    assert set(DECLARED[cls.__name__]) == mapped - unsayable
    assert {(table, name) for name in unsayable} <= KEYWORDS


@pytest.mark.parametrize("table", models.schema.tables)
def test_a_column_has_the_type_that_its_values_come_in(table: str) -> None:
    cls: Any = models.by_table[table]
    for column in cls.__table__.columns:
        said = DECLARED[cls.__name__][column.name]
        if said != "Any":
            kind, _, empty = said.partition(" | ")
            assert (TYPES[kind], empty) == (
                column.type.python_type if kind != "float" else float,
                "None" if column.nullable else "",
            ), f"{table}.{column.name}"


@pytest.mark.parametrize("table", models.schema.tables)
def test_a_relation_leads_to_the_class_that_the_mapper_names(table: str) -> None:
    cls: Any = models.by_table[table]
    for relation in cls.__mapper__.relationships:
        target, (local,) = relation.mapper.class_.__name__, relation.local_columns
        said = f"list[{target}]" if relation.uselist else target
        said += " | None" if not relation.uselist and local.nullable else ""
        assert DECLARED[cls.__name__].get(relation.key, said) == said


def test_the_module_has_what_the_stub_declares_besides_the_classes() -> None:
    named = [n for n in ast.parse(STUB.read_text("utf-8")).body if isinstance(n, ast.AnnAssign)]
    for name in [*models.__all__, *(ast.unparse(node.target) for node in named)]:
        assert hasattr(models, name)
