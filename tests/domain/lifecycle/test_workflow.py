"""The states of tasks and items follow from what is recorded, and are kept up in the same save."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from domain import models
from domain.access.rule import NotAllowed
from domain.actors import LIAISON, OFFICE, Actor
from domain.lifecycle import reactions, workflow
from domain.lifecycle.acts.tasks.returning import ASK, GRANT
from domain.lifecycle.acts.tasks.signing import SIGN, UNSIGN
from domain.lifecycle.doing import perform
from domain.lifecycle.workflow import AnswerRecord, ItemRecord, TaskRecord, item_state, task_state
from domain.saving.happened import NotYetHappened
from domain.storing import bulk
from domain.storing.session import ActorSession, actor_session, system_session
from domain.storing.write_rules import RowWrite, Save

DAY = date(2024, 4, 11)
ISSUED = AnswerRecord("答复", 1, "已答复", DAY)


@pytest.mark.parametrize(
    ("task", "state"),
    [
        (TaskRecord("主办"), "待签收"),
        (TaskRecord("主办", DAY), "办理中"),
        (TaskRecord("主办", DAY, ("待定",)), "退办中"),
        (TaskRecord("主办", None, ("不同意", "待定")), "退办中"),
        (TaskRecord("主办", None, ("不同意",)), "待签收"),
        (TaskRecord("主办", DAY, ("同意",)), "已退办"),
        (TaskRecord("主办", DAY, ("撤回",)), "办理中"),
        (TaskRecord("主办", DAY, (), (), ended_how="改派"), "已撤办"),
        (TaskRecord("主办", DAY, ("待定",), (), ended_how="撤办"), "已撤办"),
        (TaskRecord("主办", DAY, ("同意",), (), ended_how="退办"), "已退办"),
        (TaskRecord("主办", DAY, (), (AnswerRecord("答复", 1, "拟稿", None),)), "办理中"),
        (TaskRecord("主办", DAY, (), (AnswerRecord("答复", 1, "退回", None),)), "办理中"),
        (TaskRecord("主办", DAY, (), (AnswerRecord("答复", 1, "督查审核", None),)), "审核中"),
        (TaskRecord("主办", DAY, (), (ISSUED,)), "已答复"),
        (TaskRecord("分办", DAY, (), (ISSUED,)), "已答复"),
        (TaskRecord("主办", DAY, (), (ISSUED, AnswerRecord("答复", 2, "拟稿", None))), "办理中"),
        (TaskRecord("协办", DAY, (), (AnswerRecord("协办意见", 1, "已答复", DAY),)), "已完成"),
        (TaskRecord("协办", DAY, (), (ISSUED,)), "办理中"),
        (TaskRecord("主办", DAY, (), (AnswerRecord("协办意见", 1, "已答复", DAY),)), "办理中"),
        (
            TaskRecord("主办", DAY, (), (AnswerRecord("协办意见", 1, "已答复", DAY),), "协办"),
            "已答复",
        ),
    ],
)
def test_a_task_is_where_its_record_says(task: TaskRecord, state: str) -> None:
    assert task_state(task) == state


def _answered(rating: str | None = None) -> TaskRecord:
    return TaskRecord("主办", DAY, (), (AnswerRecord("答复", 1, "已答复", DAY, rating),))


@pytest.mark.parametrize(
    ("item", "state"),
    [
        (ItemRecord(), "登记"),
        (ItemRecord(tasks=(TaskRecord("主办"), TaskRecord("协办", DAY))), "办理"),
        (ItemRecord(tasks=(TaskRecord("主办"),)), "交办"),
        (ItemRecord(tasks=(TaskRecord("主办", DAY, ("同意",)),)), "登记"),
        (ItemRecord(tasks=(TaskRecord("主办", DAY, ended_how="撤办"),)), "登记"),
        (ItemRecord(tasks=(TaskRecord("主办", DAY, ended_how="改派"), TaskRecord("主办"))), "交办"),
        (ItemRecord(tasks=(_answered(), TaskRecord("协办"))), "答复"),
        (ItemRecord(tasks=(_answered("满意"),)), "评价"),
        (ItemRecord(tasks=(_answered("不满意"),)), "重办"),
        (
            ItemRecord(tasks=(TaskRecord("分办", DAY, (), (ISSUED,)), TaskRecord("分办", DAY))),
            "审核",
        ),
        (ItemRecord(closed_on=DAY, tasks=(_answered("满意"),)), "办结"),
        (ItemRecord(closed_on=DAY, written_off_on=DAY), "销号"),
        (ItemRecord(withdrawn_on=DAY, tasks=(TaskRecord("主办", DAY),)), "撤回"),
    ],
)
def test_an_item_is_where_its_tasks_say(item: ItemRecord, state: str) -> None:
    assert item_state(item) == state


def clock() -> datetime:
    return datetime(2024, 4, 11, 9)


@pytest.fixture
def handed_over(engine: Engine) -> Engine:
    """One item that unit 1 leads and unit 2 assists, with rules for 签收 and 答复; saving reacts."""
    with system_session(engine, "准备", clock) as session:
        rules = models.DeadlineRuleSet(name="本级")
        meeting = models.Meeting(
            name="三次会议",
            body="人大",
            level="区县级",
            term=1,
            session=3,
            year=2024,
            handed_over_on=date(2024, 4, 10),
            rule_set=rules,
        )
        session.add_all(
            [
                meeting,
                models.Unit(name="教育局"),
                models.Unit(name="财政局"),
                models.DeadlineRule(rule_set=rules, milestone="签收", basis="自然日", days=3),
                models.DeadlineRule(
                    rule_set=rules, milestone="答复", role="主办", basis="固定日期", month=6, day=5
                ),
                models.AnswerCategory(meeting=meeting, letter="A", definition="已经解决"),
                models.Proposal(meeting=meeting, kind="建议", number="001", title="校园"),
            ]
        )
        session.commit()
    with actor_session(engine, Actor("督查员", OFFICE), clock) as session:
        session.add(models.Assignment(proposal_id=1, unit_id=1, role="主办"))
        session.add(models.Assignment(proposal_id=1, unit_id=2, role="协办"))
        session.commit()
    return engine


def liaison(engine: Engine, unit_id: int) -> ActorSession:
    return actor_session(engine, Actor("联络员", LIAISON, None, unit_id), clock)


def stored(engine: Engine) -> tuple[str, dict[str, str]]:
    with system_session(engine, "查看", clock) as session:
        tasks = {task.unit.name: task.state for task in session.scalars(select(models.Assignment))}
        return session.get_one(models.Proposal, 1).state, tasks


def due_dates(engine: Engine) -> dict[tuple[str, str], tuple[date, date | None]]:
    with system_session(engine, "查看", clock) as session:
        lines = session.scalars(select(models.Deadline))
        return {(d.assignment.unit.name, d.milestone): (d.due_on, d.done_on) for d in lines}


def test_handing_an_item_over_makes_its_deadlines_at_once(handed_over: Engine) -> None:
    assert stored(handed_over) == ("交办", {"教育局": "待签收", "财政局": "待签收"})
    assert due_dates(handed_over) == {
        ("教育局", "签收"): (date(2024, 4, 13), None),
        ("财政局", "签收"): (date(2024, 4, 13), None),
        ("教育局", "答复"): (date(2024, 6, 5), None),
    }


def sign(engine: Engine, **answers: Any) -> tuple[str, ...]:
    """Unit 1 signs for its task, or, with a day of its own, the office for it; the tasks signed for."""
    by_office = actor_session(engine, Actor("督查员", OFFICE), clock)
    with by_office if answers else liaison(engine, 1) as session:
        outcome = perform(session, SIGN, [1], answers)
        session.commit()
        return outcome.done


def test_a_liaisons_signature_moves_the_item_and_marks_the_deadline(handed_over: Engine) -> None:
    with liaison(handed_over, 1) as session:
        perform(session, SIGN, [1], {})
        session.commit()
        assert session.get_one(models.Assignment, 1).state == "办理中"
    assert stored(handed_over) == ("办理", {"教育局": "办理中", "财政局": "待签收"})
    assert due_dates(handed_over)["教育局", "签收"] == (date(2024, 4, 13), DAY)


def test_the_log_names_the_person_whose_signature_moved_the_item(handed_over: Engine) -> None:
    sign(handed_over)
    with system_session(handed_over, "查看", clock) as session:
        entries = session.scalars(select(models.ChangeLog).order_by(models.ChangeLog.id.desc()))
        told = [(e.actor_name, e.act, e.row_name, e.changes) for e in entries][:2]
    assert told == [
        ("联络员", "签收", "建议001号 校园", {"state": ["交办", "办理"]}),
        ("联络员", "签收", "教育局主办 建议001号 校园", {"state": ["待签收", "办理中"]}),
    ]


def test_a_unit_cannot_have_signed_before_it_was_handed_the_item(handed_over: Engine) -> None:
    with pytest.raises(NotYetHappened) as refusal:
        sign(handed_over, signed_on=date(2024, 4, 9))
    told = "“签收日期”：2024-04-09 不能早于交办日期 2024-04-10。"
    assert refusal.value.sentence == told
    assert stored(handed_over)[1]["教育局"] == "待签收"
    assert len(sign(handed_over, signed_on=date(2024, 4, 10))) == 1


@pytest.mark.parametrize("another", [date(2024, 4, 10), None])
def test_a_signature_once_given_is_changed_by_the_office_alone(
    handed_over: Engine, another: date | None
) -> None:
    sign(handed_over)
    assert sign(handed_over) == ()  # twice is once
    with liaison(handed_over, 1) as session:
        session.get_one(models.Assignment, 1).signed_on = another
        with pytest.raises(NotAllowed, match="您的角色不能填写“签收日期”"):
            session.commit()
    with actor_session(handed_over, Actor("督查员", OFFICE), clock) as session:
        assert session.get_one(models.Assignment, 1).signed_on == DAY
        session.get_one(models.Assignment, 1).signed_on = another
        session.commit()
        assert session.get_one(models.Assignment, 1).signed_on == another


def test_a_request_to_return_waits_for_the_office(handed_over: Engine) -> None:
    with system_session(handed_over, "准备", clock) as session:
        session.add(models.Unit(name="卫生健康局"))
        session.commit()
    asked = {"kind": "退办", "reason": "不属本单位职责", "suggested_unit_id": 3}
    with liaison(handed_over, 1) as session:
        assert perform(session, ASK, [1], asked).done
        session.commit()
    assert stored(handed_over) == ("交办", {"教育局": "退办中", "财政局": "待签收"})
    with actor_session(handed_over, Actor("督查员", OFFICE), clock) as session:
        assert perform(session, GRANT, [1], {}).done
        session.commit()
    tasks = {"教育局": "已退办", "财政局": "待签收", "卫生健康局": "待签收"}
    assert stored(handed_over) == ("交办", tasks)
    assert ("教育局", "答复") not in due_dates(handed_over), "nothing is owed after the return"
    assert due_dates(handed_over)["卫生健康局", "答复"] == (date(2024, 6, 5), None)


def test_an_issued_reply_finishes_the_task(handed_over: Engine) -> None:
    with actor_session(handed_over, Actor("督查员", OFFICE), clock) as session:
        letter = session.scalars(select(models.AnswerCategory)).one()
        session.add(
            models.Reply(
                assignment_id=1,
                answer_category=letter,
                state="已答复",
                issued_on=DAY,
                body="已办。",
            )
        )
        session.commit()
    assert stored(handed_over)[0] == "答复"
    assert due_dates(handed_over)["教育局", "答复"] == (date(2024, 6, 5), DAY)


def test_a_returned_task_makes_room_for_another_lead_unit(handed_over: Engine) -> None:
    with system_session(handed_over, "退办", clock) as session:
        words = {"reason": "不属本单位职责", "decision": "同意", "asked_on": DAY, "decided_on": DAY}
        session.add(models.ReturnRequest(assignment_id=1, **words))
        workflow.settle(session, [1])
        other = models.Unit(name="卫生健康局")
        session.add(other)
        session.flush()
        session.add(models.Assignment(proposal_id=1, unit_id=other.id, role="主办"))
        session.flush()
        session.commit()
    assert stored(handed_over)[1]["教育局"] == "已退办"


def test_settling_twice_changes_nothing_the_second_time(handed_over: Engine) -> None:
    with system_session(handed_over, "整理", clock) as session:
        session.get_one(models.Assignment, 1).signed_on = DAY
        assert workflow.settle(session, [1]) == 2
        assert workflow.settle(session, [1]) == 0


def test_what_a_record_completed_is_open_again_without_the_record(handed_over: Engine) -> None:
    sign(handed_over)
    assert due_dates(handed_over)["教育局", "签收"] == (date(2024, 4, 13), DAY)
    with liaison(handed_over, 1) as session:
        assert perform(session, UNSIGN, [1], {}).done
        session.commit()
    assert due_dates(handed_over)["教育局", "签收"] == (date(2024, 4, 13), None)
    assert stored(handed_over)[1]["教育局"] == "待签收"


@pytest.mark.parametrize(
    ("table", "link"), [("handling_plans", "assignment_id"), ("feedbacks", "reply_id")]
)
def test_fifty_rows_saved_at_once_ask_for_their_items_no_oftener_than_one(
    handed_over: Engine, table: str, link: str
) -> None:
    asked: list[str] = []

    def note(*arguments: Any) -> None:
        asked.append(arguments[2])

    def times(rows: int) -> int:
        asked.clear()
        written = [RowWrite({}, {"id": n, link: n}) for n in range(1, rows + 1)]
        with actor_session(handed_over, Actor("督查员", OFFICE), clock) as session:
            reactions.Reacts().follow(Save(session, True, True), {table: written})
        return len(asked)

    event.listen(handed_over, "before_cursor_execute", note)
    assert times(50) == times(1) > 0


def reply_under_review(session: ActorSession) -> None:
    """Task 1's reply is sent, by a route on which the supervisor signs key items."""
    route = models.ReviewRoute(name="区流程")
    session.add(route)
    session.flush()
    steps = (("督办审签", "督办领导", "重点件"), ("督查审核", "交办督查", "全部"))
    for position, (step, signer, items) in enumerate(steps, start=1):
        session.add(
            models.ReviewRouteStep(
                review_route_id=route.id, position=position, step=step, signer=signer, items=items
            )
        )
    session.get_one(models.Meeting, 1).review_route_id = route.id
    reply = models.Reply(assignment_id=1, body="已办。", submitted_on=DAY)
    session.add(reply)
    session.flush()
    sent = models.ReviewStep(reply_id=reply.id, step="拟稿", result="提交", acted_at=clock())
    session.add(sent)


