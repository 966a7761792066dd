"""What cannot be is not taken: items in a circle, days that are none."""

from typing import Any

import pytest
from sqlalchemy import select

from domain import models
from tests.admin.tables.test_admin_forms import field, item, seen
from tests.domain.texts.test_typed_text import import_rows
from tests.ground.acting import a_draft, act
from tests.ground.district import Panel, Person

MEETING = "鱼峰区第一届人大第五次会议"


@pytest.fixture
def office(panel: Panel) -> Person:
    return panel.as_("office")


def change(office: Person, number: str, status: int = 302, **sent: Any) -> str:
    """Save the item's form with what it shows and this."""
    key = item(office.panel, number)
    with office.panel.truth() as session:
        row = session.get_one(models.Proposal, key)
        shown = {n: getattr(row, n) for n in ("meeting_id", "kind", "number", "title")}
    shown |= {"area_role": "主办", "source": "会议期间"}
    path = f"/proposals/edit/?id={key}"
    return office.post(path, status=status, seen=seen(office.get(path)), **shown | sent)


def test_items_do_not_go_in_a_circle(panel: Panel, office: Person) -> None:
    name = "carried_from_id"
    change(office, "001", **{name: item(panel, "002")})
    change(office, "002", **{name: item(panel, "003")})
    page = change(office, "003", status=200, **{name: item(panel, "001")})
    assert "又回到这一条，不能绕成一圈。" in field(page, name)
    assert panel.count("Proposal", number="003", **{name: None}) == 1


def test_an_imported_table_brings_no_circle_either(panel: Panel) -> None:
    into = {"merged_into_id": item(panel, "002")}
    act(panel, "office", "merge", "proposals", item(panel, "001"), **into)
    with panel.truth() as session:
        name = str(session.scalars(select(models.Proposal).filter_by(number="001")).one())
    head = ["届次会议", "类型", "案号", "标题", "并入"]
    done = import_rows(panel, "proposals", head, [MEETING, "建议", "002", "电梯", name])
    assert "不能绕成一圈。" in done.steps[0].errors[0].message
    assert panel.count("Proposal", number="002", merged_into_id=None) == 1


def test_a_setting_in_a_file_is_refused_as_in_a_form(panel: Panel) -> None:
    head = ["键名", "设置项", "取值"]
    done = import_rows(panel, "settings", head, ["LOGIN_LOCK_MINUTES", "锁定的分钟数", "²"])
    assert "“²”不行，请填 5 至 1440 的整数。" in done.steps[0].errors[0].message
    assert panel.count("Setting", name="LOGIN_LOCK_MINUTES") == 0


def test_a_deputy_takes_back_only_what_was_brought(panel: Panel, office: Person) -> None:
    change(office, "003", submitted_on="2024-04-10", handed_over_on="2024-04-12")
    told, third = {"withdrawal_reason": "代表书面撤回"}, item(panel, "003")
    early = {**told, "withdrawn_on": "2024-04-09"}
    page = act(panel, "office", "withdraw", "proposals", third, status=200, **early)
    assert "撤回日期不能早于提出日期。" in page
    told["withdrawn_on"] = "2024-04-11"  # before it was handed over
    act(panel, "office", "withdraw", "proposals", third, **told)


@pytest.mark.parametrize(("month", "day", "is_there"), [
    (2, 29, True), (2, 30, False), (4, 31, False), (4, 30, True), (12, 31, True),
])  # fmt: skip
def test_a_rule_names_a_day_that_the_month_has(
    panel: Panel, office: Person, month: int, day: int, is_there: bool
) -> None:
    with panel.truth() as session:
        session.add(models.DeadlineRuleSet(name="某年方案"))
        session.commit()
    sent = {"rule_set_id": panel.id_of("DeadlineRuleSet", name="某年方案"), "level": "全部", "kind": "全部",
            "area_role": "全部", "role": "全部", "milestone": "答复", "basis": "固定日期", "reference": "交办",
            "month": month, "day": day, "year_offset": 0, "is_active": "y"}  # fmt: skip
    page = office.post("/deadline_rules/new/", status=302 if is_there else 200, **sent)
    assert is_there or "这个月没有这一天。" in page
    assert panel.count("DeadlineRule", month=month, day=day) == is_there


def test_no_meeting_was_handed_over_before_it_opened(panel: Panel) -> None:
    head = ["会议名称", "会议机构", "层级", "届", "次", "年度", "开幕日期", "交办日期"]
    row = ["另一次会议", "人大", "区县级", 1, 6, 2024, "2024-02-01", "2024-01-31"]
    done = import_rows(panel, "meetings", head, row)
    assert "交办日期不能早于开幕日期。" in done.steps[0].errors[0].message
    row[7] = "2024-02-01"
    assert import_rows(panel, "meetings", head, row).totals["new"] == 1


def test_a_time_may_be_earlier_today_but_not_later(panel: Panel) -> None:
    with panel.truth() as session:
        key = a_draft(panel, panel.id_of("Assignment", role="协办"), kind="协办意见")
        name = str(session.get_one(models.Reply, key))
    head = ["答复", "环节", "结果", "时间"]
    later = import_rows(panel, "review_steps", head, [name, "督查审核", "通过", "2024-04-15 09:01"])
    assert "2024-04-15 09:01 还没有到" in later.steps[0].errors[0].message
    earlier = [name, "督查审核", "通过", "2024-04-15 08:59"]
    assert import_rows(panel, "review_steps", head, earlier).totals["new"] == 1
