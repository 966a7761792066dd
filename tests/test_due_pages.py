"""到期日历, 逾期清单, the bell and 重算时限 on the screen. The morning is 2024-04-15; 001 was due on 04-12."""

from collections.abc import Iterator
from datetime import date

import pytest

from domain import models
from domain.dues import duedates, nightly
from tests.district import MORNING, Panel


@pytest.fixture
def district(panel: Panel) -> Iterator[Panel]:
    """The district with its deadlines made by a rule of ten days for 答复 beside the plan's dates."""
    with panel.truth() as session:
        rules = models.DeadlineRuleSet(name="本级规则")
        session.add(rules)
        meeting = session.get_one(models.Meeting, 1)
        meeting.rule_set = rules
        session.add_all(
            models.DeadlineRule(rule_set=rules, milestone=milestone, basis="自然日", days=days)
            for milestone, days in (("签收", 3), ("答复", 60))
        )
        session.flush()
        duedates.bring_up_to_date(session, models.Proposal.meeting_id == 1)
        session.commit()
    yield panel


def run_nightly_check(panel: Panel, on: date) -> None:
    with panel.truth() as session:
        nightly.check_deadlines(session, on)
        session.commit()


def test_the_office_sees_who_is_late_with_what(district: Panel) -> None:
    page = district.as_("office").get("/late/")
    assert "2 个单位共 4 个环节逾期未完成" in page
    assert "鱼峰区教育局" in page
    assert "关于增设校门口斑马线的建议" in page


def test_the_late_list_narrows_to_one_unit(district: Panel) -> None:
    school = district.id_of("Unit", name="鱼峰区教育局")
    page = district.as_("office").get(f"/late/?unit={school}")
    assert "关于增设校门口斑马线的建议" in page
    assert "关于老旧小区加装电梯的建议" not in page


def test_a_liaison_sees_only_the_own_units_late_work(district: Panel) -> None:
    page = district.as_("school").get("/late/")
    assert "关于增设校门口斑马线的建议" in page
    assert "关于老旧小区加装电梯的建议" not in page
    assert "鱼峰区住房和城乡建设局" not in page


@pytest.mark.parametrize("page", ["/late/", "/due-month/", "/bell/", "/recompute/"])
@pytest.mark.parametrize("person", ["deputy", "auditor", "admin"])
def test_due_pages_are_not_there_for_others(district: Panel, person: str, page: str) -> None:
    district.as_(person).get(page, status=404)


def test_the_calendar_counts_each_day_and_lists_the_chosen_one(district: Panel) -> None:
    page = district.as_("office").get("/due-month/?day=2024-04-12")
    assert "2024年4月" in page
    assert "逾期 1" in page, "答复 of 001, which the plan dated"
    assert "2024年4月12日到期" in page
    assert "关于增设校门口斑马线的建议" in page


def test_the_calendar_says_when_a_years_rest_days_are_not_published(district: Panel) -> None:
    assert "未公布" in district.as_("office").get("/due-month/?day=2031-01-05")


@pytest.mark.parametrize("day", ["2024-13-01", "x", "2024-02-30"])
def test_a_day_that_is_none_gets_a_sentence(district: Panel, day: str) -> None:
    assert "不是日期" in district.as_("office").get(f"/due-month/?day={day}", status=400)


def test_the_bell_rings_for_the_liaison_and_is_quiet_once_read(district: Panel) -> None:
    run_nightly_check(district, MORNING.date())
    liaison = district.as_("school")
    assert "条未读" in liaison.get("/")
    page = liaison.get("/bell/")
    assert "关于增设校门口斑马线的建议" in page
    liaison.post("/bell/read/")
    assert "没有未读的提醒" in liaison.get("/bell/")
    assert district.as_("housing").get("/bell/").count("标为已读") > 1, "the other unit's stay"


def test_a_liaison_cannot_silence_another_units_bell(district: Panel) -> None:
    run_nightly_check(district, MORNING.date())
    with district.truth() as session:
        foreign = [
            reminder.id
            for reminder in session.query(models.Reminder)
            if reminder.deadline.assignment.unit.name == "鱼峰区住房和城乡建设局"
        ]
    assert foreign
    district.as_("school").post("/bell/read/", id=foreign)
    with district.truth() as session:
        left = session.query(models.Reminder).filter(models.Reminder.id.in_(foreign))
        assert [reminder.read_at for reminder in left] == [None] * len(foreign)


def test_a_changed_rule_is_shown_before_it_moves_any_date(district: Panel) -> None:
    with district.truth() as session:
        for rule in session.query(models.DeadlineRule).filter_by(milestone="签收"):
            rule.days = 5
        session.commit()
    office = district.as_("office")
    page = office.get("/recompute/?meeting=1")
    assert "将更新 3 个时限" in page
    assert "2024-04-13" in page and "2024-04-15" in page
    assert district.count("Deadline", due_on=date(2024, 4, 13)) == 3, "only shown so far"
    assert "已更新 3 个时限" in office.post("/recompute/", meeting="1")
    assert district.count("Deadline", due_on=date(2024, 4, 13)) == 0
    assert district.count("Deadline", due_on=date(2024, 4, 15)) == 3


def test_recomputing_a_meeting_that_is_none_is_refused(district: Panel) -> None:
    district.as_("office").get("/recompute/?meeting=999", status=404)
