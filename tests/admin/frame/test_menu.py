"""The menu: everybody finds what he works with, and nothing that he has no use for."""

import re

import pytest

from domain import models
from domain.access import scopes
from domain.schema.words import Table
from tests.ground.district import Panel


def menu(page: str) -> list[str]:
    """The entries of the menu, top to bottom."""
    side = page[page.index("<nav") : page.index("</nav>")]
    return re.findall(r'<a href="[^"]*"[^>]*>([^<]+)</a>', side)


EXPECTED = {
    "deputy": {"建议提案", "答复", "意见反馈"},
    "auditor": {"用户", "导入", "变更记录", "导出记录", "登录记录"},
    "supervisor": {
        "建议提案", "承办任务", "办理方案", "办理台账", "承诺事项", "答复", "意见反馈", "办理时限",
        "催办", "督办批示", "通报", "消息",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_who_only_looks_finds_only_what_he_looks_at(standing_panel: Panel, name: str) -> None:
    assert set(menu(standing_panel.as_(name).get("/"))) == EXPECTED[name]


def test_a_liaison_finds_the_work_and_not_the_workshop(standing_panel: Panel) -> None:
    found = menu(standing_panel.as_("school").get("/"))
    assert {"承办任务", "办理台账", "答复", "单位联系人", "逾期清单"} <= set(found)
    workshop = {"后台任务", "用户", "附件", "特殊日期", "日历年份", "时限规则", "时限方案"}
    assert not workshop & set(found)


def test_an_administrator_finds_no_business(standing_panel: Panel) -> None:
    found = menu(standing_panel.as_("admin").get("/"))
    assert {"用户", "后台任务", "承办单位", "登录记录"} <= set(found)
    assert not {"届次会议", "时限规则", "建议提案"} & set(found)


def test_what_is_not_in_the_menu_can_still_be_read(standing_panel: Panel) -> None:
    assert "鱼峰区教育局" in standing_panel.as_("deputy").get("/units/")
    assert standing_panel.as_("school").get("/calendar_days/")


def tables_with_roles() -> list[Table]:
    return [t for t in models.schema.tables.values() if t.menu_roles]


@pytest.mark.parametrize("table", tables_with_roles(), ids=lambda t: t.name)
def test_whoever_finds_a_table_in_the_menu_may_read_it(table: Table) -> None:
    assert set(table.menu_roles) <= set(scopes.rule_of(table.name).read)
