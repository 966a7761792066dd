"""Items that begin with this very save, as a plan makes them by the thousand: nothing of them can be out of date.

Whoever made them gave them the state and the days that follow from what they are, which is looked at here without
asking the database for each; only their due dates are still to be made. An item of which more is known is not fresh.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from domain import models
from domain.schema.states import ItemState, TaskRole, TaskState
from domain.storing.session import ActorSession
from domain.storing.write_rules import ByTable

_RECORDED = ("withdrawn_on", "closed_on", "written_off_on", "merged_into_id")
Values = Mapping[str, Any]


def fresh_items(session: ActorSession, written: ByTable) -> set[int]:
    """The ids of the items that were made in this save, with tasks that nobody is at or none, as they should be."""
    items = {row.new["id"]: row.new for row in written.get("proposals", ()) if not row.old}
    if not items or set(written) - {"proposals", "assignments"}:
        return set()
    tasks: dict[int, list[Values]] = defaultdict(list)
    known = set[int]()
    for row in written.get("assignments", ()):
        if row.old:
            known |= {task["proposal_id"] for task in (row.old, row.new) if task}
        else:
            tasks[row.new["proposal_id"]].append(row.new)
    days = _handover_days(session, {item["meeting_id"] for item in items.values()})
    begins = (id for id, it in items.items() if _begins(it, tasks[id], days[it["meeting_id"]]))
    return set(begins) - known


def _handover_days(session: ActorSession, meetings: set[int]) -> dict[int, Any]:
    meeting = models.Meeting
    rows = session.execute(
        select(meeting.id, meeting.handed_over_on).where(meeting.id.in_(meetings))
    )
    return {row.id: row.handed_over_on for row in rows}


def _begins(item: Values, tasks: list[Values], whole: Any) -> bool:
    """Whether the item is as what is known of it makes it; ``whole`` is the day its meeting was handed over."""
    since = item.get("handed_over_on") or whole
    state, of_task = ItemState.HANDED_OVER if tasks else ItemState.REGISTERED, TaskState.UNSIGNED
    if item.get("is_history"):
        state, of_task = ItemState.CLOSED, TaskState.FINISHED
    return (
        item["state"] == state
        and item.get("awaits_unit") == _awaits_unit(item, tasks)
        and item.get("counts_from_on") == since
        and not any(item.get(name) for name in _RECORDED)
        and all(_waits(task, of_task, since) for task in tasks)
    )


def _awaits_unit(item: Values, tasks: list[Values]) -> bool | None:
    is_over = item.get("is_history") or item.get("merged_into_id")
    is_answered = any(task["role"] != TaskRole.PARTNER for task in tasks)
    return None if is_over or is_answered else True


def _waits(task: Values, state: str, since: Any) -> bool:
    return (
        task["state"] == state
        and task.get("signed_on") is None
        and task.get("finished_on") is None
        and task.get("counts_from_on") == (task.get("handed_over_on") or since)
    )
