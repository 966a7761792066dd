"""到期日历, 逾期清单, the bell and 重算时限 on the screen. The morning is 2024-04-15; 001 was due on 04-12."""

from collections.abc import Iterator
from datetime import date

import pytest
from lxml import html

from domain import models
from domain.dues import duedates, nightly
from tests.admin.tables.test_admin_forms import seen
from tests.ground.district import MORNING, Panel


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


@pytest.mark.parametrize("person", ["deputy", "auditor", "admin", "supervisor"])
def test_who_gets_no_reminders_sees_no_bell(district: Panel, person: str) -> None:
    assert 'href="/bell/"' not in district.as_(person).get("/")
    assert 'href="/bell/"' in district.as_("office").get("/")


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
        assert session.query(models.ReminderRead).all() == []


def test_a_date_that_the_office_typed_is_shown_as_kept(district: Panel) -> None:
    office = district.as_("office")
    line = district.id_of("Deadline", milestone="答复", due_on=date(2024, 6, 5))
    task = district.id_of("Assignment", proposal_id=2)
    form = {"assignment_id": str(task), "milestone": "答复", "origin": "方案"}
    path = f"/deadlines/edit/?id={line}"
    office.post(path, **form, due_on="2024-09-01", seen=seen(office.get(path)))
    page = office.get("/recompute/?meeting=1")
    assert "不动 1 个人工定的时限" in page
    assert "2024-09-01" in page and "2024-06-05" in page
    office.post("/recompute/", meeting="1")
    assert district.count("Deadline", due_on=date(2024, 9, 1), origin="手工") == 1


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


def change(panel: Panel, path: str, **values: str) -> str:
    """Open a row's form as the office, change something in it and save; the page that follows."""
    office = panel.as_("office")
    sent = next(f for f in html.fromstring(office.get(path)).forms if "seen" in f.fields).fields
    return office.post(path, **{**dict(sent), **values})


TO_RECOMPUTE = '<a href="/recompute/?meeting=1">去重算时限</a>'


def test_who_changes_a_rule_is_told_how_many_deadlines_differ_and_led_there(
    district: Panel,
) -> None:
    rule = district.id_of("DeadlineRule", milestone="签收")
    page = change(district, f"/deadline_rules/edit/?id={rule}", days="5")
    assert "有 3 个时限与现在的规则和日期不一致" in page and TO_RECOMPUTE in page
    page = district.as_("office").post("/recompute/", meeting="1")
    assert "已更新 3 个时限" in page
    page = change(district, f"/deadline_rules/edit/?id={rule}", note="已核对")
    assert "已保存" in page and "不一致" not in page


def test_who_changes_the_day_or_the_rules_of_a_meeting_is_told_too(district: Panel) -> None:
    with district.truth() as session:
        for item in session.query(models.Proposal).filter_by(number="001"):
            item.handed_over_on = None
        session.commit()
    path = "/meetings/edit/?id=1"
    page = change(district, path, handed_over_on="2024-04-08")
    assert "个时限与现在的规则和日期不一致" in page and TO_RECOMPUTE in page
    district.as_("office").post("/recompute/", meeting="1")
    assert "不一致" not in change(district, path, handed_over_on="2024-04-08")
    assert TO_RECOMPUTE in change(district, path, rule_set_id="", rule_set_id__text="")


def test_who_deletes_a_rule_is_told_too(district: Panel) -> None:
    rule = district.id_of("DeadlineRule", milestone="签收")
    page = district.as_("office").post("/deadline_rules/delete/", id=str(rule), confirmed="1")
    assert "有 3 个时限与现在的规则和日期不一致" in page


def test_who_changes_an_items_own_day_is_told_how_many_deadlines_moved(district: Panel) -> None:
    item = district.id_of("Proposal", number="001")
    path = f"/proposals/edit/?id={item}"
    assert "跟着这次修改变动" not in change(district, path, note="已核对")
    assert "个时限已跟着这次修改变动" in change(district, path, handed_over_on="2024-04-02")


def test_recomputing_a_meeting_that_is_none_is_refused(district: Panel) -> None:
    district.as_("office").get("/recompute/?meeting=999", status=404)


TABS = ["/undated/", "/report-dues/"]


@pytest.mark.parametrize("page", TABS)
@pytest.mark.parametrize("person", ["deputy", "supervisor", "congress", "auditor", "admin"])
def test_what_is_owed_is_not_there_for_others(panel: Panel, person: str, page: str) -> None:
    panel.as_(person).get(page, status=404)


@pytest.mark.parametrize("page", ["/late/", *TABS])
def test_the_tabs_lead_to_each_other(panel: Panel, page: str) -> None:
    found = panel.as_("office").get(page)
    assert all(f'href="{tab}"' in found for tab in ("/late/", *TABS))
    assert f'href="{page}" aria-current="page"' in found


def test_the_office_finds_the_tasks_that_nobody_would_remind_of(panel: Panel) -> None:
    office = panel.as_("office")
    page = office.get("/undated/")
    assert "鱼峰区教育局" in page
    assert "鱼峰区住房和城乡建设局" in page
    task = panel.id_of("Assignment", role="主办", unit_id=panel.id_of("Unit", short_name="教育局"))
    with panel.truth() as session:
        session.add(
            models.Deadline(
                assignment_id=task, milestone="答复", due_on=date(2024, 6, 5), origin="手工"
            )
        )
        session.commit()
    page = office.get("/undated/")
    assert "校门口斑马线" not in page
    assert "老旧小区加装电梯" in page
    assert "每项任务都有时限" in panel.as_("school").get("/undated/")  # the other is not its own


@pytest.fixture
def reporting(panel: Panel) -> Panel:
    """Both units owe a report on 2024 by 10 April; 住建局 has handed one in."""
    with panel.truth() as session:
        rules = models.DeadlineRuleSet(name="本级规则")
        meeting = session.get_one(models.Meeting, 1)
        meeting.rule_set = rules
        session.add(
            models.DeadlineRule(rule_set=rules, milestone="总结", basis="固定日期", month=4, day=10)
        )
        housing = session.query(models.Unit).filter_by(short_name="住房和城乡建设局").one()
        session.add(models.UnitReport(unit_id=housing.id, year=2024, submitted_on=date(2024, 4, 9)))
        session.commit()
    return panel


def test_the_office_sees_which_unit_owes_its_report(reporting: Panel) -> None:
    with reporting.truth() as session:  # people of the office sit in a unit, too
        unit = session.query(models.Unit).filter_by(short_name="住房和城乡建设局").one()
        session.query(models.User).filter_by(username="office").one().unit_id = unit.id
        session.commit()
    page = reporting.as_("office").get("/report-dues/")
    assert "还有 1 份没有交" in page
    school = reporting.id_of("Unit", short_name="教育局")
    assert f"/unit_reports/new/?unit_id={school}&year=2024" in page
    report = reporting.id_of("UnitReport", year=2024)
    assert f"/unit_reports/details/?id={report}" in page
    assert "2024-04-09" in page
    new = reporting.as_("office").get(f"/unit_reports/new/?unit_id={school}&year=2024")
    assert "鱼峰区教育局" in new and 'value="2024"' in new


def test_a_unit_sees_its_own_report_alone(reporting: Panel) -> None:
    page = reporting.as_("school").get("/report-dues/")
    assert "鱼峰区教育局" in page
    assert "住房和城乡建设局" not in page
    leader = reporting.as_("school-leader").get("/report-dues/")
    assert "鱼峰区教育局" in leader
    assert "/unit_reports/new/" not in leader  # not his to write
