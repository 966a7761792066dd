"""The generated files say what the schema and the rules say today."""

from pathlib import Path

import pytest

from domain import models
from domain.access.describing import pages


@pytest.mark.parametrize("file", pages(), ids=lambda path: path.name)
def test_a_generated_page_is_fresh(file: Path) -> None:
    stale = f"{file.name} is stale: run make docs"
    assert file.read_text("utf-8") == pages()[file], stale


def test_every_table_is_in_each_of_them() -> None:
    for text in pages().values():
        for table in models.schema.tables.values():
            assert table.label in text


def test_the_roles_page_tells_what_a_liaison_may_do() -> None:
    roles = next(text for file, text in pages().items() if file.name == "roles.md")
    tasks = roles.partition("(`assignments`)")[2].partition("\n## ")[0]
    liaison = next(line for line in tasks.splitlines() if line.startswith("| 承办单位联络员"))
    assert "own unit" in liaison
    assert "承办单位联络员 fills in only: 签收日期" in tasks
