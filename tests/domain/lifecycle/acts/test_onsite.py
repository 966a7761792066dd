"""现场意见 (S4): collected by the dozen, judged, handed to a unit, answered twice or made an item, and taken back."""

from datetime import date

import pytest

from domain import models
from tests.admin.home.test_awaited import parts
from tests.admin.tables.test_rows_below import line
from tests.ground.acting import HOUSING, SCHOOL, act, item, state, unit
from tests.ground.district import Panel
from tests.ground.doors.formreading import fields_of

TABLE = "onsite_opinions"
JUDGED = {"judgement": "属实，可办", "judged_on": "2024-04-15"}


def an_opinion(panel: Panel, **words: object) -> int:
    known = {"collected_on": date(2024, 4, 12), "summary": "校门口增设护栏", "collector": "李"}
    with panel.truth() as session:
        meeting = session.query(models.Meeting.id).filter_by(body="人大").scalar()
        deputy = session.query(models.Deputy.id).filter_by(name="覃丽").scalar()
        row = models.OnsiteOpinion(meeting_id=meeting, deputy_id=deputy, **{**known, **words})
        session.add(row)
        session.commit()
        key: int = row.id
        return key


def value(panel: Panel, key: int, column: str) -> object:
    return state(panel, "OnsiteOpinion", key, column)


@pytest.fixture
def handed(panel: Panel) -> int:
    """An opinion that was judged and handed to 教育局."""
    key = an_opinion(panel)
    act(panel, "office", "judge_opinion", TABLE, key, unit_id=unit(panel, SCHOOL), **JUDGED)
    act(panel, "office", "hand_over_opinion", TABLE, key, handed_over_on="2024-04-15",
        unit_id=unit(panel, SCHOOL))  # fmt: skip
    return key


def feedback(which: str, on: str = "2024-04-15") -> dict[str, str]:
    note = "feedback_note" if which == "first" else "second_note"
    named = {"on": on, "by": "韦科长", "mode": "当面"}
    return {f"{which}_feedback_{k}": said for k, said in named.items()} | {note: "已说明"}


def test_an_opinion_is_judged_and_handed_to_a_unit_which_finds_it(panel: Panel) -> None:
    key = an_opinion(panel)
    assert parts(panel, "office")["等我办理"]["待研判的现场意见"] == 1
    page = act(panel, "office", "judge_opinion", TABLE, key, status=200, judged_on="2024-04-15")
    assert "请填写初步研判。" in page
    act(panel, "office", "judge_opinion", TABLE, key, **JUDGED)
    assert parts(panel, "office")["等我办理"]["待交办的现场意见"] == 1
    told = {"handed_over_on": "2024-04-15", "unit_id": ""}
    page = act(panel, "office", "hand_over_opinion", TABLE, key, status=200, **told)
    assert "还没有拟办单位" in page
    told["unit_id"] = str(unit(panel, SCHOOL))
    act(panel, "office", "hand_over_opinion", TABLE, key, **told)
    assert parts(panel, "school")["等我办理"]["待反馈的现场意见"] == 1
    assert "待反馈的现场意见" not in parts(panel, "housing").get("等我办理", {})


def test_the_unit_answers_twice_and_says_who_and_how(panel: Panel, handed: int) -> None:
    page = act(panel, "school", "first_feedback", TABLE, handed, status=200)
    assert "请填写首次反馈人。" in page
    act(panel, "school", "first_feedback", TABLE, handed, **feedback("first"))
    assert value(panel, handed, "first_feedback_by") == "韦科长"
    page = act(panel, "school", "second_feedback", TABLE, handed, status=200,
               **feedback("second", "2024-04-14"))  # fmt: skip
    assert "再次反馈不能早于首次反馈。" in page
    act(panel, "school", "second_feedback", TABLE, handed, **feedback("second"))
    assert value(panel, handed, "second_feedback_on") == date(2024, 4, 15)


def test_each_act_is_taken_back_until_somebody_has_gone_on(panel: Panel, handed: int) -> None:
    assert "没有撤回研判" in act(panel, "office", "unjudge_opinion", TABLE, handed)
    act(panel, "school", "first_feedback", TABLE, handed, **feedback("first"))
    assert "没有撤回交办" in act(panel, "office", "unhand_opinion", TABLE, handed)
    act(panel, "school", "second_feedback", TABLE, handed, **feedback("second"))
    assert "没有撤回首次反馈" in act(panel, "school", "unfirst_feedback", TABLE, handed)
    for who, name in (
        ("school", "unsecond_feedback"),
        ("school", "unfirst_feedback"),
        ("office", "unhand_opinion"),
        ("office", "unjudge_opinion"),
    ):
        act(panel, who, name, TABLE, handed)
    row = panel.count("OnsiteOpinion", judgement="", judged_on=None, unit_id=None)
    assert row == 1
    assert value(panel, handed, "first_feedback_by") == ""


