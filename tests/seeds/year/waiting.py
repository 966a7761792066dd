"""What waits for whom, worked out once more in plain Python over all rows: what every 待办 is held to.

Nothing of the panel's own conditions, scopes or queries is used here; each method says in its own words what
docs/workflow.md lets wait for whom. What is said of single rows: desks.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from tests.seeds.year.desks import DRAFTS, AllRows

Waits = set[tuple[str, int]]
"""Acts with the ids of the rows on which they are to be done."""


class Desks(AllRows):
    """What the rows leave to do, act by act."""

    def of(self, person: Any) -> Waits:
        """What waits for this person."""
        told = _BY_ROLE.get(person.role, ())
        return {(name, key) for name in told for key in _RULES[name](self, person)}

    # ---- of the office

    def hand_over(self, person: Any) -> Iterator[int]:
        for item in self.items.values():
            if self.is_open(item) and not self.answering(item):
                yield item.id

    def close(self, person: Any) -> Iterator[int]:
        for item in self.items.values():
            if item.state in ("答复", "评价") and not item.merged_into_id and not item.is_history:
                yield item.id

    def write_off(self, person: Any) -> Iterator[int]:
        return (i.id for i in self.items.values() if i.state == "办结" and i.closed_on)

    def carry_on(self, person: Any) -> Iterator[int]:
        heirs = {item.carried_from_id for item in self.items.values()}
        for item in self.items.values():
            promising = [t for t in self.answering(item) if self.promises_still(t)]
            all_made = [
                p.state
                for t in self.of_item[item.id]
                if self.is_held(t)
                for p in self.promises[t.id]
            ]
            is_kept = bool(all_made) and set(all_made) <= {"已兑现", "已销号"}
            is_past = self.meetings[item.meeting_id].year < self.today.year
            over = item.state in ("销号", "撤回") or item.merged_into_id or item.id in heirs
            if promising and is_past and not over and not is_kept:
                yield item.id

    def grant_return(self, person: Any) -> Iterator[int]:
        for request in self.rows["return_requests"].values():
            task = self.tasks[request.assignment_id]
            if (
                request.decision == "待定"
                and self.task_at_work(request)
                and self.is_unanswered(task)
            ):
                yield request.id

    def grant_extension(self, person: Any) -> Iterator[int]:
        for request in self.rows["extension_requests"].values():
            if (
                request.decision == "待定"
                and self.task_at_work(request)
                and self.line(request.assignment_id, request.milestone)
            ):
                yield request.id

    def publish(self, person: Any) -> Iterator[int]:
        for reply in self.replies.values():
            item = self.items[reply.proposal_id]
            is_said = reply.publicity != "未定" or reply.state != "已答复"
            if not is_said and self.is_in_force(reply) and not item.withdrawn_on:
                yield reply.id

    def write_off_promise(self, person: Any) -> Iterator[int]:
        return (p.id for p in self.rows["commitments"].values() if p.state == "已兑现")

    def uphold_score(self, person: Any) -> Iterator[int]:
        return (e.id for e in self.rows["score_entries"].values() if e.standing == "申诉中")

    def accept_plan(self, person: Any) -> Iterator[int]:
        return _filed(self.rows["handling_plans"])

    def accept_report(self, person: Any) -> Iterator[int]:
        return _filed(self.rows["unit_reports"])

    def judge_opinion(self, person: Any) -> Iterator[int]:
        for one in self.rows["onsite_opinions"].values():
            if not one.judged_on and not one.proposal_id:
                yield one.id

    def hand_over_opinion(self, person: Any) -> Iterator[int]:
        for one in self.rows["onsite_opinions"].values():
            later = (one.handed_over_on, one.first_feedback_on, one.proposal_id)
            if one.judged_on and not any(later):
                yield one.id

    # ---- of a unit

    def sign(self, person: Any) -> Iterator[int]:
        for task in self.tasks.values():
            if (
                self.in_hand(person, task)
                and self.is_open(self.items[task.proposal_id])
                and not task.signed_on
                and task.state in ("待签收", "办理中", "审核中")
            ):
                yield task.id

    def redo(self, person: Any) -> Iterator[int]:
        for task in self.tasks.values():
            if not self.in_hand(person, task) or not self.is_open(self.items[task.proposal_id]):
                continue
            answers = [r for r in self.of_task[task.id] if r.kind == "答复"]
            last = max(answers, key=lambda r: r.round, default=None)
            if last and last.state == "已答复" and self._is_disliked(last):
                yield task.id

    def _is_disliked(self, reply: Any) -> bool:
        rated = self.rows["feedbacks"].values()
        return any(f.reply_id == reply.id and f.result_rating == "不满意" for f in rated)

    def answer_again(self, person: Any) -> Iterator[int]:
        for task in self.tasks.values():
            item = self.items[task.proposal_id]
            if not self.in_hand(person, task) or item.withdrawn_on or item.merged_into_id:
                continue
            is_begun = any(
                r.kind == "再次答复" and r.state != "已答复" for r in self.of_task[task.id]
            )
            line = self.line(task.id, "再次答复")
            is_past = self.meetings[item.meeting_id].year < self.today.year
            is_due = line is not None and line.due_on <= date(self.today.year, 12, 31)
            if (
                task.role != "协办"
                and is_past
                and is_due
                and not is_begun
                and self.promises_still(task)
            ):
                yield task.id

    def file_plan(self, person: Any) -> Iterator[int]:
        for plan in self.own(person, "handling_plans"):
            if not plan.submitted_on and self.task_at_work(plan):
                yield plan.id

    def file_report(self, person: Any) -> Iterator[int]:
        for report in self.rows["unit_reports"].values():
            if report.unit_id == person.unit_id and not report.submitted_on:
                yield report.id

    def countersign(self, person: Any) -> Iterator[int]:
        for reply in self.replies.values():
            if reply.state == "协办会签" and reply.role == "主办" and self.reply_at_work(reply):
                assists = (t for t in self.of_item[reply.proposal_id] if self.in_hand(person, t))
                if any(t.role == "协办" for t in assists) and not self._signed(person, reply):
                    yield reply.id

    def _signed(self, person: Any, reply: Any) -> bool:
        """Whether the person's unit has signed since the reply was last sent: the year's route begins anew."""
        signed = False
        for step in sorted(self.steps[reply.id], key=lambda s: s.id):
            if step.result in ("提交", "退回"):
                signed = False
            elif step.step == "协办会签" and step.countersign_unit_id == person.unit_id:
                signed = step.result == "通过"
        return signed

    def send(self, person: Any) -> Iterator[int]:
        for reply in self.own(person, "replies"):
            is_returning = self.tasks[reply.assignment_id].state == "退办中"
            if reply.state in DRAFTS and self.reply_at_work(reply) and not is_returning:
                yield reply.id

    def issue(self, person: Any) -> Iterator[int]:
        for reply in self.own(person, "replies"):
            if reply.state == "通过" and self.reply_at_work(reply):
                yield reply.id

    def confirm_letter(self, person: Any) -> Iterator[int]:
        for reply in self.own(person, "replies"):
            item, line = self.items[reply.proposal_id], self.line(reply.assignment_id, "再梳理")
            later = any(
                r.kind == "答复" and r.round > reply.round
                for r in self.of_task[reply.assignment_id]
            )
            over = item.withdrawn_on or item.merged_into_id or item.written_off_on
            if (reply.kind, reply.state) != ("答复", "已答复") or over or later or not line:
                continue
            is_time = line.due_on <= self.today + timedelta(days=30)
            if is_time and reply.revisit_result != "类别不变":
                yield reply.id

    def keep_promise(self, person: Any) -> Iterator[int]:
        for promise in self.own(person, "commitments"):
            is_due = promise.due_on <= self.today + timedelta(days=7)
            if promise.state == "推进中" and is_due:
                yield promise.id

    def read_urging(self, person: Any) -> Iterator[int]:
        for urging in self.own(person, "urgings"):
            if not urging.read_at and not urging.taken_back_on:
                yield urging.id

    def first_feedback(self, person: Any) -> Iterator[int]:
        for one in self.rows["onsite_opinions"].values():
            is_own = person.unit_id is not None and one.unit_id == person.unit_id
            if is_own and one.handed_over_on and not one.first_feedback_on and not one.proposal_id:
                yield one.id

    # ---- of several

    def read_message(self, person: Any) -> Iterator[int]:
        """What is urged waits for the unit as a whole, by itself."""
        for one in self.rows["messages"].values():
            if one.user_id == person.id and not one.read_at and one.kind != "催办":
                yield one.id

    def pass_(self, person: Any) -> Iterator[int]:
        for reply in self.replies.values():
            signer = {line.step: line.signer for line in self.route_of(reply)}.get(reply.state)
            task, item = self.tasks[reply.assignment_id], self.items[reply.proposal_id]
            is_his = {
                "交办督查": True,
                "督办领导": item.supervisor_id == person.id,
            }.get(person.role, self.in_hand(person, task))
            steps = ("复核", "分管审核", "主要审签", "督办审签", "督查审核")
            if (
                signer == person.role
                and is_his
                and reply.state in steps
                and self.reply_at_work(reply)
            ):
                yield reply.id

    def deliver(self, person: Any) -> Iterator[int]:
        for reply in self.replies.values():
            if reply.state != "已答复" or not self.is_in_force(reply):
                continue
            is_unserved = bool(self.owed_to(reply) - self.served[reply.id])
            issuer = self.rows["users"].get(reply.issued_by_id)
            by_office = issuer is not None and issuer.role == "交办督查"
            is_his = (
                by_office
                if person.role == "交办督查"
                else self.in_hand(person, self.tasks[reply.assignment_id])
            )
            if is_unserved and is_his and self.reply_at_work(reply):
                yield reply.id

    def rate(self, person: Any) -> Iterator[int]:
        own = person.deputy_id
        for reply in self.replies.values():
            signed = {s.deputy_id for s in self.signers[reply.proposal_id]}
            must = self.owed_to(reply) | self.served[reply.id]
            sees = signed | self.leading_merged(reply)
            is_his = own in sees and own in must and own not in self.rated[reply.id]
            item = self.items[reply.proposal_id]
            over = item.withdrawn_on or item.merged_into_id
            if (
                is_his
                and reply.state == "已答复"
                and not over
                and self.is_in_force(reply)
                and self.reply_at_work(reply)
            ):
                yield reply.id


_RULES: dict[str, Callable[[Desks, Any], Iterator[int]]] = {
    name.rstrip("_"): getattr(Desks, name)
    for name in (
        "hand_over", "close", "write_off", "carry_on", "grant_return", "grant_extension", "publish",
        "write_off_promise", "uphold_score", "accept_plan", "accept_report", "judge_opinion",
        "hand_over_opinion", "sign", "redo", "answer_again", "file_plan", "file_report", "countersign", "send",
        "issue", "confirm_letter", "keep_promise", "read_urging", "read_message", "first_feedback", "pass_",
        "deliver", "rate",
    )
}  # fmt: skip
_LEADERS = ("pass", "countersign", "read_urging", "read_message")
_BY_ROLE = {
    "交办督查": (
        "hand_over", "close", "write_off", "carry_on", "grant_return", "grant_extension", "publish",
        "write_off_promise", "uphold_score", "accept_plan", "accept_report", "judge_opinion",
        "hand_over_opinion", "read_message", "pass", "deliver",
    ),
    "承办单位联络员": (
        "sign", "redo", "answer_again", "file_plan", "file_report", "send", "issue", "confirm_letter",
        "keep_promise", "first_feedback", "deliver", *_LEADERS,
    ),
    "承办单位领导": _LEADERS,
    "督办领导": ("pass",),
    "代表/委员": ("rate",),
}  # fmt: skip


def _filed(rows: dict[int, Any]) -> Iterator[int]:
    return (row.id for row in rows.values() if row.submitted_on and not row.accepted_on)