def all_that_follows(engine: Engine) -> Any:
    with system_session(engine, "查看", clock) as session:
        replies = session.scalars(select(models.Reply.state)).all()
    return stored(engine), due_dates(engine), replies


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("merged_into_id", 2),
        ("key_kind", "重点建议"),
        ("due_on", date(2024, 5, 8)),
        ("withdrawn_on", DAY),
        ("is_history", True),
    ],
)
def test_what_a_file_changes_of_an_item_leads_as_far_as_what_a_form_changes(
    handed_over: Engine, column: str, value: Any
) -> None:
    with system_session(handed_over, "准备", clock) as session:
        session.add(models.Proposal(meeting_id=1, kind="建议", number="002", title="主案"))
        reply_under_review(session)
        session.commit()
    before = all_that_follows(handed_over)
    with system_session(handed_over, "导入", clock) as session:
        row = bulk.read_rows(session, models.Proposal, [1])[1]
        bulk.update_rows(session, models.Proposal, [(row, {column: value})], str)
        session.commit()
    by_file = all_that_follows(handed_over)
    with actor_session(handed_over, Actor("督查员", OFFICE), clock) as session:
        reactions.follow_up(session, [1])
        session.commit()
    assert by_file == all_that_follows(handed_over) != before


def test_a_new_row_is_logged_without_what_is_left_blank(handed_over: Engine) -> None:
    with actor_session(handed_over, Actor("督查员", OFFICE), clock) as session:
        session.add(models.Unit(name="气象局"))
        session.commit()
        log = select(models.ChangeLog).filter_by(row_name="气象局")
        made = session.scalars(log).one().changes
        assert made["name"] == [None, "气象局"] and made["is_active"] == [None, True]
        assert "short_name" not in made and [None, ""] not in made.values()
        unit = session.scalars(select(models.Unit).filter_by(name="气象局")).one()
        unit.short_name = "气象"
        session.commit()
        unit.short_name = ""
        session.commit()
        entries = session.scalars(log.order_by(models.ChangeLog.id)).all()
        assert [e.changes for e in entries[1:]] == [
            {"short_name": ["", "气象"]},
            {"short_name": ["气象", ""]},
        ]
