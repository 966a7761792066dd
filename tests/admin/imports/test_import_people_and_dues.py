"""What the preview tells beside the rows: who would be new on the rolls, what will be due when, plans as history."""

import io
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update

from domain import models
from domain.dues import duelists, nightly
from domain.dues.report_dues import report_dues
from domain.lifecycle.reactions import follow_up
from tests.admin.imports.test_import_screens import (
    CHANGED,
    CONGRESS,
    NEW,
    press,
    preview,
    state,
    work,
    workbook,
)
from tests.ground.district import MORNING, Panel

STRANGERS = ["010", "关于路灯的建议", "张三李四王五", "鱼峰区教育局", "", ""]
SOMEBODY = ["011", "关于公交的建议", "陆小满", "鱼峰区教育局", "", ""]
TODAY = MORNING.date()


def deputies(panel: Panel) -> set[str]:
    with panel.truth() as session:
        return set(session.scalars(select(models.Deputy.name)))


def give_rules(panel: Panel, handed_over_on: date) -> None:
    """The congress gets rules: an answer is due in ten days, a signature in three."""
    with panel.truth() as session:
        rules = models.DeadlineRuleSet(name="试用")
        session.add(rules)
        session.flush()
        same: dict[str, Any] = {"rule_set_id": rules.id, "basis": "自然日", "reference": "交办"}
        session.add(models.DeadlineRule(milestone="答复", days=10, **same))
        session.add(models.DeadlineRule(milestone="签收", days=3, **same))
        session.flush()
        meeting = session.scalars(select(models.Meeting).filter_by(name=CONGRESS)).one()
        meeting.rule_set_id, meeting.handed_over_on = rules.id, handed_over_on
        session.commit()


def test_new_people_are_listed_before_anything_is_written_the_unlikely_first(panel: Panel) -> None:
    before = deputies(panel)
    page = preview(panel, SOMEBODY, STRANGERS)
    assert "将新登记 2 位代表委员" in page and "其中 1 个不像姓名" in page
    assert page.index('value="张三李四王五"') < page.index('value="陆小满"')
    assert "/import/1/row/4/?sheet=" in page and deputies(panel) == before


def test_a_name_is_spelt_otherwise_and_means_whom_it_names_then(panel: Panel) -> None:
    before = deputies(panel)
    with panel.truth() as session:
        rolls = models.table_of("deputies")
        session.execute(update(rolls).values(level="区县级", term=1))
        session.commit()
    preview(panel, SOMEBODY, STRANGERS)
    page = press(panel, "names", **{"name:陆小满": "覃丽", "name:张三李四王五": "张三、李四"})
    assert "按您改的认姓名" in page and "将新登记 2 位代表委员" in page
    press(panel, "apply", only_valid="0")
    assert deputies(panel) - before == {"张三", "李四"}
    with panel.truth() as session:
        log = session.scalars(select(models.ChangeLog).filter_by(table_name="imports")).one()
        assert "陆小满 → 覃丽" in str(log.changes)


def test_a_name_that_is_none_is_cleared_and_taken_back(panel: Panel) -> None:
    preview(panel, STRANGERS)
    page = press(panel, "names", **{"name:张三李四王五": ""})
    assert "将新登记" not in page and "不是人名，不登记" in page
    page = press(panel, "names", **{"name:张三李四王五": "张三李四王五", "was:张三李四王五": ""})
    assert "将新登记 1 位代表委员" in page and "按您改的认姓名" not in page


def test_every_row_shows_its_due_dates_as_they_will_be(panel: Panel) -> None:
    give_rules(panel, date(2024, 4, 12))
    page = preview(panel, NEW, SOMEBODY)
    assert "2024-04-22</span> <small>按规则推算</small>" in page
    assert "<small>签收</small> <span>2024-04-15</span>" in page
    assert "<b>0</b> 件马上逾期，<b>2</b> 件在 3 个工作日内" in page
    assert "交办日期 <b>2024-04-12</b>" in page and "改交办日期" in page
    press(panel, "apply", only_valid="0")
    with panel.truth() as session:
        item = session.scalars(select(models.Proposal).filter_by(number="011")).one()
        shown = session.scalars(select(models.ImportRow).filter_by(record_id=item.id)).one().dues
        stored = session.execute(
            select(models.Deadline.milestone, models.Deadline.due_on)
            .join(models.Assignment)
            .where(models.Assignment.proposal_id == item.id)
        )
        assert {name: day.isoformat() for name, day in stored} == dict(shown)


