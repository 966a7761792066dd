"""The states and roles that the code speaks of are words that schema.sql's columns take."""

import pytest

from domain import models
from domain.schema import states


@pytest.mark.parametrize(
    ("words", "table", "column"),
    [
        (states.ItemState, "proposals", "state"),
        (states.TaskState, "assignments", "state"),
        (states.ReplyState, "replies", "state"),
        (states.TaskRole, "assignments", "role"),
        (states.SponsorRole, "sponsors", "role"),
        (states.ReplyKind, "replies", "kind"),
        (states.Decision, "return_requests", "decision"),
    ],
)
def test_every_word_is_one_that_its_column_takes(words: type, table: str, column: str) -> None:
    said = {value for name, value in vars(words).items() if name.isupper()}
    assert said
    assert said <= set(models.schema.tables[table].columns[column].choices)


def test_states_that_are_derived_are_all_named() -> None:
    for words, table in ((states.ItemState, "proposals"), (states.TaskState, "assignments")):
        named = {value for name, value in vars(words).items() if name.isupper()}
        assert named == set(models.schema.tables[table].columns["state"].choices)
