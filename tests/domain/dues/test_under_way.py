"""An item without a unit that answers it is counted at night as long as it waits to be handed over, and no longer."""

from datetime import date
from typing import Any

import pytest

from domain import models
from domain.dues.nightly import check_deadlines
from tests.ground.acting import item
from tests.ground.district import Panel

DAY = date(2024, 4, 12)


def told(panel: Panel, number: str) -> tuple[bool, int]:
    """Whether the office's list of what waits has the item, and how many the nightly check counts."""
    waiting = panel.as_("office").get(f"/proposals/?waits=hand_over&number={number}")
    with panel.truth() as session:
        return "details/?id=" in waiting, check_deadlines(session, DAY).without_unit


@pytest.mark.parametrize(
    "ending",
    [{"withdrawn_on": DAY}, {"closed_on": DAY}, {"is_history": True}, {"merged_into_id": 1}],
    ids=lambda ending: next(iter(ending)),
)
def test_it_is_counted_until_it_has_ended(panel: Panel, ending: dict[str, Any]) -> None:
    waits, counted = told(panel, "003")
    assert waits
    key, other = item(panel, "003"), item(panel, "001")
    with panel.truth() as session:
        for name, value in ending.items():
            is_link = name == "merged_into_id"
            setattr(session.get_one(models.Proposal, key), name, other if is_link else value)
        session.commit()
    assert told(panel, "003") == (False, counted - 1)
