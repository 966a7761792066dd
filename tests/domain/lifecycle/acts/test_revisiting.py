"""再梳理: towards November every answer is looked at once more; a letter that changed is answered anew."""

from datetime import date

from domain import models
from tests.domain.lifecycle.acts.later import a_date, answered, close, the_letter, waits
from tests.ground.acting import SCHOOL, act, item, state, task
from tests.ground.district import MORNING, Panel

TODAY = MORNING.date()
TITLE = "关于增设校门口斑马线的建议"
SOON, LATER = date(2024, 5, 10), date(2024, 10, 31)


def revisited(panel: Panel, due_on: date = SOON) -> int:
    """An answer of the letter B that is to be looked at by this day."""
    reply = answered(panel)
    a_date(panel, task(panel, SCHOOL, "主办"), "再梳理", due_on)
    return reply


def change(panel: Panel, reply: int, letter: str = "A", status: int = 302) -> str:
    told = {"answer_category_id": the_letter(panel, letter), "revisit_reason": "已经建成"}
    return act(panel, "school", "change_letter", "replies", reply, status=status, **told)


def done_on(panel: Panel) -> date | None:
    found: date | None = state(
        panel, "Deadline", panel.id_of("Deadline", milestone="再梳理"), "done_on"
    )
    return found


def test_an_answer_waits_for_its_unit_a_month_before(panel: Panel) -> None:
    revisited(panel)
    assert "待再梳理" in panel.as_("school").get("/")
    assert TITLE in waits(panel, "school", "confirm_letter", "replies")


def test_it_does_not_wait_before(panel: Panel) -> None:
    revisited(panel, LATER)
    assert TITLE not in waits(panel, "school", "confirm_letter", "replies")


def test_a_letter_that_stays_is_confirmed_with_day_and_person(panel: Panel) -> None:
    reply = revisited(panel)
    act(panel, "school", "confirm_letter", "replies", reply)
    with panel.truth() as session:
        row = session.get_one(models.Reply, reply)
        said = (row.revisited_on, row.revisited_by.username, row.revisit_result)
        assert said == (TODAY, "school", "类别不变")
    assert done_on(panel) == TODAY
    assert TITLE not in waits(panel, "school", "confirm_letter", "replies")
    act(panel, "school", "undo_revisit", "replies", reply)
    assert done_on(panel) is None
    assert TITLE in waits(panel, "school", "confirm_letter", "replies")


def test_a_letter_that_changed_is_answered_anew_and_the_old_answer_stays(panel: Panel) -> None:
    reply = revisited(panel)
    close(panel)
    change(panel, reply)
    assert done_on(panel) == TODAY
    fresh = panel.id_of("Reply", round=2)
    letter = state(panel, "Reply", fresh, "answer_category_id")
    assert letter == panel.id_of("AnswerCategory", letter="A")
    assert TITLE in waits(panel, "school", "send", "replies")
    with panel.truth() as session:
        session.get_one(models.Reply, fresh).body = "已经建成。"
        session.commit()
    act(panel, "school", "send", "replies", fresh, partner_note="不等")
    act(panel, "office", "pass", "replies", fresh)
    act(panel, "school", "issue", "replies", fresh, issued_on="2024-04-15")
    old = panel.id_of("AnswerCategory", letter="B")
    assert state(panel, "Reply", reply, "answer_category_id") == old
    assert panel.count("Reply", state="已答复") == 2
    assert state(panel, "Proposal", item(panel, "001")) == "办结"


def test_the_new_letter_is_another_one_and_has_a_reason(panel: Panel) -> None:
    reply = revisited(panel)
    assert "没有变的，请用“确认类别”" in change(panel, reply, "B", status=200)
    told = {"answer_category_id": the_letter(panel, "A")}
    page = act(panel, "school", "change_letter", "replies", reply, status=200, **told)
    assert "请填写改变类别的理由" in page
    assert panel.count("Reply") == 1


def test_a_slip_is_taken_back_with_the_round_that_it_began(panel: Panel) -> None:
    reply = revisited(panel)
    change(panel, reply)
    act(panel, "school", "undo_revisit", "replies", reply)
    assert panel.count("Reply") == 1
    assert done_on(panel) is None


def test_not_once_somebody_has_written_into_it(panel: Panel) -> None:
    reply = revisited(panel)
    change(panel, reply)
    with panel.truth() as session:
        session.query(models.Reply).filter_by(round=2).one().body = "已经建成。"
        session.commit()
    assert "新的一轮已经在写" in act(panel, "school", "undo_revisit", "replies", reply)
    assert panel.count("Reply") == 2


def test_a_new_round_that_was_deleted_leaves_the_answer_to_be_looked_at(panel: Panel) -> None:
    reply = revisited(panel)
    change(panel, reply)
    fresh = panel.id_of("Reply", round=2)
    panel.as_("school").post(f"/replies/delete/?id={fresh}", id=fresh, confirmed="1")
    assert panel.count("Reply") == 1
    act(panel, "school", "confirm_letter", "replies", reply)
    assert state(panel, "Reply", reply, "revisit_result") == "类别不变"


def test_an_answer_that_was_revisited_is_not_taken_back(panel: Panel) -> None:
    reply = revisited(panel)
    act(panel, "school", "confirm_letter", "replies", reply)
    assert "没有撤回答复" in act(panel, "school", "unissue", "replies", reply)


def test_the_partner_has_nothing_to_look_at(panel: Panel) -> None:
    reply = revisited(panel)
    act(panel, "housing", "confirm_letter", "replies", reply, status=404)
    assert TITLE not in waits(panel, "housing", "confirm_letter", "replies")
