"""并案: a merged item keeps its records, follows its main item, and can be taken out again (S0 §六)."""

from domain import models
from tests.ground.acting import act, answered, item, state
from tests.ground.district import Panel


def merge(panel: Panel, number: str, into: str, **more: object) -> str:
    key = item(panel, number)
    return act(panel, "office", "merge", "proposals", key, merged_into_id=item(panel, into), **more)


def test_a_merged_item_keeps_its_records_and_follows_the_main_item(panel: Panel) -> None:
    page = merge(panel, "002", "001")
    assert "已并案" in page
    first, second = item(panel, "001"), item(panel, "002")
    with panel.truth() as session:
        merged = session.get_one(models.Proposal, second)
        assert merged.merged_into_id == first
        ends = {(t.state, t.end_reason[:2]) for t in merged.assignments}
        assert ends == {("已撤办", "并入")}
    assert state(panel, "Proposal", second) == state(panel, "Proposal", first) == "交办"
    answered(panel, "001")
    assert state(panel, "Proposal", second) == "答复"


def test_what_is_merged_is_no_more_to_be_handed_over(panel: Panel) -> None:
    third = item(panel, "003")
    waiting = panel.as_("office").get("/proposals/?waits=hand_over")
    assert "关于延长图书馆开放时间的建议" in waiting
    merge(panel, "003", "001")
    assert "关于延长图书馆开放时间的建议" not in panel.as_("office").get(
        "/proposals/?waits=hand_over"
    )
    page = act(panel, "office", "split", "proposals", third)
    assert "请重新交办" in page
    assert state(panel, "Proposal", third) == "登记"


def test_a_chain_or_oneself_is_refused(panel: Panel) -> None:
    assert "这是所选的主案自己" in merge(panel, "001", "001", status=200)
    merge(panel, "002", "001")
    assert "请并入它的主案" in merge(panel, "003", "002", status=200)
    third = act(
        panel,
        "office",
        "merge",
        "proposals",
        item(panel, "001"),
        status=200,
        merged_into_id=item(panel, "003"),
    )
    assert "有别的件并入它" in third


def test_an_item_whose_answer_is_under_review_is_not_merged(panel: Panel) -> None:
    answered(panel, "001")
    assert "办理状态是“答复”" in merge(panel, "001", "003", status=200)
    assert state(panel, "Proposal", item(panel, "001"), "merged_into_id") is None
