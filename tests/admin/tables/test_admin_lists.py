"""Lists: what they show, how they are searched, filtered, sorted and turned, and what they refuse."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from domain import models
from tests.ground.district import Panel


def rows(page: str) -> list[str]:
    """The text of each row of the list."""
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.S)
    parts = re.findall(r"<tr>(.*?)</tr>", body.group(1), re.S) if body else []
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)).strip() for part in parts]


def test_the_office_sees_every_item_by_its_labels(standing_panel: Panel) -> None:
    page = standing_panel.as_("office").get("/proposals/")
    assert len(rows(page)) == 3
    for words in ("建议提案", "案号", "标题", "届次会议", "关于老旧小区加装电梯的建议", "共 3 条"):
        assert words in page
    assert "<Proposal" not in page


def test_a_liaison_sees_the_items_of_its_unit_alone(standing_panel: Panel) -> None:
    page = standing_panel.as_("school").get("/proposals/")
    assert len(rows(page)) == 1
    assert "斑马线" in page
    assert "加装电梯" not in page
    assert "共 1 条" in page


@pytest.mark.parametrize(("asked", "found"), [
    ("state=登记", ["003"]),
    ("number=00&title=电梯", ["002"]),
    ("due_on.from=2024-04-12&due_on.to=2024-04-12", ["001"]),
    ("due_on.empty=1", ["003"]),
    ("handed_over_on.empty=否", ["001", "002"]),
    ("key_kind.empty=1&kind=建议&kind=提案", ["001", "002", "003"]),
    ("q=图书馆 延长", ["003"]),
    ("q=100%25", []),
    ("publicity=不公开", []),
])  # fmt: skip
def test_filters_and_search_find_the_rows(
    standing_panel: Panel, asked: str, found: list[str]
) -> None:
    page = standing_panel.as_("office").get(f"/proposals/?{asked}&sort=number")
    assert [row[:3] for row in rows(page)] == found


def test_a_filter_by_a_linked_row_speaks_its_name_and_can_be_taken_away(
    standing_panel: Panel,
) -> None:
    unit = standing_panel.id_of("Unit", short_name="教育局")
    page = standing_panel.as_("office").get(f"/assignments/?unit_id={unit}&role=主办")
    assert len(rows(page)) == 1
    assert "承办单位：鱼峰区教育局" in page
    assert 'href="/assignments/?unit_id=' in page
    assert "去掉：承办方式：主办" in page


def test_items_are_found_by_the_unit_that_handles_them_and_by_who_proposed_them(
    standing_panel: Panel,
) -> None:
    office = standing_panel.as_("office")
    unit = standing_panel.id_of("Unit", short_name="教育局")
    page = office.get(f"/proposals/?assignments.unit_id={unit}&sort=number")
    assert [row[:3] for row in rows(page)] == ["001"]
    assert "承办任务的承办单位：鱼峰区教育局" in page
    assert 'data-picker="/assignments/ajax/lookup/?name=unit_id"' in page
    assert 'name="sponsors.deputy_id"' in page
    typed = office.get("/proposals/?assignments.unit_id=&assignments.unit_id.text=鱼峰区教育局")
    assert [row[:3] for row in rows(typed)] == ["001"]


def test_a_unit_finds_no_item_by_a_task_that_it_does_not_see(standing_panel: Panel) -> None:
    school = standing_panel.as_("school")
    for name, found in (("教育局", ["001"]), ("住房和城乡建设局", ["001"])):
        unit = standing_panel.id_of("Unit", short_name=name)
        page = school.get(f"/proposals/?assignments.unit_id={unit}")
        assert [row[:3] for row in rows(page)] == found


def test_only_what_a_row_below_is_about_is_asked_for(standing_panel: Panel) -> None:
    page = standing_panel.as_("office").get("/proposals/")
    asked = set(re.findall(r'name="([a-z_]+\.[a-z_]+_id)"', page))
    assert {name for name in asked if name.split(".")[0] in models.by_table} == {
        "assignments.unit_id",
        "sponsors.deputy_id",
    }
    standing_panel.as_("office").get("/proposals/?assignments.signed_by_id=1", status=400)


def test_nobody_found_says_what_to_do(standing_panel: Panel) -> None:
    page = standing_panel.as_("office").get("/proposals/?q=没有这样的")
    assert "没有符合条件的建议提案" in page
    assert "清除全部条件" in page


def test_a_head_that_cannot_be_clicked_says_why_and_what_to_do_instead(
    standing_panel: Panel,
) -> None:
    page = standing_panel.as_("office").get("/assignments/")
    (head,) = re.findall(r'<th scope="col"[^>]*>承办单位</th>', page)
    assert "不能点击排序" in head and "筛选" in head
    (role,) = re.findall(r'<th scope="col"[^>]*><a [^>]*>承办方式', page)
    assert "不能点击排序" not in role


def test_an_empty_list_says_what_to_do(standing_panel: Panel) -> None:
    page = standing_panel.as_("office").get("/bulletins/")
    assert "还没有通报" in page
    assert "点“新增通报”登记第一条；成批的用“导入表格”，一次登记完。" in page
    assert "新增通报" in page


def test_columns_can_be_chosen_and_stay_chosen(standing_panel: Panel) -> None:
    page = standing_panel.as_("office").get("/proposals/?columns=title,leader&sort=-title")
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', page)
    assert [head.strip() for head in heads] == ["标题", "责任领导"]
    assert "columns=title,leader" in page or "columns=title%2Cleader" in page


def test_sorting_goes_both_ways(standing_panel: Panel) -> None:
    office = standing_panel.as_("office")
    up = [row[:3] for row in rows(office.get("/proposals/?sort=number"))]
    down = [row[:3] for row in rows(office.get("/proposals/?sort=-number"))]
    assert up == ["001", "002", "003"] == list(reversed(down))


def test_pages_follow_each_other_without_a_row_lost(panel: Panel) -> None:
    with panel.truth() as session:
        meeting = panel.id_of("Meeting", body="人大")
        session.add_all(
            models.Proposal(meeting_id=meeting, kind="建议", number=f"9{n:02}", title="题")
            for n in range(50)
        )
        session.commit()
    office, path, seen = panel.as_("office"), "/proposals/?size=20&sort=due_on", []
    while path:
        page = office.get(path)
        seen += [row[:3] for row in rows(page)]
        found = re.search(r'href="([^"]+)" rel="next"', page)
        path = found.group(1) if found else ""
    assert len(seen) == len(set(seen)) == 53
    assert seen[:2] == ["001", "002"]


def test_tasks_stand_by_their_items_the_newest_first_and_the_main_unit_on_top(
    panel: Panel,
) -> None:
    with panel.truth() as session:
        units = [models.Unit(name=f"鱼峰区第{n}局") for n in (1, 2)]
        session.add_all(units)
        _first, second, third = session.scalars(
            select(models.Proposal).order_by(models.Proposal.number)
        )
        session.flush()
        for item, unit, role in (
            (third, units[0], "协办"), (third, units[1], "分办"), (second, units[0], "协办"),
        ):  # fmt: skip
            session.add(models.Assignment(proposal_id=item.id, unit_id=unit.id, role=role))
            session.flush()
        session.commit()
    office, path, seen = panel.as_("office"), "/assignments/?columns=proposal_id,role", []
    seen = [(row[2:5], row.split()[-1]) for row in rows(office.get(path))]
    assert seen == [
        ("003", "分办"), ("003", "协办"), ("002", "主办"), ("002", "协办"), ("001", "主办"), ("001", "协办"),
    ]  # fmt: skip
    page = office.get(path)
    turned = re.search(r'href="([^"]*sort=proposal_id[^"]*)"', page).group(1)
    numbers = [row[2:5] for row in rows(office.get(turned))]
    assert numbers == sorted(numbers)


def test_an_overdue_item_is_marked_and_one_with_time_is_not(standing_panel: Panel) -> None:
    page = standing_panel.as_("office").get("/proposals/?columns=number,due_on")
    assert re.search(r'class="late">2024-04-12', page)
    assert not re.search(r'class="late">2024-06-05', page)


NONSENSE = [
    "nope=1",
    "state=没有",
    "state.from=1",
    "due_on=2024-01-01",
    "due_on.from=31.02.2026",
    "meeting_id=abc",
    "meeting_id=999999",
    "meeting_id=-1",
    "meeting_id=9999999999999999999999",
    "sort=nope",
    "sort=body",
    "sort=meeting_id",
    "columns=nope",
    "after=abc",
    'after=["x"]',
    "before=%00",
    "size=7",
    "size=abc",
    "q=%00",
    "title=%00",
    "due_on.empty=也许",
    "id.from=1",
    "password_hash=a",
]


@pytest.mark.parametrize(
    "place", ["[1,2]", '[1,"没有",2]', '[1,"主办","主办",2]', '["x","主办",2]', "[1,[],2]", "[1]"]
)
def test_a_place_in_an_order_by_several_columns_must_make_sense(
    standing_panel: Panel, place: str
) -> None:
    office = standing_panel.as_("office")
    assert "第一页" in office.get(f"/assignments/?after={place}", status=400)
    assert "第一页" in office.get(f"/assignments/?before={place}", status=400)


@pytest.mark.parametrize("asked", [*NONSENSE, "q=" + "长" * 101])
def test_an_address_that_makes_no_sense_is_400_with_a_sentence(
    standing_panel: Panel, asked: str
) -> None:
    page = standing_panel.as_("office").get(f"/proposals/?{asked}", status=400)
    assert "看不懂" in page and not rows(page)


def test_a_hidden_column_is_nowhere_in_a_list(standing_panel: Panel) -> None:
    deputy = standing_panel.as_("deputy")
    page = deputy.get("/deputies/")
    assert "覃丽" in page
    assert "联系电话" not in page
    assert "13800138000" not in page
    for asked in ("phone=1", "phone.empty=0", "sort=phone", "columns=name,phone"):
        deputy.get(f"/deputies/?{asked}", status=400)


def test_search_does_not_look_into_hidden_columns(standing_panel: Panel) -> None:
    assert rows(standing_panel.as_("office").get("/users/?q=school"))
    assert not rows(standing_panel.as_("deputy").get("/deputies/?q=13800138000"))


def test_a_table_that_is_not_for_a_role_is_not_there(standing_panel: Panel) -> None:
    school = standing_panel.as_("school")
    assert "没有这一页" in school.get("/logins/", status=404)
    assert "/logins/" not in school.get("/")


def test_a_liaison_gets_no_button_that_would_be_refused(standing_panel: Panel) -> None:
    page = standing_panel.as_("school").get("/proposals/")
    assert "新增建议提案" not in page
    assert "删除所选" not in page


def test_every_list_opens_for_every_role_that_may_read_it(standing_panel: Panel) -> None:
    from tests.ground.district import PEOPLE

    opened = 0
    for name in PEOPLE:
        person = standing_panel.as_(name)
        for table in models.schema.tables:
            answer: Any = person.client.get(f"/{table}/")
            assert answer.status_code in (200, 404), (name, table, answer.status_code)
            opened += answer.status_code == 200
    assert opened > 100


def test_a_long_list_is_shown_before_it_is_counted(
    standing_panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admin.tables.finding.paging.QUICKLY_COUNTED", 0)
    monkeypatch.setattr("admin.tables.finding.asking.SIZES", (2, 20))
    office = standing_panel.as_("office")
    page = office.get("/proposals/?state=交办&state=登记")
    assert "多于 2 条" in page
    asked = re.search(r'data-count="([^"]+)"', page)
    assert asked
    assert office.json(asked.group(1)) == {"text": "共 3 条"}
    assert standing_panel.as_("school").json("/proposals/count/") == {"text": "共 1 条"}
    office.json("/proposals/count/?nope=1", status=400)
    standing_panel.as_("school").json("/logins/count/", status=404)


def test_a_list_shows_the_beginning_of_a_long_text_and_the_page_of_the_row_all(
    panel: Panel,
) -> None:
    text = "长" * 5000 + "完"
    with panel.truth() as session:
        row = session.get_one(models.Proposal, panel.id_of("Proposal", number="001"))
        row.body = text
        session.commit()
        row_id = row.id
    office = panel.as_("office")
    with panel.truth() as session:
        entry = session.scalar(select(func.max(models.ChangeLog.id)))
    for page in (
        office.get("/proposals/?columns=number,body"),
        office.get("/change_log/?all=1"),
    ):
        assert "长" * 190 in page and "长" * 201 not in page and "……" in page
    assert text in office.get(f"/proposals/details/?id={row_id}")
    assert text in office.get(f"/change_log/details/?id={entry}")
