"""No rule of a save can go, or do nothing, without a test that fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from domain import models
from domain.access.rule import NotAllowed
from domain.actors import ADMIN, OFFICE, Actor
from domain.rules_of_saving import RULES
from domain.saving.circles import GoesInACircle
from domain.saving.done_items import ItemIsDone
from domain.saving.emptiness import StillEmpty
from domain.saving.happened import NotYetHappened, TooEarly
from domain.saving.known_settings import BadSetting
from domain.saving.left_to_acts import IsUnderWay
from domain.saving.one_step_once import StepTwice
from domain.saving.only_on_issued import NotIssuedYet
from domain.saving.sent_stays import AlreadySent
from domain.saving.withdrawn_items import ItemIsWithdrawn
from domain.storing import bulk
from domain.storing.changes import BACKFILLED
from domain.storing.session import (
    ActorSession,
    actor_session,
    system_session,
)
from domain.storing.write_rules import held_to, kept_of
from seeds.reference import seed_reference
from tests.ground.tasks import HANDED_OVER, a_deadline, a_rating, a_reply, a_task, an_item

NOW = datetime(2024, 4, 20, 9)


@pytest.fixture
def session(engine: Engine) -> Iterator[ActorSession]:
    with system_session(engine, "测试", lambda: NOW) as session:
        seed_reference(session)
        session.commit()
        yield session


@contextmanager
def _office(session: ActorSession) -> Iterator[ActorSession]:
    """Somebody of the office at work on what the session has written."""
    clerk = models.User(username="office", full_name="李", role=OFFICE)
    session.add(clerk)
    session.flush()
    office = clerk.id
    session.commit()  # on SQLite nobody else could write before
    engine: Any = session.get_bind()
    with actor_session(engine, Actor("李", OFFICE, office), lambda: NOW) as acting:
        yield acting


def _known_numbers(session: ActorSession) -> None:
    session.commit()
    engine: Any = session.get_bind()
    with actor_session(engine, Actor("管理员", ADMIN), lambda: NOW) as admin:
        setting = admin.scalars(select(models.Setting).filter_by(name="LATE_RED_DAYS")).one()
        setting.value = "很多"
        with pytest.raises(BadSetting):
            admin.flush()


def _guards_accounts(session: ActorSession) -> None:
    session.add(models.User(username="root", full_name="张", role=ADMIN))
    session.commit()
    session.scalars(select(models.User).filter_by(username="root")).one().is_active = False
    with pytest.raises(NotAllowed):
        session.flush()


def _notes_handover(session: ActorSession) -> None:
    item, unit = an_item(session).id, session.scalars(select(models.Unit.id)).first()
    with _office(session) as office:
        task = models.Assignment(proposal_id=item, unit_id=unit, role="主办")
        office.add(task)
        office.flush()
        assert task.assigned_at == NOW


def _counts_turns(session: ActorSession) -> None:
    item = an_item(session)
    ended = {"state": "已撤办", "ended_on": HANDED_OVER, "ended_how": "撤办", "end_reason": "重复"}
    unit, key = a_task(session, item, **ended).unit_id, item.id
    with _office(session) as office:
        again = models.Assignment(proposal_id=key, unit_id=unit, role="主办")
        office.add(again)
        try:
            office.flush()
        except IntegrityError:
            pytest.fail("the unit can have the item but once")
        assert again.turn == 2


def _counts_rounds(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    a_reply(session, task, date(2024, 4, 17))
    key = task.id
    with _office(session) as office:
        again = models.Reply(assignment_id=key, kind="答复")
        office.add(again)
        try:
            office.flush()
        except IntegrityError:
            pytest.fail("it is taken for the round that was issued")
        assert again.round == 2


def _names_the_author(session: ActorSession) -> None:
    task = a_task(session, an_item(session)).id
    with _office(session) as office:
        row = office.get_one(models.Assignment, task)
        row.signed_on = date(2024, 4, 12)
        office.flush()
        assert row.signed_by_id == office.actor.user_id


def _only_issued_replies(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    reply = a_reply(
        session, task, date(2024, 4, 19), issued_on=None, state="拟稿", body="已办。"
    ).id
    deputy = models.Deputy(name="代表", body="人大", term=15)
    session.add(deputy)
    session.flush()
    sent = {"reply_id": reply, "deputy_id": deputy.id, "sent_on": date(2024, 4, 19)}
    with _office(session) as office:
        office.add(models.Delivery(**sent))
        with pytest.raises(NotIssuedYet):
            office.flush()


def test_what_hangs_on_an_issued_reply_is_not_moved_to_a_draft(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    issued = a_reply(session, task, date(2024, 4, 17), round=1)
    draft = a_reply(
        session, task, date(2024, 4, 19), issued_on=None, state="拟稿", body="已办。", round=2
    ).id
    a_rating(session, issued, date(2024, 4, 18))
    deputy = session.scalars(select(models.Deputy.id).limit(1)).one()
    sent = {"reply_id": issued.id, "deputy_id": deputy, "sent_on": date(2024, 4, 18)}
    session.add(models.Delivery(**sent))
    session.flush()
    with _office(session) as office:
        for cls in (models.Delivery, models.Feedback):
            row = office.scalars(select(cls)).one()
            row.reply_id = draft
            with pytest.raises(NotIssuedYet):
                office.flush()
            office.rollback()


def _sent_replies_stay(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    words = {"state": "督查审核", "submitted_on": date(2024, 4, 19), "body": "已办。"}
    reply = a_reply(session, task, date(2024, 4, 19), issued_on=None, **words).id
    with _office(session) as office:
        office.get_one(models.Reply, reply).body = "改了。"
        with pytest.raises(AlreadySent):
            office.flush()


def _filed_papers_stay(session: ActorSession) -> None:
    written = dict.fromkeys(("study", "survey", "contact", "timetable", "partner_tasks"), "有")
    words = {**written, "leader": "韦", "office": "办公室", "handler": "莫"}
    task = a_task(session, an_item(session)).id
    plan = models.HandlingPlan(assignment_id=task, submitted_on=date(2024, 4, 19), **words)
    session.add(plan)
    session.flush()
    key = plan.id
    with _office(session) as office:
        office.get_one(models.HandlingPlan, key).study = "改了。"
        with pytest.raises(AlreadySent):
            office.flush()


def _ended_tasks_stay(session: ActorSession) -> None:
    ended = {"state": "已撤办", "ended_on": HANDED_OVER, "ended_how": "撤办", "end_reason": "重复"}
    task = a_task(session, an_item(session), **ended).id
    with _office(session) as office:
        office.get_one(models.Assignment, task).handler = "莫"
        with pytest.raises(AlreadySent):
            office.flush()


def _files_leave_acts_alone(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    entry = {"table_name": "assignments", "table_label": "承办任务", "row_id": task.id}
    entry |= {"happened_at": NOW, "actor_name": "韦", "action": "修改", "act": "申请退办"}
    session.add(models.ChangeLog(**entry, changes={}))
    session.commit()
    session.info["act"] = BACKFILLED
    row = bulk.read_rows(session, models.Assignment, [task.id])[task.id]
    with pytest.raises(IsUnderWay):
        signed = {"signed_on": date(2024, 4, 12)}
        bulk.update_rows(session, models.Assignment, [(row, signed)], lambda row: "任务")


def _no_tasks_of_done_items(session: ActorSession) -> None:
    item, unit = an_item(session, closed_on=NOW.date()).id, session.scalars(select(models.Unit.id)).first()  # fmt: skip
    with _office(session) as office:
        office.add(models.Assignment(proposal_id=item, unit_id=unit, role="主办"))
        with pytest.raises(ItemIsDone):
            office.flush()


def _worked_on_tasks_stay(session: ActorSession) -> None:
    task = a_task(session, an_item(session), signed_on=date(2024, 4, 12)).id
    other = session.scalars(select(models.Unit.id).filter_by(short_name="区财政局")).one()
    with _office(session) as office:
        office.get_one(models.Assignment, task).unit_id = other
        with pytest.raises(AlreadySent):
            office.flush()


def _nothing_on_withdrawn_items(session: ActorSession) -> None:
    gone = {"withdrawn_on": date(2024, 4, 18), "withdrawal_reason": "来函"}
    task = a_task(session, an_item(session, **gone)).id
    with _office(session) as office:
        words = {"stage": "办前", "activity": "调查研究", "summary": "实地看过。"}
        office.add(models.LedgerEntry(assignment_id=task, happened_on=NOW.date(), **words))
        with pytest.raises(ItemIsWithdrawn):
            office.flush()


def _keeps_typed_dates(session: ActorSession) -> None:
    line = a_deadline(session, a_task(session, an_item(session)), date(2024, 6, 5)).id
    session.get_one(models.Deadline, line).origin = "规则"
    with _office(session) as office:
        row = office.get_one(models.Deadline, line)
        row.due_on = date(2024, 6, 7)
        office.flush()
        assert row.origin == "手工"


def _has_happened(session: ActorSession) -> None:
    item = an_item(session).id
    with _office(session) as office:
        office.get_one(models.Proposal, item).closed_on = date(2024, 5, 1)
        with pytest.raises(NotYetHappened):
            office.flush()


def _not_before_handover(session: ActorSession) -> None:
    task = a_task(session, an_item(session, counts_from_on=HANDED_OVER)).id
    with _office(session) as office:
        office.get_one(models.Assignment, task).signed_on = date(2024, 4, 1)
        with pytest.raises(TooEarly):
            office.flush()


def _changes_places(session: ActorSession) -> None:
    task = a_task(session, an_item(session)).id
    promise = models.Commitment(assignment_id=task, content="修路", due_on=date(2024, 9, 1))
    session.add(promise)
    session.flush()
    steps = [
        models.CommitmentStep(commitment_id=promise.id, position=n, content=f"{n}") for n in (1, 2)
    ]
    session.add_all(steps)
    session.flush()
    first, second = (step.id for step in steps)
    with _office(session) as office:
        one, other = (office.get_one(models.CommitmentStep, key) for key in (first, second))
        one.position, other.position = 2, 1
        try:
            office.flush()
        except IntegrityError:
            pytest.fail("the two are in each other's way")


def _no_circles(session: ActorSession) -> None:
    one, other = an_item(session).id, an_item(session, "002").id
    with _office(session) as office:
        office.get_one(models.Proposal, one).merged_into_id = other
        office.flush()
        office.get_one(models.Proposal, other).merged_into_id = one
        with pytest.raises(GoesInACircle):
            office.flush()


def _carried_stays(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    a_reply(session, task, date(2024, 4, 19))
    kept = kept_of(session.connection(), "proposals", {"id": task.proposal_id})
    assert any("meeting_id" in one.columns for one in kept)


def _one_step_once(session: ActorSession) -> None:
    route = models.ReviewRoute(name="新流程")
    session.add(route)
    session.flush()
    line = {"review_route_id": route.id, "step": "复核", "signer": "承办单位联络员"}
    with _office(session) as office:
        office.add(models.ReviewRouteStep(**line, position=1, items="重点件"))
        office.add(models.ReviewRouteStep(**line, position=2, items="非重点件"))
        office.flush()
        office.add(models.ReviewRouteStep(**line, position=3))
        with pytest.raises(StepTwice):
            office.flush()


def _replies_say_something(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    draft = {"state": "拟稿", "issued_on": None, "body": "", "document_no": ""}
    reply = a_reply(session, task, date(2024, 4, 19), **draft).id
    with _office(session) as office:
        office.get_one(models.Reply, reply).submitted_on = date(2024, 4, 19)
        with pytest.raises(StillEmpty):
            office.flush()


def _keeps_last_records(session: ActorSession) -> None:
    task = a_task(session, an_item(session)).id
    with _office(session) as office:
        words = {"stage": "办前", "activity": "调查研究", "summary": "实地看过。"}
        on = date(2024, 4, 12)
        office.add(models.LedgerEntry(assignment_id=task, happened_on=on, **words))
        office.flush()
        assert office.get_one(models.Assignment, task).last_record_on == on


def _tells_of_notes(session: ActorSession) -> None:
    item = an_item(session)
    task = a_task(session, item)
    words = {"full_name": "黄", "role": "承办单位联络员", "unit_id": task.unit_id}
    session.add(models.User(username="jyj", **words))
    session.flush()
    key = item.id
    with _office(session) as office:
        note = {"author": "周", "written_on": NOW.date(), "content": "请抓紧"}
        office.add(models.SupervisionNote(proposal_id=key, **note))
        office.flush()
        assert office.scalars(select(models.Message.kind)).all() == ["批示"]


def _reacts(session: ActorSession) -> None:
    task = a_task(session, an_item(session)).id
    with _office(session) as office:
        row = office.get_one(models.Assignment, task)
        row.signed_on = date(2024, 4, 12)
        office.flush()
        assert row.state == "办理中"


PROBES = {
    "KnownNumbers": _known_numbers,
    "GuardsAccounts": _guards_accounts,
    "NotesHandover": _notes_handover,
    "CountsTurns": _counts_turns,
    "CountsRounds": _counts_rounds,
    "NamesTheAuthor": _names_the_author,
    "OnlyIssuedReplies": _only_issued_replies,
    "SentRepliesStay": _sent_replies_stay,
    "FiledPapersStay": _filed_papers_stay,
    "EndedTasksStay": _ended_tasks_stay,
    "WorkedOnTasksStay": _worked_on_tasks_stay,
    "CarriedStays": _carried_stays,
    "FilesLeaveActsAlone": _files_leave_acts_alone,
    "NoTasksOfDoneItems": _no_tasks_of_done_items,
    "NothingOnWithdrawnItems": _nothing_on_withdrawn_items,
    "KeepsTypedDates": _keeps_typed_dates,
    "HasHappened": _has_happened,
    "NotBeforeHandover": _not_before_handover,
    "ChangesPlaces": _changes_places,
    "NoCircles": _no_circles,
    "OneStepOnce": _one_step_once,
    "RepliesSaySomething": _replies_say_something,
    "KeepsLastRecords": _keeps_last_records,
    "TellsOfNotes": _tells_of_notes,
    "Reacts": _reacts,
}


def test_every_rule_is_probed() -> None:
    assert [type(rule).__name__ for rule in RULES] == list(PROBES)


@pytest.mark.parametrize("name", PROBES)
def test_a_rule_holds_while_it_is_listed(session: ActorSession, name: str) -> None:
    PROBES[name](session)


@pytest.mark.parametrize("name", PROBES)
def test_without_its_line_in_the_list_a_rule_does_not_hold(
    session: ActorSession, name: str
) -> None:
    with held_to([rule for rule in RULES if type(rule).__name__ != name]):
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            PROBES[name](session)
        session.rollback()