def test_what_is_overdue_at_once_is_counted_and_can_be_seen_alone(panel: Panel) -> None:
    give_rules(panel, date(2024, 3, 1))
    page = preview(panel, NEW, CHANGED, SOMEBODY)
    assert "件马上逾期" in page and "写入即逾期<b>" in page
    page = panel.as_("office").get("/import/1/?outcome=写入即逾期")
    assert SOMEBODY[1] in page and 'class="late">2024-03-11' in page


@pytest.mark.parametrize("said_at", ["upload", "preview"])
def test_a_plan_of_a_year_gone_by_is_history_and_nothing_of_it_is_owed(
    panel: Panel, said_at: str
) -> None:
    give_rules(panel, date(2024, 3, 1))
    if said_at == "preview":
        assert "作为历史件导入" in preview(panel, NEW, CHANGED)
        page = press(panel, "history", history="1")
    else:
        upload_as_history(panel, workbook(NEW, CHANGED))
        page = panel.as_("office").get("/import/1/")
    assert "作为历史件导入</b>" in page and "马上逾期，" not in page
    assert state(panel).is_history
    press(panel, "apply", only_valid="0")
    with panel.truth() as session:
        mine = select(models.Proposal).where(models.Proposal.number.in_(["002", "004"]))
        items = session.scalars(mine).all()
        assert {item.is_history for item in items} == {True}
        assert {item.state for item in items} == {"办结"}
        ids = [item.id for item in items]
        tasks = session.scalars(
            select(models.Assignment).where(models.Assignment.proposal_id.in_(ids))
        ).all()
        assert {task.state for task in tasks} == {"已完成"}
        open_lines = (
            select(func.count())
            .select_from(models.Deadline)
            .join(models.Assignment)
            .where(models.Assignment.proposal_id.in_(ids), models.Deadline.done_on.is_(None))
        )
        assert session.scalar(open_lines) == 0


def test_nobody_is_reminded_of_history_and_no_list_of_what_is_owed_has_it(panel: Panel) -> None:
    give_rules(panel, date(2024, 3, 1))
    preview(panel, NEW)
    press(panel, "history", history="1")
    press(panel, "apply", only_valid="0")
    with panel.truth() as session:
        (item,) = session.scalars(select(models.Proposal).filter_by(number="004")).all()
        nightly.check_deadlines(session, TODAY)
        reminded = select(models.Assignment.proposal_id).join(models.Deadline)
        reminded = reminded.join(models.Reminder)
        assert item.id not in set(session.scalars(reminded))
        late = {row.proposal_id for row in duelists.late(session, TODAY)}
        undated = {task.proposal_id for task in duelists.undated(session)}
        assert item.id not in late | undated
        others = models.Proposal.id != item.id
        session.execute(update(models.table_of("proposals")).where(others).values(is_history=True))
        assert report_dues(session, TODAY) == []
    page = panel.as_("school").get("/")
    assert NEW[1] not in page
    page = panel.as_("office").get("/proposals/?is_history=1")
    assert NEW[1] in page


def test_an_item_is_no_longer_history_and_owes_again(panel: Panel) -> None:
    give_rules(panel, date(2024, 4, 12))
    preview(panel, SOMEBODY)
    press(panel, "history", history="1")
    assert "按规则推算" in press(panel, "history", history="0")
    press(panel, "history", history="1")
    press(panel, "apply", only_valid="0")
    with panel.truth() as session:
        (item,) = session.scalars(select(models.Proposal).filter_by(number="011")).all()
        item.is_history = False
        session.flush()
        follow_up(session, [item.id])
        session.refresh(item)
        task = session.scalars(select(models.Assignment).filter_by(proposal_id=item.id)).one()
        assert (item.state, task.state) == ("交办", "待签收")
        lines = select(models.Deadline.milestone).filter_by(assignment_id=task.id)
        assert set(session.scalars(lines)) == {"答复", "签收"}


def upload_as_history(panel: Panel, content: bytes) -> None:
    sent = {
        "meeting": str(panel.id_of("Meeting", name=CONGRESS)),
        "file": (io.BytesIO(content), "往年.xlsx"),
        "history": "1",
    }
    assert panel.as_("office").client.post("/import/", data=sent).status_code == 302
    assert work(panel) == ["完成"]