def test_a_unit_answers_neither_for_others_nor_before_it_was_handed_one(
    panel: Panel, handed: int
) -> None:
    act(panel, "housing", "first_feedback", TABLE, handed, status=404, **feedback("first"))
    other = an_opinion(panel)
    words = {"unit_id": unit(panel, HOUSING), **JUDGED}
    act(panel, "office", "judge_opinion", TABLE, other, **words)
    page = act(panel, "housing", "first_feedback", TABLE, other, status=200, **feedback("first"))
    assert "还没有研判、交办" in page
    act(panel, "school-leader", "first_feedback", TABLE, handed, status=400)
    assert value(panel, handed, "first_feedback_on") is None


def test_an_opinion_becomes_an_item_with_its_deputy_and_is_linked(panel: Panel) -> None:
    key = an_opinion(panel)
    told = {"kind": "建议", "number": "第001号", "title": "关于增设护栏的建议"}
    page = act(panel, "office", "make_proposal", TABLE, key, status=200, **told)
    assert "这次会议已有这个类型和案号的件" in page
    act(panel, "office", "make_proposal", TABLE, key, **{**told, "number": "第004号"})
    made = item(panel, "004")
    assert value(panel, key, "proposal_id") == made
    assert state(panel, "Proposal", made) == "登记"
    assert state(panel, "Proposal", made, "submitted_on") == date(2024, 4, 12)
    assert panel.count("Sponsor", proposal_id=made, role="领衔") == 1
    assert "已转为建议提案" in act(panel, "office", "make_proposal", TABLE, key, status=200, **told)


def test_it_is_an_item_no_more_as_long_as_nobody_has_worked_on_it(panel: Panel) -> None:
    key = an_opinion(panel)
    told = {"kind": "建议", "number": "004", "title": "关于增设护栏的建议"}
    act(panel, "office", "make_proposal", TABLE, key, **told)
    act(panel, "office", "unmake_proposal", TABLE, key)
    assert value(panel, key, "proposal_id") is None
    assert panel.count("Proposal", number="004") == 0
    act(panel, "office", "make_proposal", TABLE, key, **told)
    how = {"unit_id": unit(panel, SCHOOL), "handed_over_on": "2024-04-15", "role": "主办"}
    act(panel, "office", "hand_over", "proposals", item(panel, "004"), **how)
    assert "已经交办" in act(panel, "office", "unmake_proposal", TABLE, key)
    assert panel.count("Proposal", number="004") == 1


def test_a_dozen_are_typed_in_one_form_and_what_is_wrong_is_said_at_its_row(panel: Panel) -> None:
    """The form of the meeting takes as many as were said there, with one save."""
    office, meeting = panel.as_("office"), panel.id_of("Meeting", body="人大")
    place = f"/meetings/edit/?id={meeting}"
    words = {"occasion": "分组讨论", "collector": "李", "collected_on": "2024-04-12"}
    rows = [{**words, "summary": f"第{n}条意见"} for n in range(1, 13)]
    rows[4]["collected_on"] = "2024-04-16"
    sent = fields_of(office.get(place))

    def filled() -> dict[str, str]:
        told = {f"{TABLE}.{n}.{k}": said for n, row in enumerate(rows) for k, said in row.items()}
        return {**sent, **told}

    page = office.post(place, 200, **filled())
    assert "error" in line(page, f"{TABLE}.4")
    assert "error" not in line(page, f"{TABLE}.3") + line(page, f"{TABLE}.5")
    assert panel.count("OnsiteOpinion") == 0
    rows[4]["collected_on"] = "2024-04-12"
    office.post(place, **filled())
    assert panel.count("OnsiteOpinion", meeting_id=meeting, occasion="分组讨论") == 12


def test_the_figures_of_the_article_come_out_of_the_list(panel: Panel) -> None:
    """S4: 54 at the sessions, all of them answered; 61 collected anew on the visits."""
    with panel.truth() as session:
        meeting = session.query(models.Meeting.id).filter_by(body="人大").scalar()
        session.add_all(
            models.OnsiteOpinion(
                meeting_id=meeting,
                collected_on=date(2024, 4, 12 if n < 54 else 15),
                occasion="分组讨论" if n < 54 else ("座谈", "走访")[n % 2],
                summary=f"第{n}条意见",
                judged_on=date(2024, 4, 15),
                first_feedback_on=date(2024, 4, 15) if n < 54 else None,
            )
            for n in range(54 + 61)
        )
        session.commit()
    office = panel.as_("office")
    at_meeting = f"/{TABLE}/?meeting_id={meeting}"
    assert "共 54 条" in office.get(f"{at_meeting}&occasion=分组讨论&first_feedback_on.empty=0")
    assert "共 61 条" in office.get(f"{at_meeting}&occasion=座谈&occasion=走访")
    assert "共 61 条" in office.get(f"{at_meeting}&first_feedback_on.empty=1")
