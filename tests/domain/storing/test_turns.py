"""In which turn rows are written that are saved together."""

from typing import Any

from domain import models
from domain.storing.turns import turns

SPONSORS = models.schema.tables["sponsors"]
STEPS = models.schema.tables["commitment_steps"]


def signer(key: int, deputy: int, role: str, item: int = 1) -> dict[str, Any]:
    return {"id": key, "proposal_id": item, "deputy_id": deputy, "role": role}


def test_who_gives_up_the_lead_is_written_before_who_takes_it() -> None:
    steps_back = (signer(7, 1, "领衔"), signer(7, 1, "联名"))
    leads = (signer(3, 2, "联名"), signer(3, 2, "领衔"))
    assert turns(SPONSORS, [leads, steps_back]) == [[1], [0]]
    new: Any = ({}, {**signer(0, 3, "领衔"), "id": None})
    assert turns(SPONSORS, [new, steps_back]) == [[1], [0]]


def test_rows_that_want_nothing_of_each_other_are_written_at_once() -> None:
    writes = [(signer(n, n, "联名"), signer(n, n, "附议")) for n in (1, 2, 3)]
    assert turns(SPONSORS, writes) == [[0, 1, 2]]
    assert turns(SPONSORS, []) == []


def test_the_lead_of_another_item_is_nobodys_lead_here() -> None:
    elsewhere = (signer(7, 1, "领衔", item=2), signer(7, 1, "联名", item=2))
    leads = (signer(3, 2, "联名"), signer(3, 2, "领衔"))
    assert turns(SPONSORS, [leads, elsewhere]) == [[0, 1]]


def test_rows_that_change_with_each_other_have_no_order() -> None:
    one = (signer(1, 1, "联名"), signer(1, 2, "联名"))
    other = (signer(2, 2, "联名"), signer(2, 1, "联名"))
    assert turns(SPONSORS, [one, other]) == [[0, 1]]


def test_a_column_may_be_left_alone() -> None:
    def step(key: int, place: int) -> dict[str, Any]:
        return {"id": key, "commitment_id": 1, "position": place}

    moved = [(step(1, 1), step(1, 2)), (step(2, 2), step(2, 3))]
    assert turns(STEPS, moved) == [[1], [0]]
    assert turns(STEPS, moved, "position") == [[0, 1]]
