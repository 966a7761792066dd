"""Rules and facts give due dates: the three notices' own dates, who wins, and what is said."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date

import pytest

from domain.dues.deadlines import (
    FIXED,
    MONTHS,
    NATURAL_DAYS,
    WORKING_DAYS,
    Due,
    DueRule,
    Facts,
    due,
    dues,
    report_due,
    winning_rules,
)
from domain.time.calendar import WorkCalendar
from tests.domain.time.test_calendar import CALENDAR
from tests.ground.places import SEEDS

PRESETS = SEEDS / "deadline_rules.csv"


def preset(name: str) -> list[DueRule]:
    with PRESETS.open(encoding="utf-8", newline="") as file:
        return [rule_of(row) for row in csv.DictReader(file) if row["rule_set"].startswith(name)]


def rule_of(row: dict[str, str]) -> DueRule:
    keys = ("days", "month", "day", "year_offset")
    number = {key: int(row[key]) for key in keys if row[key]}
    named = ("level", "kind", "area_role", "role")
    scope = {key: None if row[key] == "全部" else row[key] for key in named}
    rolls = row["rolls"] == "是"
    return DueRule(
        row["milestone"], row["basis"], reference=row["reference"], rolls=rolls, **number, **scope
    )


def facts(role: str, year: int = 2024, given_on: date | None = None, **events: date) -> Facts:
    happened = {"交办": date(year, 4, 10)} | events
    return Facts(1, year, "市级", "建议", "主办", role, happened, given_on)


def dates(rules: list[DueRule], of: Facts, calendar: WorkCalendar = CALENDAR) -> dict[str, date]:
    return {made.milestone: made.on for made in dues(rules, of, calendar)}


def test_the_lead_unit_of_2024_in_yufeng_plans_in_ten_days_and_answers_by_the_fifth_of_june() -> (
    None
):
    assert dates(preset("鱼峰"), facts("主办")) == {
        "办理方案": date(2024, 4, 20),
        "答复": date(2024, 6, 5),
    }


def test_an_answer_of_2024_in_yufeng_is_reviewed_in_october_and_a_promise_the_year_after() -> None:
    answered = replace(facts("主办"), answered_on=date(2024, 6, 3))
    assert dates(preset("鱼峰"), answered)["再梳理"] == date(2024, 10, 31)
    assert "再次答复" not in dates(preset("鱼峰"), answered)
    promised = replace(answered, promised=True)
    assert dates(preset("鱼峰"), promised)["再次答复"] == date(2025, 9, 30)


@pytest.mark.parametrize(
    ("name", "year", "on"),
    [
        ("鱼峰", 2024, date(2024, 10, 20)),
        ("彭水", 2023, date(2023, 8, 31)),
        ("宜昌", 2021, date(2021, 10, 30)),
    ],
)
def test_a_unit_owes_one_report_a_year_rather_than_one_a_task(
    name: str, year: int, on: date
) -> None:
    made = report_due(preset(name), facts("主办", year), CALENDAR)
    assert made is not None and made.on == on
    assert "总结" not in dates(preset(name), facts("主办", year))


def test_where_the_area_itself_assists_its_leading_unit_owes_an_opinion_and_no_answer() -> None:
    assisting = replace(facts("主办"), area_role="协办")
    assert dates(preset("鱼峰"), assisting) == {"协办意见": date(2024, 4, 30)}
    given = replace(assisting, given_on=date(2024, 4, 25))
    assert dates(preset("鱼峰"), given) == {"协办意见": date(2024, 4, 25)}


@pytest.mark.parametrize(
    ("handed_over_on", "months", "on"),
    [
        (date(2024, 4, 10), 3, date(2024, 7, 10)),
        (date(2024, 4, 10), 6, date(2024, 10, 10)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(
    handed_over_on: date, months: int, on: date
) -> None:
    rule = DueRule("答复", MONTHS, days=months)
    made = due(rule, facts("主办", 交办=handed_over_on), CALENDAR)
    assert made is not None and made.on == on
    assert made.explanation == f"交办日{handed_over_on}后{months}个月"


def test_a_partner_of_2024_in_yufeng_gives_its_opinion_by_the_end_of_april() -> None:
    assert dates(preset("鱼峰"), facts("协办")) == {"协办意见": date(2024, 4, 30)}


def test_a_partner_of_2023_in_pengshui_has_thirty_working_days() -> None:
    assert dates(preset("彭水"), facts("协办", 2023))["协办意见"] == date(2023, 5, 23)


def test_everything_of_2023_in_pengshui_is_closed_by_the_end_of_august() -> None:
    found = dates(preset("彭水"), facts("主办", 2023))
    assert (found["办结"], found["办理方案"]) == (date(2023, 8, 31), date(2023, 4, 20))


def test_everything_of_2021_in_yichang_is_closed_by_the_end_of_september() -> None:
    assert dates(preset("宜昌"), facts("主办", 2021)) == {"办结": date(2021, 9, 30)}


def test_units_that_answer_separately_have_the_dates_of_a_lead_unit() -> None:
    for name in ("鱼峰", "彭水", "宜昌"):
        assert dates(preset(name), facts("分办")) == dates(preset(name), facts("主办")), name


def test_every_preset_rule_names_its_source() -> None:
    with PRESETS.open(encoding="utf-8", newline="") as file:
        assert [row for row in csv.DictReader(file) if len(row["source"]) < 10] == []


def test_ten_working_days_are_explained_in_words() -> None:
    made = due(DueRule("办理方案", WORKING_DAYS, days=10), facts("主办"), CALENDAR)
    assert made == Due("办理方案", date(2024, 4, 24), None, "交办日2024-04-10后10个工作日")


def test_natural_days_are_explained_in_words() -> None:
    made = due(DueRule("办理方案", NATURAL_DAYS, days=10, id=7), facts("主办"), CALENDAR)
    assert made == Due("办理方案", date(2024, 4, 20), 7, "交办日2024-04-10后10日")


def test_a_rule_that_rolls_moves_to_the_next_working_day_and_says_so() -> None:
    made = due(DueRule("办理方案", NATURAL_DAYS, days=10, rolls=True), facts("主办"), CALENDAR)
    assert made == Due(
        "办理方案", date(2024, 4, 22), None, "交办日2024-04-10后10日，逢休息日顺延至2024-04-22"
    )


def test_a_rule_that_does_not_roll_may_end_on_a_sunday() -> None:
    made = due(DueRule("总结", FIXED, month=10, day=20), facts("主办"), CALENDAR)
    assert made == Due("总结", date(2024, 10, 20), None, "规定日期2024-10-20")


def test_a_date_in_a_year_whose_holidays_are_unknown_says_so() -> None:
    made = due(
        DueRule("答复", WORKING_DAYS, days=5),
        facts("主办", 2027, 交办=date(2027, 4, 30)),
        CALENDAR,
    )
    assert made is not None and made.on == date(2027, 5, 7)
    assert (
        made.explanation == "交办日2027-04-30后5个工作日（2027年放假安排未公布，按周一至周五推算）"
    )


def test_a_fixed_date_does_not_depend_on_the_holidays_and_says_nothing_of_them() -> None:
    made = due(
        DueRule("答复", FIXED, month=6, day=5),
        facts("主办", 2027, 交办=date(2027, 4, 30)),
        CALENDAR,
    )
    assert made is not None and made.explanation == "规定日期2027-06-05"


@pytest.mark.parametrize(("year", "on"), [(2024, date(2024, 2, 29)), (2023, date(2023, 2, 28))])
def test_the_end_of_february_is_the_end_of_february_in_every_year(year: int, on: date) -> None:
    made = due(DueRule("答复", FIXED, month=2, day=29), facts("主办", year), CALENDAR)
    assert made is not None and made.on == on


def test_a_rule_waits_for_its_event() -> None:
    redo = DueRule("重新办理", NATURAL_DAYS, days=30, reference="反馈")
    assert due(redo, facts("主办"), CALENDAR) is None
    made = due(redo, facts("主办", 反馈=date(2024, 7, 1)), CALENDAR)
    assert made is not None and (made.on, made.explanation) == (
        date(2024, 7, 31),
        "反馈日2024-07-01后30日",
    )


def test_an_item_handed_over_in_july_is_not_late_for_the_fifth_of_june() -> None:
    assert dates(preset("鱼峰"), facts("主办", 交办=date(2024, 7, 1))) == {
        "办理方案": date(2024, 7, 11)
    }
    given = facts("主办", 交办=date(2024, 7, 1), given_on=date(2024, 9, 30))
    assert dates(preset("鱼峰"), given)["答复"] == date(2024, 9, 30)


def test_an_answer_given_in_november_escapes_the_review_of_october() -> None:
    late = replace(facts("主办"), answered_on=date(2024, 11, 2), promised=True)
    assert "再梳理" not in dates(preset("鱼峰"), late)
    assert dates(preset("鱼峰"), late)["再次答复"] == date(2025, 9, 30)


def test_a_task_that_is_not_handed_over_yet_owes_nothing() -> None:
    waiting = replace(facts("主办"), events={})
    assert dates(preset("鱼峰"), waiting) == {}


def test_the_plans_own_date_goes_before_the_rule_and_is_shown_as_such() -> None:
    made = {
        d.milestone: d
        for d in dues(preset("鱼峰"), facts("主办", given_on=date(2024, 5, 31)), CALENDAR)
    }
    assert made["答复"] == Due("答复", date(2024, 5, 31), None, "分工方案规定的办理时限2024-05-31")
    assert made["办理方案"].on == date(2024, 4, 20)


def test_the_plans_own_date_binds_a_lead_unit_even_without_a_rule() -> None:
    assert dates([], facts("主办", given_on=date(2024, 5, 31))) == {"答复": date(2024, 5, 31)}


def test_the_plans_own_date_is_the_answers_and_not_the_partners_opinion() -> None:
    assert dates(preset("鱼峰"), facts("协办", given_on=date(2024, 6, 5)))["协办意见"] == date(
        2024, 4, 30
    )


def fixed(month: int, day: int, id: int, **named: object) -> DueRule:
    return DueRule("答复", FIXED, month=month, day=day, id=id, **named)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        (fixed(6, 5, 9), fixed(7, 1, 1, role="主办")),
        (fixed(6, 5, 9, role="主办"), fixed(7, 1, 1, kind="建议")),
        (fixed(6, 5, 9, kind="建议", role="主办"), fixed(7, 1, 1, level="市级")),
        (fixed(6, 5, 9, level="市级", kind="建议", role="主办"), fixed(7, 1, 1, meeting_id=1)),
        (fixed(6, 5, 1), fixed(7, 1, 2)),  # equally specific: the later one
    ],
)
def test_the_more_specific_rule_wins_in_whatever_order_they_come(
    weaker: DueRule, stronger: DueRule
) -> None:
    for rules in ([weaker, stronger], [stronger, weaker]):
        assert winning_rules(rules, facts("主办")) == {"答复": stronger}


@pytest.mark.parametrize(
    "named",
    [
        {"meeting_id": 2},
        {"level": "区县级"},
        {"area_role": "协办"},
        {"kind": "提案"},
        {"role": "协办"},
    ],
)
def test_a_rule_for_others_does_not_bind(named: dict[str, object]) -> None:
    assert dues([fixed(6, 5, 1, **named)], facts("主办"), CALENDAR) == ()
