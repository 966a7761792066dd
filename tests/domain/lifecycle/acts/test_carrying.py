"""跨年度: what was promised and is not done goes on in the next year, and cannot be lost between the years."""

from datetime import date

import pytest

from domain import models
from tests.domain.lifecycle.acts.later import a_promise, answered, close, is_last_years, waits
from tests.ground.acting import SCHOOL, act, item, state, task
from tests.ground.district import Panel

TITLE = "关于增设校门口斑马线的建议"
NEXT = "鱼峰区第一届人大第六次会议"


def a_year_later(panel: Panel, letter: str = "B") -> int:
    """Last year's item, answered with this letter, closed, and this year's meeting; the item."""
    answered(panel, letter)
    close(panel)
    is_last_years(panel)
    with panel.truth() as session:
        words = {"body": "人大", "level": "区县级", "term": 1, "session": 6, "year": 2024}
        session.add(models.Meeting(name=NEXT, **words))
        session.commit()
    return item(panel, "001")


def carry(panel: Panel, old: int, status: int = 302, **words: object) -> str:
    told = {
        "meeting_id": panel.id_of("Meeting", name=NEXT),
        "tracker": "覃主任",
        "handed_over_on": "2024-04-15",
    }
    return act(panel, "office", "carry_on", "proposals", old, status=status, **{**told, **words})


def heir_of(panel: Panel, old: int) -> int:
    return panel.id_of("Proposal", carried_from_id=old)


def is_listed(panel: Panel) -> bool:
    return TITLE in waits(panel, "office", "carry_on", "proposals")


def test_it_goes_on_with_what_is_known_at_the_unit_that_answers_it(panel: Panel) -> None:
    old = a_year_later(panel)
    assert is_listed(panel)
    assert "待接续的跨年度件" in panel.as_("office").get("/")
    assert "已接续" in carry(panel, old)
    with panel.truth() as session:
        heir = session.get_one(models.Proposal, heir_of(panel, old))
        assert (heir.number, heir.kind, heir.title, heir.tracker) == (
            "001",
            "建议",
            TITLE,
            "覃主任",
        )
        assert (heir.state, heir.handed_over_on) == ("交办", date(2024, 4, 15))
        assert [(s.deputy.name, s.role) for s in heir.sponsors] == [("覃丽", "领衔")]
        assert [(t.unit.name, t.role, t.state) for t in heir.assignments] == [
            (SCHOOL, "主办", "待签收")
        ]
    assert state(panel, "Proposal", old) == "办结"
    assert not is_listed(panel)


def test_somebody_has_to_track_it(panel: Panel) -> None:
    old = a_year_later(panel)
    assert "请填写跟踪人" in carry(panel, old, status=200, tracker="")
    assert panel.count("Proposal", carried_from_id=old) == 0


def test_a_number_that_is_taken_says_that_it_goes_on(panel: Panel) -> None:
    old = a_year_later(panel)
    with panel.truth() as session:
        meeting = session.query(models.Meeting).filter_by(name=NEXT).one()
        for number in ("001", "001续"):
            words = {"kind": "建议", "number": number, "title": "别的事"}
            session.add(models.Proposal(meeting_id=meeting.id, **words))
        session.commit()
    carry(panel, old)
    assert state(panel, "Proposal", heir_of(panel, old), "number") == "001续2"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("鱼峰区第一届人大第五次会议", "要接续到以后年度的会议"),
        ("鱼峰区政协一届四次会议", "同一机构"),
    ],
)
def test_it_goes_on_in_a_later_meeting_of_the_same_body(panel: Panel, name: str, why: str) -> None:
    old = a_year_later(panel)
    page = carry(panel, old, status=200, meeting_id=panel.id_of("Meeting", name=name))
    assert why in page
    assert panel.count("Proposal", carried_from_id=old) == 0


def test_pressed_twice_it_is_carried_once(panel: Panel) -> None:
    old = a_year_later(panel)
    carry(panel, old)
    assert "已经接续" in carry(panel, old, status=200)
    assert panel.count("Proposal", carried_from_id=old) == 1


def test_a_unit_that_is_no_more_is_not_handed_it(panel: Panel) -> None:
    old = a_year_later(panel)
    with panel.truth() as session:
        session.query(models.Unit).filter_by(name=SCHOOL).one().is_active = False
        session.commit()
    carry(panel, old)
    assert state(panel, "Proposal", heir_of(panel, old)) == "登记"
    assert TITLE in waits(panel, "office", "hand_over", "proposals")


