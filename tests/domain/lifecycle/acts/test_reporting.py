"""A unit's report of the year: filed whole, accepted, returned with a reason."""

from datetime import date

from domain import models
from tests.domain.lifecycle.acts.later import waits
from tests.ground.acting import SCHOOL, act, state, unit
from tests.ground.district import MORNING, Panel

TODAY = MORNING.date()
SECTIONS = ("overview", "highlights", "practice", "key_items", "look_back", "partners", "advice")


def a_report(panel: Panel, **words: str) -> int:
    with panel.truth() as session:
        known = {**dict.fromkeys(SECTIONS, "写了"), **words}
        report = models.UnitReport(unit_id=unit(panel, SCHOOL), year=2024, **known)
        session.add(report)
        session.commit()
        key: int = report.id
        return key


def file(panel: Panel, report: int, status: int = 302) -> str:
    return act(panel, "school", "file_report", "unit_reports", report, status=status)


def test_a_report_is_filed_whole_and_accepted(panel: Panel) -> None:
    report = a_report(panel)
    assert "待报送的总结" in panel.as_("school").get("/")
    file(panel, report)
    assert state(panel, "UnitReport", report, "submitted_on") == TODAY
    assert SCHOOL in waits(panel, "office", "accept_report", "unit_reports")
    told = {"accepted_on": "2024-04-15", "review_note": "写得好"}
    act(panel, "office", "accept_report", "unit_reports", report, **told)
    assert state(panel, "UnitReport", report, "accepted_on") == TODAY
    assert SCHOOL not in waits(panel, "office", "accept_report", "unit_reports")


def test_sections_that_are_blank_are_named(panel: Panel) -> None:
    report = a_report(panel, highlights="", advice=" ")
    page = file(panel, report)
    assert "还没有写：工作亮点、绩效考评建议" in page
    assert state(panel, "UnitReport", report, "submitted_on") is None


def test_it_is_taken_back_until_it_is_accepted(panel: Panel) -> None:
    report = a_report(panel)
    file(panel, report)
    act(panel, "school", "unfile_report", "unit_reports", report)
    file(panel, report)
    act(panel, "office", "accept_report", "unit_reports", report, accepted_on="2024-04-15")
    assert "已经受理" in act(panel, "school", "unfile_report", "unit_reports", report)


def test_a_returned_report_waits_again_with_its_reason(panel: Panel) -> None:
    report = a_report(panel)
    file(panel, report)
    page = act(panel, "office", "return_report", "unit_reports", report, status=200)
    assert "请填写审核意见" in page
    act(panel, "office", "return_report", "unit_reports", report, review_note="缺数字")
    assert state(panel, "UnitReport", report, "returned_on") == TODAY
    assert SCHOOL in waits(panel, "school", "file_report", "unit_reports")
    assert "缺数字" in panel.as_("school").get(f"/unit_reports/details/?id={report}")
    file(panel, report)
    assert state(panel, "UnitReport", report, "returned_on") is None


def test_what_is_filed_is_not_edited_and_no_form_files(panel: Panel) -> None:
    report = a_report(panel)
    form = panel.as_("school").get(f"/unit_reports/edit/?id={report}")
    assert 'name="submitted_on"' not in form
    assert 'name="overview"' in form
    file(panel, report)
    panel.as_("school").get(f"/unit_reports/edit/?id={report}", 403)


def test_another_units_report_is_not_filed(panel: Panel) -> None:
    report = a_report(panel)
    act(panel, "housing", "file_report", "unit_reports", report, status=404)
    assert panel.count("UnitReport", submitted_on=None) == 1


def test_the_office_enters_the_day_of_a_report_on_paper(panel: Panel) -> None:
    report = a_report(panel)
    act(panel, "office", "file_report", "unit_reports", report, submitted_on="2024-04-11")
    assert state(panel, "UnitReport", report, "submitted_on") == date(2024, 4, 11)
