"""并案: a merged item keeps its records, follows its main item, and can be taken out again (S0 §六)."""

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, answered, item, state, task
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


def test_the_main_item_among_the_chosen_is_passed_over_as_what_it_is(panel: Panel) -> None:
    merge(panel, "002", "001")  # 001 has taken one in before
    chosen = [item(panel, number) for number in ("001", "003")]
    page = act(panel, "office", "merge", "proposals", *chosen, merged_into_id=item(panel, "001"))
    assert "已并案 1 条。" in page and "这是所选的主案自己，别的件并入它。" in page
    assert "不能并案" not in page
    assert state(panel, "Proposal", item(panel, "003"), "merged_into_id") == item(panel, "001")


def an_own_account(panel: Panel, name: str) -> str:
    """Somebody of the district's deputies who may log in; the name of his account."""
    with panel.truth() as session:
        deputy = session.query(models.Deputy).filter_by(name=name).one()
        known = {"role": "代表/委员", "deputy_id": deputy.id, "must_change_password": False}
        session.add(models.User(username="merged-deputy", full_name=name, **known))
        session.commit()
    return "merged-deputy"


def test_the_first_to_have_signed_a_merged_item_reads_and_rates_the_main_items_answer(
    panel: Panel,
) -> None:
    """S0 §六: the first proposers of merged items are owed the answer."""
    merge(panel, "002", "001")
    reply = answered(panel, "001")
    him = panel.as_(an_own_account(panel, "韦强"))
    assert "主案的答复" in him.get(f"/proposals/details/?id={item(panel, '002')}")
    assert "已办。" in him.get(f"/replies/details/?id={reply}")
    assert "共 1 条" in him.get("/replies/")
    him.get(f"/proposals/details/?id={item(panel, '001')}", status=404)  # not his item
    sent = {"deputy_id": panel.id_of("Deputy", name="韦强"), "mode": "当面", "has_form": "y"}
    act(panel, "office", "deliver", "replies", reply, sent_on="2024-04-15", **sent)
    assert "共 1 条" in him.get("/replies/?waits=rate")
    good = {"work_rating": "满意", "result_rating": "满意"}
    act(panel, him.name, "rate", "replies", reply, **good)
    assert panel.count("Feedback", reply_id=reply) == 1


def test_a_merged_item_shows_its_deputy_neither_drafts_nor_opinions(panel: Panel) -> None:
    merge(panel, "002", "001")
    draft = a_draft(panel, task(panel, SCHOOL, "主办"))
    opinion = a_draft(panel, task(panel, HOUSING, "协办"), kind="协办意见")
    him = panel.as_(an_own_account(panel, "韦强"))
    for key in (draft, opinion):
        him.get(f"/replies/details/?id={key}", status=404)
    assert "主案的答复" not in him.get(f"/proposals/details/?id={item(panel, '002')}")


def test_who_only_joined_in_a_merged_item_is_not_owed_the_answer(panel: Panel) -> None:
    with panel.truth() as session:
        session.query(models.Sponsor).filter_by(proposal_id=item(panel, "002")).one().role = "联名"
        session.commit()
    merge(panel, "002", "001")
    reply = answered(panel, "001")
    panel.as_(an_own_account(panel, "韦强")).get(f"/replies/details/?id={reply}", status=404)
