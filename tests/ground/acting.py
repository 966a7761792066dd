"""Acts in the small district, with as few words as a test needs: who does which act on which row, how answered."""

from datetime import date
from typing import Any

from domain import models
from domain.lifecycle.acts.register import ACTS
from tests.ground.district import Panel

SCHOOL, HOUSING = "鱼峰区教育局", "鱼峰区住房和城乡建设局"
MORE_UNITS = "增办"
"""Whoever asks for a further unit, as a return request, keeps the task meanwhile."""


def unit(panel: Panel, name: str) -> int:
    return panel.id_of("Unit", name=name)


def task(panel: Panel, name: str, role: str) -> int:
    return panel.id_of("Assignment", unit_id=unit(panel, name), role=role)


def item(panel: Panel, number: str) -> int:
    return panel.id_of("Proposal", number=number)


def act(
    panel: Panel, who: str, name: str, table: str, *rows: int, status: int = 302, **answers: Any
) -> str:
    """The page that follows: of the row after a success, or the act's own with what is wrong (``status`` 200).

    A single row that was done must stand where docs/workflow.md draws an arrow to.
    """
    person, (declared,) = panel.as_(who), [a for a in ACTS if (a.name, a.table) == (name, table)]
    is_drawn = len(rows) == 1 and declared.starts
    start = state(panel, _model(table), rows[0], declared.state) if is_drawn else ""
    page = person.post(
        f"/{table}/act/?act={name}", status=status, rowid=list(rows), sure="1", **answers
    )
    is_done = status == 302 and f"{declared.says}：" in page
    drawn = declared.ends_in(start) if is_done and answers.get("kind") != MORE_UNITS else ""
    if drawn:
        assert state(panel, _model(table), rows[0], declared.state) == drawn, f"{start}: {name}"
    return page


def _model(table: str) -> str:
    return models.by_table[table].__name__


def state(panel: Panel, model: str, key: int, column: str = "state") -> Any:
    with panel.truth() as session:
        return getattr(session.get_one(getattr(models, model), key), column)


def a_route(panel: Panel, *steps: tuple[str, str], **words: Any) -> None:
    """Give the district's meeting a route with these steps: (step, who signs), in order; recorded by the liaison."""
    with panel.truth() as session:
        known = {"needs_ledger": False, "own_drafts": True}  # a unit here has one liaison
        route = models.ReviewRoute(name="区流程", **{**known, **words})
        session.add(route)
        session.flush()
        for position, (step, signer) in enumerate(steps, start=1):
            line = {"step": step, "signer": signer, "recorder": "承办单位联络员"}
            more = {"items": "重点件"} if step == "督办审签" else {}
            session.add(
                models.ReviewRouteStep(review_route_id=route.id, position=position, **line, **more)
            )
        key = session.query(models.Meeting.id).filter_by(body="人大").scalar()
        session.get_one(models.Meeting, key).review_route_id = route.id
        session.commit()


def a_draft(panel: Panel, task_id: int, **words: Any) -> int:
    """A reply that says something and has its letter, as its unit has drafted it."""
    with panel.truth() as session:
        letter = session.query(models.AnswerCategory.id).filter_by(letter="A").scalar()
        known = {"kind": "答复", "answer_category_id": letter, "body": "已办。"}
        if words.get("kind") == "协办意见":
            known["answer_category_id"] = None
        reply = models.Reply(assignment_id=task_id, **{**known, **words})
        session.add(reply)
        session.commit()
        key: int = reply.id
        return key


def a_meeting(panel: Panel, task_id: int, **words: Any) -> int:
    """An entry of the ledger that says the deputy was met face to face."""
    known = {"stage": "办中", "activity": "联系代表委员", "contact_mode": "座谈会"}
    more = {"happened_on": date(2024, 4, 12), "is_face_to_face": True, "summary": "当面沟通。"}
    with panel.truth() as session:
        entry = models.LedgerEntry(assignment_id=task_id, **{**known, **more, **words})
        session.add(entry)
        session.commit()
        key: int = entry.id
        return key


def a_scan(panel: Panel, reply_id: int) -> None:
    """Attach to a reply the scan of what was signed on paper."""
    with panel.truth() as session:
        known = {"content_type": "application/pdf", "byte_size": 9, "sha256": "0" * 64}
        session.add(
            models.Attachment(
                reply_id=reply_id,
                file_name="签批单.pdf",
                stored_name=f"scan-{reply_id}",
                uploaded_at=session.now(),
                **known,
            )
        )
        session.commit()


def answered(panel: Panel, number: str = "001", on: str = "2024-04-15") -> int:
    """Let the main unit of the item have answered; the reply's id."""
    key = panel.id_of("Assignment", proposal_id=item(panel, number), role="主办")
    reply = a_draft(panel, key)
    sent = {"submitted_on": on, "partner_note": "已电话征求意见"}
    for name, more in (("send", sent), ("pass", {}), ("issue", {"issued_on": on})):
        act(panel, "office", name, "replies", reply, **more)
    assert state(panel, "Proposal", item(panel, number)) == "答复"
    return reply
