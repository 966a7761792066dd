"""The generated files say what the schema and the rules say today."""

from pathlib import Path

import pytest

from admin.papers.describing import PAGE as MARKS_PAGE
from admin.papers.describing import marks_page
from domain import models
from domain.access.describing import pages
from domain.lifecycle.acts.register import ACTS
from domain.lifecycle.describing import PAGE, workflow_page


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
    assert "承办单位联络员 fills in only: 分管领导、办理科室、办理人员\n" in tasks


def test_the_page_of_marks_is_fresh() -> None:
    stale = f"{MARKS_PAGE.name} is stale: run make docs"
    assert MARKS_PAGE.read_text("utf-8") == marks_page(), stale


def test_the_page_of_the_workflow_is_fresh() -> None:
    stale = f"{PAGE.name} is stale: run make docs"
    assert PAGE.read_text("utf-8") == workflow_page(), stale


def test_the_page_of_the_workflow_names_every_act_and_whose_it_is() -> None:
    parts = workflow_page().split("\n### ")
    for act in ACTS:
        (part,) = [part for part in parts if part.startswith(f"{act.label} (`{act.name}`)")]
        assert not act.starts or f"- open in: {'、'.join(act.starts)}" in part
        for role in act.who:
            assert f"\n- {role}: " in part, (act.name, role)
        assert part.count("asks for `") == len(act.answers)
