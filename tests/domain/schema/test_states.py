"""The states and roles that the code speaks of are words that schema.sql's columns take."""

import ast
from collections.abc import Iterable, Iterator

import pytest

from domain import models
from domain.schema import states
from tests.ground.places import ROOT


@pytest.mark.parametrize(
    ("words", "table", "column"),
    [
        (states.ItemState, "proposals", "state"),
        (states.TaskState, "assignments", "state"),
        (states.ReplyState, "replies", "state"),
        (states.TaskRole, "assignments", "role"),
        (states.SponsorRole, "sponsors", "role"),
        (states.ReplyKind, "replies", "kind"),
        (states.PromiseState, "commitments", "state"),
        (states.Publicity, "replies", "publicity"),
        (states.Revisit, "replies", "revisit_result"),
        (states.Decision, "return_requests", "decision"),
        (states.ExtensionDecision, "extension_requests", "decision"),
        (states.StepResult, "review_steps", "result"),
        (states.Ending, "assignments", "ended_how"),
        (states.RequestKind, "return_requests", "kind"),
        (states.Rating, "feedbacks", "result_rating"),
        (states.EnteredHow, "feedbacks", "entered_how"),
        (states.DueOrigin, "deadlines", "origin"),
        (states.Audience, "reminders", "audience"),
        (states.RunState, "job_runs", "state"),
        (states.ImportState, "imports", "state"),
    ],
)
def test_every_word_is_one_that_its_column_takes(words: type, table: str, column: str) -> None:
    said = {value for name, value in vars(words).items() if name.isupper()}
    assert said
    assert said <= set(models.schema.tables[table].columns[column].choices)


def test_states_that_are_derived_are_all_named() -> None:
    for words, table in (
        (states.ItemState, "proposals"),
        (states.TaskState, "assignments"),
        (states.RunState, "job_runs"),
        (states.MailState, "mailings"),
        (states.ImportState, "imports"),
    ):
        named = {value for name, value in vars(words).items() if name.isupper()}
        assert named == set(models.schema.tables[table].columns["state"].choices)


NAMED = {"state", "result_rating", "decision", "ended_how", "origin", "audience"}
"""Columns whose words the code calls by their names alone, wherever it compares or writes them."""


def typed_anew(tree: ast.AST) -> Iterator[str]:
    """The words that are compared with such a column, or said of it, as texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            if any(isinstance(side, ast.Attribute) and side.attr in NAMED for side in sides):
                yield from texts(sides)
        elif isinstance(node, ast.keyword) and node.arg in NAMED:
            yield from texts([node.value])
        elif isinstance(node, ast.Dict):
            said = zip(node.keys, node.values, strict=True)
            yield from texts(
                value for key, value in said if isinstance(key, ast.Constant) and key.value in NAMED
            )


def texts(values: Iterable[ast.expr]) -> Iterator[str]:
    for value in values:
        if (
            isinstance(value, ast.Constant)
            and isinstance(value.value, str)
            and not value.value.isascii()
        ):
            yield value.value


def test_no_module_types_the_words_of_a_state_anew() -> None:
    for floor in ("domain", "jobs", "admin"):
        for path in (ROOT / floor).rglob("*.py"):
            assert not list(typed_anew(ast.parse(path.read_text("utf-8")))), path
