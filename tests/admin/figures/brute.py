"""Every measure counted once more, in plain Python over all rows: what the panel's numbers are held to.

Nothing of the panel's own conditions is used here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from domain import models
from domain.storing.session import ActorSession

ENDED = ("已退办", "已撤办")
MAIN = ("主办", "分办")


class Books:
    """All rows, by hand."""

    def __init__(self, session: ActorSession, today: date) -> None:
        self.session, self.today = session, today
        self.tasks = self._all(models.Assignment)
        self.replies = self._all(models.Reply)
        self.feedbacks = self._all(models.Feedback)
        self.lines = self._all(models.Deadline)
        self.entries = self._all(models.LedgerEntry)
        self.letters = {row.id: row for row in self._all(models.AnswerCategory)}

    def _all(self, cls: Any) -> list[Any]:
        return self.session.query(cls).all()

    def numbers(self) -> dict[str, int]:
        """By the name of each measure."""
        return {name: len(found) for name, found in self._found()}

    def _found(self) -> Iterator[tuple[str, set[int]]]:
        items = self._all(models.Proposal)
        yield "items", {p.id for p in items}
        yield "key_items", {p.id for p in items if p.key_kind}
        yield "withdrawn", {p.id for p in items if p.state == "撤回"}
        yield from self._of_tasks()
        yield from self._of_answers()
        yield from self._of_ratings()
        yield from self._others()

    def _of_tasks(self) -> Iterator[tuple[str, set[int]]]:
        counted = [t for t in self.tasks if self._counts(t)]
        main = [t for t in counted if t.role in MAIN]
        to_answer = [t for t in counted if not t.proposal.is_history]
        of_answer = {t.id: self._lines(t, "答复", "协办意见") for t in to_answer}
        yield "handled", items_of(counted)
        yield "led", items_of(main)
        yield "partnered", items_of(t for t in counted if t.role == "协办")
        yield "to_answer", {t.id for t in to_answer}
        yield "answered", {t.id for t in to_answer if self._issued(t, "答复", "协办意见")}
        yield (
            "come_due",
            {
                k
                for k, ls in of_answer.items()
                if any(x.done_on or x.due_on < self.today for x in ls)
            },
        )
        yield (
            "on_time",
            {
                k
                for k, ls in of_answer.items()
                if any(x.done_on and x.done_on <= x.due_on for x in ls)
            },
        )
        yield "closed", items_of(t for t in main if t.proposal.state in ("办结", "销号"))
        yield "late", items_of(t for t in main if self._is_late(t))
        yield "to_meet", items_of(t for t in main if t.proposal.key_kind)
        yield "met", items_of(t for t in main if self._met(t))
        yield "met_of_these", items_of(t for t in main if self._met(t) and t.proposal.key_kind)
        yield "consulted", items_of(t for t in main if self._met(t) or self._contacted(t))
        promised = {t.id: self._promises(t) for t in counted}
        yield "looked_back", {key for key, made in promised.items() if made}
        yield "turned", {t.id for t in counted if self._turned(t, promised[t.id])}

    def _counts(self, task: Any) -> bool:
        item = task.proposal
        return task.state not in ENDED and not item.withdrawn_on and not item.merged_into_id

    def _lines(self, task: Any, *milestones: str) -> list[Any]:
        return [x for x in self.lines if x.assignment_id == task.id and x.milestone in milestones]

    def _issued(self, task: Any, *kinds: str) -> list[Any]:
        own = (r for r in self.replies if r.assignment_id == task.id and r.state == "已答复")
        return [r for r in own if r.kind in kinds]

    def _is_late(self, task: Any) -> bool:
        lines = self._lines(task, "答复", "重新办理", "办结")
        is_open = not task.proposal.closed_on and not task.proposal.is_history
        return is_open and any(not x.done_on and x.due_on < self.today for x in lines)

    def _met(self, task: Any) -> bool:
        return any(e.is_face_to_face for e in self.entries if e.assignment_id == task.id)

    def _contacted(self, task: Any) -> bool:
        own = (e for e in self.entries if e.assignment_id == task.id)
        return any(e.activity == "联系代表委员" for e in own)

    def _promises(self, task: Any) -> list[Any]:
        answers = self._issued(task, "答复", "再次答复")
        return [r for r in answers if self.letters[r.answer_category_id].is_promise]

    def _turned(self, task: Any, promises: list[Any]) -> bool:
        answers = self._issued(task, "答复", "再次答复")
        solved = [r for r in answers if self.letters[r.answer_category_id].is_solved]
        return any((s.issued_on, s.id) > (p.issued_on, p.id) for s in solved for p in promises)

    def _of_answers(self) -> Iterator[tuple[str, set[int]]]:
        answers = [r for r in self.replies if r.kind == "答复" and r.state == "已答复"]
        last = {r.assignment_id: r for r in sorted(answers, key=lambda r: r.round)}.values()
        letter = {r.id: self.letters[r.answer_category_id] for r in last}
        yield "final_answers", {r.id for r in last}
        for name in "ABCD":
            yield f"letter_{name.lower()}", {r.id for r in last if letter[r.id].letter == name}
        yield "solved", {r.id for r in last if letter[r.id].is_solved}
        either = {r.id for r in last if letter[r.id].is_solved or letter[r.id].is_promise}
        yield "solved_or_planned", either
        yield "adopted", {r.id for r in last if r.adoption == "采纳"}
        yield "adopted_in_part", {r.id for r in last if r.adoption in ("采纳", "部分采纳")}
        yield "to_publish", {r.id for r in last if r.publicity != "不公开"}
        yield "published", {r.id for r in last if r.publicity in ("全文公开", "摘要公开")}

    def _of_ratings(self) -> Iterator[tuple[str, set[int]]]:
        said = [f for f in self.feedbacks if f.result_rating != "未表态"]
        in_turn = sorted(said, key=lambda f: (f.received_on, f.id))
        last = {(f.deputy_id, f.reply.assignment_id): f for f in in_turn}.values()
        first = {(f.deputy_id, f.reply.assignment_id): f for f in reversed(in_turn)}.values()
        yield "first_rated", {f.id for f in first}
        yield "first_satisfied", {f.id for f in first if f.result_rating == "满意"}
        yield "rated", {f.id for f in last}
        yield "satisfied", {f.id for f in last if f.result_rating == "满意"}
        fairly = {f.id for f in last if f.result_rating in ("满意", "基本满意")}
        yield "satisfied_or_fairly", fairly
        yield "not_satisfied", {f.id for f in last if f.result_rating == "不满意"}

    def _others(self) -> Iterator[tuple[str, set[int]]]:
        steps = self._all(models.ReviewStep)
        yield "sent_back", {s.id for s in steps if (s.result, s.step) == ("退回", "督查审核")}
        asked = self._all(models.ReturnRequest)
        yield "asked_back", {r.id for r in asked if r.kind != "增办"}
        sent = [d for d in self._all(models.Delivery) if d.has_form]
        back = {(f.reply_id, f.deputy_id) for f in self.feedbacks}
        yield "forms_sent", {d.id for d in sent}
        yield "forms_back", {d.id for d in sent if (d.reply_id, d.deputy_id) in back}
        promises = [c for c in self._all(models.Commitment) if c.state != "不再推进"]
        yield "promises", {c.id for c in promises}
        yield "kept", {c.id for c in promises if c.state in ("已兑现", "已销号")}


def items_of(tasks: Iterable[Any]) -> set[int]:
    """The items of some tasks, each once."""
    return {task.proposal_id for task in tasks}
