"""What becomes of promises: kept with evidence, struck off by the office, given up for a reason."""

from datetime import date

from domain import models
from tests.domain.lifecycle.acts.later import a_promise, waits
from tests.ground.acting import HOUSING, SCHOOL, act, state, task
from tests.ground.district import MORNING, Panel

TODAY = MORNING.date()
NEXT_WEEK, LATER = date(2024, 4, 22), date(2024, 9, 1)


def promised(panel: Panel, due_on: date = NEXT_WEEK, **words: object) -> int:
    return a_promise(panel, task(panel, SCHOOL, "主办"), due_on, **words)


def keep(panel: Panel, promise: int, who: str = "school", status: int = 302, **told: str) -> str:
    answers = {"done_on": "2024-04-15", **told}
    return act(panel, who, "keep_promise", "commitments", promise, status=status, **answers)


def evidence(panel: Panel, promise: int) -> None:
    with panel.truth() as session:
        known = {"content_type": "application/pdf", "byte_size": 9, "sha256": "0" * 64}
        known |= {
            "file_name": "验收单.pdf",
            "stored_name": f"aa/{promise:032x}",
            "uploaded_at": session.now(),
        }
        session.add(models.Attachment(commitment_id=promise, **known))
        session.commit()


def test_a_promise_is_kept_with_the_file_that_shows_it(panel: Panel) -> None:
    promise = promised(panel)
    page = keep(panel, promise, status=200)
    assert "还没有佐证材料" in page
    evidence(panel, promise)
    assert "已兑现" in keep(panel, promise)
    assert state(panel, "Commitment", promise) == "已兑现"
    assert state(panel, "Commitment", promise, "done_on") == TODAY


def test_the_evidence_stays_with_what_was_kept(panel: Panel) -> None:
    promise = promised(panel)
    evidence(panel, promise)
    keep(panel, promise)
    file = panel.id_of("Attachment", commitment_id=promise)
    panel.as_("school").client.post(f"/files/{file}/delete")
    assert panel.count("Attachment", commitment_id=promise) == 1
    act(panel, "school", "unkeep_promise", "commitments", promise)
    panel.as_("school").post(f"/files/{file}/delete")
    assert panel.count("Attachment", commitment_id=promise) == 0


def test_without_a_file_it_says_why(panel: Panel) -> None:
    promise = promised(panel)
    keep(panel, promise, done_note="口头协调，没有材料")
    assert state(panel, "Commitment", promise, "done_note") == "口头协调，没有材料"


def test_steps_that_are_open_are_named(panel: Panel) -> None:
    promise = promised(panel)
    with panel.truth() as session:
        steps = (("立项", TODAY), ("施工", None), ("验收", None))
        for n, (content, on) in enumerate(steps, start=1):
            line = {"position": n, "content": content, "done_on": on}
            session.add(models.CommitmentStep(commitment_id=promise, **line))
        session.commit()
    page = keep(panel, promise, status=200, done_note="没有材料")
    assert "还有步骤没有完成：施工、验收" in page
    assert state(panel, "Commitment", promise) == "推进中"


def test_what_is_due_within_a_week_waits_for_its_unit_alone(panel: Panel) -> None:
    promised(panel, content="近的事")
    promised(panel, LATER, content="远的事")
    page = waits(panel, "school", "keep_promise", "commitments")
    assert "近的事" in page
    assert "远的事" not in page
    home = panel.as_("school").get("/")
    assert "到期的承诺" in home
    assert f"{NEXT_WEEK}" in home
    assert "近的事" not in waits(panel, "housing", "keep_promise", "commitments")


def test_a_promise_may_be_kept_before_it_is_due(panel: Panel) -> None:
    promise = promised(panel, LATER)
    assert "act=keep_promise" in panel.as_("school").get(f"/commitments/details/?id={promise}")
    keep(panel, promise, done_note="提前办成")
    assert state(panel, "Commitment", promise) == "已兑现"


def test_the_office_strikes_a_kept_promise_off_and_takes_that_back(panel: Panel) -> None:
    promise = promised(panel)
    told = {"written_off_on": "2024-04-15"}
    act(panel, "office", "write_off_promise", "commitments", promise, status=200, **told)
    assert state(panel, "Commitment", promise) == "推进中"
    keep(panel, promise, done_note="没有材料")
    assert "增设护栏" in waits(panel, "office", "write_off_promise", "commitments")
    act(panel, "office", "write_off_promise", "commitments", promise, **told)
    assert state(panel, "Commitment", promise) == "已销号"
    act(panel, "office", "unwrite_promise", "commitments", promise)
    act(panel, "school", "unkeep_promise", "commitments", promise)
    assert state(panel, "Commitment", promise) == "推进中"
    assert state(panel, "Commitment", promise, "done_on") is None


def test_it_is_not_struck_off_before_it_was_kept(panel: Panel) -> None:
    promise = promised(panel)
    keep(panel, promise, done_note="没有材料")
    told = {"written_off_on": "2024-04-11"}
    page = act(panel, "office", "write_off_promise", "commitments", promise, status=200, **told)
    assert "销号日期不能早于兑现日期" in page


def test_what_is_given_up_says_why_and_may_be_taken_up_again(panel: Panel) -> None:
    promise = promised(panel)
    page = act(panel, "school", "drop_promise", "commitments", promise, status=200)
    assert "请填写不再推进理由" in page
    act(panel, "school", "drop_promise", "commitments", promise, drop_reason="规划调整")
    assert state(panel, "Commitment", promise) == "不再推进"
    assert "增设护栏" not in waits(panel, "school", "keep_promise", "commitments")
    act(panel, "office", "resume_promise", "commitments", promise)
    assert state(panel, "Commitment", promise, "drop_reason") == ""


def test_another_units_promise_is_not_kept(panel: Panel) -> None:
    promise = promised(panel)
    keep(panel, promise, who="housing", status=404)
    theirs = a_promise(panel, task(panel, HOUSING, "协办"), NEXT_WEEK)
    keep(panel, theirs, status=200, done_note="看得到，不归我")
    assert state(panel, "Commitment", theirs) == "推进中"


def test_no_form_says_what_became_of_it_nor_changes_it_afterwards(panel: Panel) -> None:
    promise = promised(panel)
    form = panel.as_("school").get(f"/commitments/edit/?id={promise}")
    for name in ("state", "done_on", "written_off_on", "dropped_on"):
        assert f'name="{name}"' not in form
    assert "保存并兑现" not in form
    keep(panel, promise, done_note="没有材料")
    panel.as_("school").get(f"/commitments/edit/?id={promise}", 403)