def test_it_is_taken_back_until_somebody_works_on_it(panel: Panel) -> None:
    old = a_year_later(panel)
    carry(panel, old)
    act(panel, "office", "undo_carry", "proposals", old)
    assert panel.count("Proposal", carried_from_id=old) == 0
    assert is_listed(panel)
    carry(panel, old)
    mine = panel.id_of("Assignment", proposal_id=heir_of(panel, old))
    act(panel, "school", "sign", "assignments", mine)
    page = act(panel, "office", "undo_carry", "proposals", old)
    assert "已经在办" in page
    assert panel.count("Proposal", carried_from_id=old) == 1


def test_an_item_that_somebody_registered_is_not_taken_away(panel: Panel) -> None:
    old = a_year_later(panel)
    with panel.truth() as session:
        meeting = session.query(models.Meeting).filter_by(name=NEXT).one()
        words = {"kind": "建议", "number": "7", "title": "接着办", "carried_from_id": old}
        session.add(models.Proposal(meeting_id=meeting.id, **words))
        session.commit()
    assert not is_listed(panel)
    assert "没有取消接续" in act(panel, "office", "undo_carry", "proposals", old)


# Nothing is lost between the years: what was promised waits until it is carried on, kept or struck off.


def test_what_was_promised_waits_whatever_becomes_of_its_item(panel: Panel) -> None:
    old = a_year_later(panel)
    for closed_on, item_state in ((None, "答复"), (None, "评价"), (date(2024, 4, 15), "办结")):
        with panel.truth() as session:
            row = session.get_one(models.Proposal, old)
            row.closed_on, row.state = closed_on, item_state
            session.commit()
        assert is_listed(panel), item_state


def test_it_waits_until_all_promises_are_kept(panel: Panel) -> None:
    a_year_later(panel)
    mine = task(panel, SCHOOL, "主办")
    kept = a_promise(panel, mine, date(2024, 4, 20))
    given_up = a_promise(panel, mine, date(2024, 4, 20), content="加装护栏")
    told = {"done_on": "2024-04-15", "done_note": "没有材料"}
    act(panel, "school", "keep_promise", "commitments", kept, **told)
    act(panel, "school", "drop_promise", "commitments", given_up, drop_reason="规划调整")
    assert is_listed(panel)  # given up is not kept: the office decides
    act(panel, "school", "resume_promise", "commitments", given_up)
    act(panel, "school", "keep_promise", "commitments", given_up, **told)
    assert not is_listed(panel)


def test_it_does_not_wait_once_it_is_struck_off_or_solved(panel: Panel) -> None:
    old = a_year_later(panel)
    with panel.truth() as session:
        row = session.get_one(models.Proposal, old)
        row.written_off_on, row.state = date(2024, 4, 15), "销号"
        session.commit()
    assert not is_listed(panel)


def test_of_items_from_before_the_panel_last_years_alone_are_asked_for(panel: Panel) -> None:
    old = a_year_later(panel)
    with panel.truth() as session:
        session.get_one(models.Proposal, old).is_history = True
        session.commit()
    assert is_listed(panel)
    with panel.truth() as session:
        session.get_one(models.Proposal, old).meeting.year = 2022
        session.commit()
    assert not is_listed(panel)


def test_nor_where_nothing_was_promised(panel: Panel) -> None:
    old = a_year_later(panel, "A")
    assert not is_listed(panel)
    assert "不是要回头看的类别" in carry(panel, old, status=200)
    assert panel.count("Proposal", carried_from_id=old) == 0


def test_nor_in_the_year_in_which_it_was_answered(panel: Panel) -> None:
    answered(panel)
    assert not is_listed(panel)


def test_what_goes_on_and_is_promised_again_waits_again(panel: Panel) -> None:
    """Two years on the second item has gone by as the first one had."""
    old = a_year_later(panel)
    carry(panel, old)
    heir = heir_of(panel, old)
    with panel.truth() as session:
        meeting = session.query(models.Meeting).filter_by(name=NEXT).one()
        meeting.year = 2023
        words = {"letter": "B", "definition": "列入计划", "is_promise": True}
        letter = models.AnswerCategory(meeting_id=meeting.id, **words)
        session.add(letter)
        session.flush()
        mine = session.query(models.Assignment.id).filter_by(proposal_id=heir).scalar()
        known = {"answer_category_id": letter.id, "issued_on": date(2024, 4, 15)}
        session.add(models.Reply(assignment_id=mine, state="已答复", **known))
        session.get_one(models.Proposal, heir).state = "答复"
        session.commit()
    assert is_listed(panel)
    assert f"id={heir}" in waits(panel, "office", "carry_on", "proposals")
