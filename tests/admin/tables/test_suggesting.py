"""A search whose words name a unit, a deputy or a meeting offers the list filtered by it, as far as the person sees."""

import re

import pytest
from sqlalchemy import select

from admin.tables.list.suggesting import MOST
from domain import models
from domain.searching.folding import fold
from tests.admin.tables.test_admin_lists import rows
from tests.ground.district import Panel, Person


def meant(person: Person, path: str) -> dict[str, str]:
    """What a page offers to filter by, with how many there are, and the address of each."""
    listed = re.search(r'<ul class="meant".*?</ul>', person.get(path), re.S)
    lines = re.findall(r"<li>(.*?)</li>", listed.group(), re.S) if listed else []
    return {
        re.sub(r"<[^>]+>", "", line).strip(): re.search(r'<a href="([^"]+)"', line).group(1)
        for line in lines
    }


def test_a_units_name_leads_to_the_items_that_it_handles(standing_panel: Panel) -> None:
    office = standing_panel.as_("office")
    assert not rows(office.get("/proposals/?q=教育局"))
    offered = meant(office, "/proposals/?q=教育局")
    assert list(offered) == ["按承办任务的承办单位“鱼峰区教育局”筛选（共 1 条）"]
    page = office.get(offered.popitem()[1])
    assert [row[:3] for row in rows(page)] == ["001"]
    assert "承办任务的承办单位：鱼峰区教育局" in page


def test_the_other_words_are_still_searched_for(standing_panel: Panel) -> None:
    office = standing_panel.as_("office")
    offered = meant(office, "/proposals/?q=住房和城乡建设局 电梯&sort=number")
    words = "按承办任务的承办单位“鱼峰区住房和城乡建设局”筛选，并查找“电梯”（共 1 条）"
    assert list(offered) == [words]
    page = office.get(offered[words])
    assert [row[:3] for row in rows(page)] == ["002"]
    assert "sort=number" in offered[words]


@pytest.mark.parametrize(("table", "word", "expected"), [
    ("proposals", "覃丽", ["按提出人的代表委员“覃丽（人大）”筛选（共 1 条）"]),
    ("proposals", "五次会议", ["按届次会议“鱼峰区第一届人大第五次会议”筛选（共 3 条）"]),
    ("assignments", "五次会议", ["按建议提案的届次会议“鱼峰区第一届人大第五次会议”筛选（共 3 条）"]),
    ("units", "电梯", ["按承办任务的建议提案“建议002号 关于老旧小区加装电梯的建议”筛选（共 1 条）"]),
    ("proposals", "四次会议", []),
    ("proposals", "图书馆", []),
    ("proposals", "古亭", []),
    ("proposals", "区教", ["按承办任务的承办单位“鱼峰区教育局”筛选（共 1 条）"]),
    ("assignments", "教育局", []),
])  # fmt: skip
def test_what_is_offered_follows_from_the_schema_and_has_rows(
    standing_panel: Panel, table: str, word: str, expected: list[str]
) -> None:
    assert list(meant(standing_panel.as_("office"), f"/{table}/?q={word}")) == expected


def test_only_a_name_is_taken_for_one(panel: Panel) -> None:
    with panel.truth() as session:
        unit = session.scalars(select(models.Unit).filter_by(short_name="教育局")).one()
        unit.short_name = "教体局"
        deputy = session.scalars(select(models.Deputy).filter_by(name="覃丽")).one()
        deputy.post = "第一中学校长"
        session.commit()
    office = panel.as_("office")
    assert list(meant(office, "/proposals/?q=教体")) == [
        "按承办任务的承办单位“鱼峰区教育局”筛选（共 1 条）"
    ]
    assert meant(office, "/proposals/?q=中学") == {}


def test_replies_are_found_by_the_unit_that_writes_them(panel: Panel) -> None:
    with panel.truth() as session:
        unit = session.scalars(select(models.Unit).filter_by(short_name="教育局")).one()
        (task,) = unit.assignments
        session.add(models.Reply(assignment_id=task.id, title="关于斑马线的答复"))
        session.commit()
    offered = meant(panel.as_("office"), "/replies/?q=教育局")
    assert list(offered) == ["按承办任务的承办单位“鱼峰区教育局”筛选（共 1 条）"]
    assert "斑马线" in panel.as_("office").get(offered.popitem()[1])


def test_a_unit_learns_nothing_of_tasks_that_are_not_its_to_see(standing_panel: Panel) -> None:
    """住建局 assists in 001, which 教育局 leads, and does not see the leader's task; 教育局 sees its partner's."""
    school, housing = standing_panel.as_("school"), standing_panel.as_("housing")
    assert meant(housing, "/proposals/?q=教育局") == {}
    assert list(meant(school, "/proposals/?q=住房")) == [
        "按承办任务的承办单位“鱼峰区住房和城乡建设局”筛选（共 1 条）"
    ]
    assert meant(school, "/proposals/?q=韦强") == {}
    assert list(meant(housing, "/proposals/?q=韦强"))


def test_a_person_who_sees_no_tasks_is_offered_none(standing_panel: Panel) -> None:
    assert meant(standing_panel.as_("admin"), "/units/?q=斑马线") == {}


def test_a_filter_in_force_is_not_offered_again(standing_panel: Panel) -> None:
    office, unit = standing_panel.as_("office"), standing_panel.id_of("Unit", short_name="教育局")
    assert list(meant(office, f"/proposals/?assignments.unit_id={unit}&q=斑马线 教育 覃丽")) == []
    assert list(meant(office, f"/proposals/?assignments.unit_id={unit}&q=斑马线 覃丽")) == [
        "按提出人的代表委员“覃丽（人大）”筛选，并查找“斑马线”（共 1 条）"
    ]


def test_a_word_in_many_names_names_none_of_them(panel: Panel) -> None:
    with panel.truth() as session:
        session.add_all(models.Unit(name=f"第{n}街道办事处") for n in range(MOST + 1))
        session.flush()
        task = session.scalars(select(models.Assignment).filter_by(role="协办")).one()
        task.unit_id = session.scalars(select(models.Unit.id).filter_by(name="第3街道办事处")).one()
        session.commit()
    office = panel.as_("office")
    assert meant(office, "/proposals/?q=街道") == {}
    assert list(meant(office, "/proposals/?q=第3街道"))


def test_in_a_long_list_the_page_asks_for_the_number_afterwards(
    standing_panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing_panel.truth() as session:
        fold(session.get_bind(), models.schema.tables)
    monkeypatch.setattr("admin.tables.finding.paging.QUICKLY_COUNTED", 0)
    office = standing_panel.as_("office")
    page = office.get("/proposals/?q=教育局")
    assert "按承办任务的承办单位“鱼峰区教育局”筛选" in page
    assert "count.js" in page
    asked = re.search(r'<span data-count="([^"]+)"[^>]*>…', page)
    assert asked and office.json(asked.group(1)) == {"text": "共 1 条"}
