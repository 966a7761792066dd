"""All rows of the year as they are on a day, and what can be said of them, in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from domain import models
from domain.storing.session import ActorSession

ENDED = ("已退办", "已撤办")
DRAFTS = ("拟稿", "退回")
_TABLES = (
    "proposals", "sponsors", "assignments", "replies", "deliveries", "feedbacks", "deadlines", "handling_plans",
    "return_requests", "extension_requests", "review_steps", "review_route_steps", "meetings", "answer_categories",
    "commitments", "urgings", "unit_reports", "score_entries", "onsite_opinions", "messages",
    "users",
)  # fmt: skip


class AllRows:
    """All rows as they are on a day."""

    def __init__(self, session: ActorSession, today: date) -> None:
        self.today = today
        self.rows = {name: _read(session, name) for name in _TABLES}
        self.items, self.tasks = self.rows["proposals"], self.rows["assignments"]
        self.replies, self.meetings = self.rows["replies"], self.rows["meetings"]
        self.of_task = _grouped(self.replies.values(), "assignment_id")
        self.of_item = _grouped(self.tasks.values(), "proposal_id")
        self.signers = _grouped(self.rows["sponsors"].values(), "proposal_id")
        self.served = _pairs(self.rows["deliveries"])
        self.rated = _pairs(self.rows["feedbacks"])
        self.lines = _grouped(self.rows["deadlines"].values(), "assignment_id")
        self.steps = _grouped(self.rows["review_steps"].values(), "reply_id")
        self.promises = _grouped(self.rows["commitments"].values(), "assignment_id")
        self.merged = _grouped(self.items.values(), "merged_into_id")
        self.people = list(self.rows["users"].values())

    def is_open(self, item: Any) -> bool:
        ends = (item.withdrawn_on, item.closed_on, item.merged_into_id)
        return not item.is_history and not any(ends)

    def is_held(self, task: Any) -> bool:
        return task.state not in ENDED

    def in_hand(self, person: Any, task: Any) -> bool:
        return person.unit_id is not None and task.unit_id == person.unit_id and self.is_held(task)

    def own(self, person: Any, name: str) -> Iterator[Any]:
        """The rows of a table below tasks in the person's hands."""
        for row in self.rows[name].values():
            if self.in_hand(person, self.tasks[row.assignment_id]):
                yield row

    def task_at_work(self, row: Any) -> bool:
        task = self.tasks[row.assignment_id]
        return self.is_held(task) and self.is_open(self.items[task.proposal_id])

    def reply_at_work(self, reply: Any) -> bool:
        task = self.tasks[reply.assignment_id]
        before = [
            one
            for one in self.of_task[task.id]
            if (one.kind, one.round) == (reply.kind, reply.round - 1)
        ]
        is_owed = reply.kind == "再次答复" or any(b.revisit_result == "改变类别" for b in before)
        return self.is_held(task) and (self.is_open(self.items[reply.proposal_id]) or is_owed)

    def is_in_force(self, reply: Any) -> bool:
        later = (
            one
            for one in self.of_task[reply.assignment_id]
            if one.kind == reply.kind and one.round > reply.round and one.state == "已答复"
        )
        return reply.kind != "协办意见" and not any(later)

    def owed_to(self, reply: Any) -> set[int]:
        signed = (s for s in self.signers[reply.proposal_id] if s.role in ("领衔", "联名"))
        return {s.deputy_id for s in signed if s.wants_reply} | self.leading_merged(reply)

    def leading_merged(self, reply: Any) -> set[int]:
        """Who signed first what was merged into the reply's item."""
        others = (o for o in self.merged[reply.proposal_id] if not o.withdrawn_on)
        return {s.deputy_id for o in others for s in self.signers[o.id] if s.role == "领衔"}

    def promises_still(self, task: Any) -> bool:
        said = [r for r in self.of_task[task.id] if r.state == "已答复" and r.kind != "协办意见"]
        last = max(said, key=lambda r: (r.issued_on, r.id), default=None)
        return last is not None and self._letter(last).is_promise

    def _letter(self, reply: Any) -> Any:
        return self.rows["answer_categories"][reply.answer_category_id]

    def line(self, task_id: int, milestone: str) -> Any:
        found = (x for x in self.lines[task_id] if x.milestone == milestone and not x.done_on)
        return next(found, None)

    def answering(self, item: Any) -> list[Any]:
        return [t for t in self.of_item[item.id] if t.role != "协办" and self.is_held(t)]

    def is_unanswered(self, task: Any) -> bool:
        return all(r.state in DRAFTS for r in self.of_task[task.id])

    def route_of(self, reply: Any) -> list[Any]:
        route = self.meetings[reply.meeting_id].review_route_id
        is_key = bool(self.items[reply.proposal_id].key_kind)
        items = ("全部", "重点件" if is_key else "非重点件")
        return [
            line
            for line in self.rows["review_route_steps"].values()
            if line.review_route_id == route
            and line.kind in ("全部", reply.kind)
            and line.items in items
        ]


def _read(session: ActorSession, name: str) -> dict[int, Any]:
    table = models.table_of(name)
    return {row.id: row for row in session.unchecked_connection().execute(table.select())}


def _grouped(rows: Any, column: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found


def _pairs(rows: dict[int, Any]) -> dict[int, set[int]]:
    """By reply the deputies of these rows."""
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows.values():
        found[row.reply_id].add(row.deputy_id)
    return found
