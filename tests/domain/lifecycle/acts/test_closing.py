"""How an item ends: closed, written off, withdrawn; each can be taken back."""

from datetime import date

from domain import models
from tests.ground.acting import HOUSING, act, answered, item, state, task
from tests.ground.district import Panel

ON = "2024-04-15"


def deliver(panel: Panel, reply: int) -> list[int]:
    """Send the reply to whoever wants one; those."""
    with panel.truth() as session:
        key = session.get_one(models.Reply, reply).proposal_id
        signers = session.query(models.Sponsor).filter_by(proposal_id=key, wants_reply=True)
        deputies = [row.deputy_id for row in signers]
    known = {"mode": "当面", "sent_on": ON, "has_form": "y"}
    act(panel, "office", "deliver", "replies", reply, deputy_id=deputies, **known)
    return deputies


def partner_is_done(panel: Panel) -> None:
    """The partner of 001 has nothing to do any more."""
    act(
        panel,
        "office",
        "take_back",
        "assignments",
        task(panel, HOUSING, "协办"),
        end_reason="不用了",
    )


def rate(panel: Panel, reply: int, result: str = "满意") -> None:
    opinion = "不行" if result == "不满意" else ""
    for deputy in deliver(panel, reply):
        said = {"work_rating": result, "result_rating": result, "opinion": opinion}
        known = {"deputy_id": deputy, "received_on": ON}
        act(panel, "office", "record_rating", "replies", reply, **said, **known)


def test_an_item_is_closed_once_it_is_rated_and_written_off_once_promises_are_kept(
    panel: Panel,
) -> None:
    first, reply = item(panel, "001"), answered(panel)
    page = act(panel, "office", "close", "proposals", first, status=200, closed_on=ON)
    assert "答复还没有寄送：覃丽（领衔）" in page
    assert "还没有反馈意见：覃丽（领衔）" in page
    assert f"还有单位没有办完：{HOUSING}" in page
    partner_is_done(panel)
    rate(panel, reply)
    assert "已办结" in act(panel, "office", "close", "proposals", first, closed_on=ON)
    assert state(panel, "Proposal", first) == "办结"
    with panel.truth() as session:
        held = session.get_one(models.Reply, reply).assignment_id
        promise = models.Commitment(
            assignment_id=held, content="增设护栏", due_on=date(2024, 12, 1)
        )
        session.add(promise)
        session.commit()
        key = promise.id
    page = act(panel, "office", "write_off", "proposals", first, status=200, written_off_on=ON)
    assert "承诺事项还没有兑现：增设护栏" in page
    with panel.truth() as session:
        promise = session.get_one(models.Commitment, key)
        promise.state, promise.done_on = "已兑现", date(2024, 4, 12)
        session.commit()
    assert "已销号" in act(panel, "office", "write_off", "proposals", first, written_off_on=ON)
    assert state(panel, "Proposal", first) == "销号"
    act(panel, "office", "unwrite", "proposals", first)
    act(panel, "office", "reopen", "proposals", first)
    assert state(panel, "Proposal", first) == "评价"


def test_what_was_promised_by_its_letter_is_not_written_off_unentered(panel: Panel) -> None:
    first, reply = item(panel, "001"), answered(panel)
    partner_is_done(panel)
    rate(panel, reply)
    act(panel, "office", "close", "proposals", first, closed_on=ON)
    with panel.truth() as session:
        session.get_one(models.Reply, reply).answer_category.is_promise = True
        session.commit()
    page = act(panel, "office", "write_off", "proposals", first, status=200, written_off_on=ON)
    assert "却没有登记承诺事项" in page


def test_an_item_is_closed_without_its_forms_for_a_reason(panel: Panel) -> None:
    first = item(panel, "001")
    answered(panel)
    act(
        panel,
        "office",
        "close",
        "proposals",
        first,
        closed_on=ON,
        closing_note="代表出国，电话表示满意",
    )
    assert state(panel, "Proposal", first, "closing_note") == "代表出国，电话表示满意"


def test_an_item_with_a_bad_rating_is_not_closed(panel: Panel) -> None:
    first, reply = item(panel, "001"), answered(panel)
    rate(panel, reply, "不满意")
    page = act(panel, "office", "close", "proposals", first, status=200, closed_on=ON)
    assert "办理状态是“重办”" in page
    assert state(panel, "Proposal", first, "closed_on") is None


def test_a_withdrawn_item_keeps_its_records_and_comes_back(panel: Panel) -> None:
    first = item(panel, "001")
    page = act(
        panel,
        "office",
        "withdraw",
        "proposals",
        first,
        withdrawn_on=ON,
        withdrawal_reason="代表书面撤回",
    )
    assert "办理终止" in page
    assert state(panel, "Proposal", first) == "撤回"
    waits = panel.as_("school").get("/assignments/?waits=sign")
    assert "关于增设校门口信号灯的建议" not in waits
    act(panel, "office", "restore", "proposals", first)
    assert state(panel, "Proposal", first) != "撤回"


def test_no_form_asks_how_an_item_ends(panel: Panel) -> None:
    form = panel.as_("office").get(f"/proposals/edit/?id={item(panel, '001')}")
    for name in ("merged_into_id", "withdrawn_on", "closed_on", "written_off_on", "closing_note"):
        assert f'name="{name}"' not in form
    assert 'name="title"' in form
