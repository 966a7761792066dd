"""Forms: creating and changing a row, what they ask, what they refuse and how they say it."""

import re
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from admin.tables.form.forms import check, make_form
from domain import models
from tests.ground.district import Panel, Person


def field(page: str, name: str) -> str:
    """The part of a form that belongs to a field."""
    found = re.search(
        rf'<div class="field[^"]*">\s*<label for="field-{name}">.*?</div>', page, re.S
    )
    assert found, f"no field {name}"
    return found.group(0)


def seen(page: str) -> str:
    """The mark of the row as it was when the form was opened."""
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found.group(1)


@pytest.fixture
def office(panel: Panel) -> Person:
    return panel.as_("office")


def item(panel: Panel, number: str = "001") -> int:
    return panel.id_of("Proposal", number=number)


def test_a_form_asks_in_the_words_of_the_schema(office: Person) -> None:
    page = office.get("/proposals/new/")
    assert "标题" in field(page, "title")
    assert "案由" in field(page, "title")
    assert "required" in field(page, "number")
    assert 'type="date"' in field(page, "submitted_on")
    assert "<textarea" in field(page, "body")
    assert re.findall(r'<option value="([^"]*)"', field(page, "kind"))[1:] == [
        "建议",
        "议案",
        "提案",
        "建议案",
        "专线电话件",
        "社情民意",
    ]
    assert 'data-picker="/proposals/ajax/lookup/?name=meeting_id&of=new"' in field(
        page, "meeting_id"
    )
    assert '<label for="field-state"' not in page  # the program's own
    assert '<label for="field-id"' not in page


def test_a_new_row_is_saved_and_shown_by_its_name(panel: Panel, office: Person) -> None:
    meeting = panel.id_of("Meeting", body="人大")
    page = office.post(
        "/proposals/new/",
        meeting_id=meeting,
        kind="建议",
        number=" 009 ",
        title="关于  路灯的建议",
        area_role="主办",
        source="会议期间",
    )
    assert "已保存：建议009号 关于  路灯的建议。" in page
    assert panel.count("Proposal", number="009", state="登记") == 1
    assert (
        panel.count(
            "ChangeLog", table_name="proposals", action="新增", actor_name="交办督查·office"
        )
        == 1
    )


def test_saving_another_keeps_what_the_address_had_filled_in(panel: Panel, office: Person) -> None:
    path = f"/sponsors/new/?proposal_id={item(panel)}"
    assert "建议001号" in field(office.get(path), "proposal_id")
    page = office.post(
        path,
        proposal_id=item(panel),
        deputy_id=panel.id_of("Deputy", body="政协"),
        role="联名",
        position=1,
        then="another",
    )
    assert "新增提出人" in page
    assert "建议001号" in field(page, "proposal_id")
    assert panel.count("Sponsor", proposal_id=item(panel)) == 2


def test_what_is_missing_or_unreadable_is_said_at_the_field_and_nothing_is_lost(
    panel: Panel, office: Person
) -> None:
    page = office.post(
        "/proposals/new/",
        status=200,
        kind="信访",
        number="",
        title="我写了很久的标题",
        due_on="31.02.2026",
        body="第一段\n第二段",
    )
    assert "有 4 处需要改正" in page
    assert "请填写案号。" in field(page, "number")
    assert "请填写届次会议。" in field(page, "meeting_id")
    assert "没有“信访”这一项" in field(page, "kind")
    assert "“31.02.2026”不是日期，请写成 2026-02-28。" in field(page, "due_on")
    assert 'value="31.02.2026"' in field(page, "due_on")
    assert "我写了很久的标题" in field(page, "title")
    assert "第一段\n第二段" in field(page, "body")
    assert 'aria-invalid="true"' in field(page, "number")
    assert panel.count("Proposal") == 3


@pytest.mark.parametrize(("table", "name", "text", "said"), [
    ("units", "name", "长" * 101, "最多 100 个字，现在是 101 个"),
    ("units", "name", "有\0零", "含有不能保存的字符"),
    ("units", "sort_order", "一", "“一”不是整数"),
    ("units", "sort_order", "99999999999", "不是整数"),
    ("score_rules", "points", "1.234", "不是可以保存的数"),
    ("score_rules", "points", "NaN", "不是可以保存的数"),
    ("assignments", "unit_id", "abc", "不存在，或不在您的范围内"),
    ("assignments", "unit_id", "9" * 30, "不存在，或不在您的范围内"),
])  # fmt: skip
def test_each_kind_of_column_checks_its_own_text(
    office: Person, table: str, name: str, text: str, said: str
) -> None:
    assert said in field(office.post(f"/{table}/new/", status=200, **{name: text}), name)


def test_a_time_checks_its_text_as_well(panel: Panel) -> None:
    """No form of today's tables asks for a time; one that staff add may."""
    column = models.schema.tables["review_steps"].columns["acted_at"]
    with panel.app.test_request_context():
        form = make_form([column], lambda *_: (None, ""), lambda _: "")
        form.process(MultiDict({"acted_at": "昨天"}))
        assert not check(form)
        assert "不是时间" in form["acted_at"].errors[0]


def test_a_broken_rule_speaks_its_sentence_at_its_field(panel: Panel, office: Person) -> None:
    twice = {
        "meeting_id": panel.id_of("Meeting", body="人大"),
        "kind": "建议",
        "number": "001",
        "title": "又一件",
    }
    page = office.post("/proposals/new/", status=200, **twice)
    assert "这次会议已有这个类型和案号的件。" in page
    assert "又一件" in field(page, "title")
    assert "UNIQUE" not in page
    early = {"submitted_on": "2024-04-12", "handed_over_on": "2024-04-11"}
    wrong = office.post("/proposals/new/", status=200, **{**twice, "number": "010", **early})
    assert "交办日期不能早于提出日期。" in wrong


def test_a_second_lead_unit_is_refused_with_the_way_out(panel: Panel, office: Person) -> None:
    housing = panel.id_of("Unit", short_name="住房和城乡建设局")
    line = panel.id_of("Assignment", unit_id=housing, role="协办")
    path = f"/assignments/edit/?id={line}"
    page = office.post(
        path,
        status=200,
        seen=seen(office.get(path)),
        proposal_id=item(panel),
        unit_id=housing,
        role="主办",
    )
    assert "一件只能有一个主办单位；几个单位各自答复的请用分办。" in page
    assert panel.count("Assignment", role="主办") == 2


def test_a_linked_row_can_be_named_without_scripts(panel: Panel, office: Person) -> None:
    sent = {
        "proposal_id__text": "建议003号 关于延长图书馆开放时间的建议",
        "unit_id__text": "鱼峰区教育局",
        "role": "主办",
    }
    assert "已保存" in office.post("/assignments/new/", **sent)
    page = office.post("/assignments/new/", status=200, **{**sent, "unit_id__text": "鱼峰区教"})
    assert "没有找到“鱼峰区教”" in field(page, "unit_id")
    assert 'value="鱼峰区教"' in field(page, "unit_id")


def test_who_saves_second_is_told_and_keeps_his_text(panel: Panel, office: Person) -> None:
    path = f"/units/edit/?id={panel.id_of('Unit', short_name='教育局')}"
    opened = seen(office.get(path))
    sent = {"name": "鱼峰区教育局", "short_name": "区教育局", "kind": "政府部门", "is_active": "y"}
    panel.as_("office").post(path, seen=opened, **sent)
    page = office.post(path, status=200, seen=opened, **{**sent, "short_name": "教育体育局"})
    assert "已被别人修改" in page
    assert 'value="教育体育局"' in field(page, "short_name")
    assert "记录里现在是“区教育局”" in field(page, "short_name")
    assert panel.count("Unit", short_name="区教育局") == 1
    assert "已保存" in office.post(path, seen=seen(page), **{**sent, "short_name": "教育体育局"})
    assert panel.count("Unit", short_name="教育体育局") == 1


def test_what_another_wrote_stays_when_the_second_saved_something_else(
    panel: Panel, office: Person
) -> None:
    path = f"/proposals/edit/?id={item(panel)}"
    opened = seen(office.get(path))
    sent = {
        "meeting_id": panel.id_of("Meeting", body="人大"), "kind": "建议", "number": "001",
        "area_role": "主办", "source": "会议期间",
        "handed_over_on": "2024-04-10", "due_on": "2024-04-12",
    }  # fmt: skip
    with panel.truth() as session:
        sent["title"] = session.get_one(models.Proposal, item(panel)).title
        session.add(models.ContentCategory(name="城建城管"))
        session.commit()
    category = panel.id_of("ContentCategory")
    panel.as_("office").post(
        path, seen=opened, **sent, note="先联系代表", content_category_id=category
    )
    page = office.post(path, status=200, seen=opened, **sent, leader="王区长")
    assert "先联系代表" in field(page, "note")
    assert "已换成现在的内容" in field(page, "note")
    assert f'value="{category}"' in field(page, "content_category_id")
    assert 'value="王区长"' in field(page, "leader")
    assert "别人刚改过" not in field(page, "leader") + field(page, "title")
    assert panel.count("Proposal", note="先联系代表", leader="") == 1


def test_a_form_without_a_mark_says_every_difference(panel: Panel, office: Person) -> None:
    path = f"/units/edit/?id={panel.id_of('Unit', short_name='教育局')}"
    sent = {"name": "鱼峰区教育局", "kind": "政府部门", "is_active": "y"}
    page = office.post(path, status=200, seen="x", **sent)
    assert "记录里现在是“教育局”" in field(page, "short_name")
    assert "别人刚改过" not in field(page, "name")


def test_a_blank_is_null_where_it_may_be_and_the_default_elsewhere(
    panel: Panel, office: Person
) -> None:
    key = panel.id_of("Proposal", number="002")
    path = f"/proposals/edit/?id={key}"
    with panel.truth() as session:
        row = session.get(models.Proposal, key)
        sent = {"meeting_id": row.meeting_id, "kind": "建议", "number": "002", "title": row.title}
    office.post(
        path,
        seen=seen(office.get(path)),
        **sent,
        due_on="",
        leader="",
        area_role="主办",
        handed_over_on="2024-04-10",
    )
    with panel.truth() as session:
        row = session.get(models.Proposal, key)
        assert (row.due_on, row.leader, row.handed_over_on) == (None, "", date(2024, 4, 10))


def test_a_liaison_fills_in_only_what_is_his(panel: Panel) -> None:
    school = panel.as_("school")
    line = panel.id_of("Assignment", role="主办", unit_id=panel.id_of("Unit", short_name="教育局"))
    path = f"/assignments/edit/?id={line}"
    page = school.get(path)
    assert '<label for="field-handler"' in page
    assert '<label for="field-unit_id"' not in page
    school.post(
        path,
        seen=seen(page),
        handler="黄老师",
        role="协办",
        unit_id=panel.id_of("Unit", short_name="住房和城乡建设局"),
    )
    assert panel.count("Assignment", id=line, handler="黄老师", role="主办") == 1


def test_a_liaison_cannot_change_what_it_may_only_read(panel: Panel) -> None:
    school = panel.as_("school")
    assert "不能做这项操作" in school.get(f"/proposals/edit/?id={item(panel)}", status=403)
    school.post(f"/proposals/edit/?id={item(panel)}", status=403, title="改名")
    school.get("/proposals/new/", status=403)
    partner = panel.id_of("Assignment", role="协办")
    school.post(f"/assignments/edit/?id={partner}", status=403, handler="别人")
    assert panel.count("Proposal", title="改名") == 0


def test_a_foreign_row_is_not_there(panel: Panel) -> None:
    school, foreign = panel.as_("school"), item(panel, "002")
    for door in ("details", "edit", "delete"):
        assert "没有这一页" in school.get(f"/proposals/{door}/?id={foreign}", status=404)


def test_a_liaison_cannot_hang_a_row_on_a_foreign_one(panel: Panel) -> None:
    school = panel.as_("school")
    foreign = panel.id_of(
        "Assignment", role="主办", unit_id=panel.id_of("Unit", short_name="住房和城乡建设局")
    )
    sent = {
        "happened_on": "2024-04-12",
        "stage": "办前",
        "activity": "调查研究",
        "summary": "看了现场",
    }
    page = school.post("/ledger_entries/new/", status=200, assignment_id=foreign, **sent)
    assert "不在您的范围内" in field(page, "assignment_id")
    partner = panel.id_of("Assignment", role="协办")  # visible to the lead unit, not its own
    page = school.post("/ledger_entries/new/", status=200, assignment_id=partner, **sent)
    assert "职责" in page
    assert panel.count("LedgerEntry") == 0


@pytest.mark.parametrize("key", ["", "abc", "1,2", "%00", "-1", "0", "9" * 30, "1.5", "１"])
def test_an_id_that_is_none_is_not_found(office: Person, key: str) -> None:
    for door in ("details", "edit", "delete"):
        office.get(f"/proposals/{door}/?id={key}", status=404)


def test_tables_that_the_program_writes_have_no_forms(panel: Panel, office: Person) -> None:
    for table in ("change_log", "logins", "reminders"):
        assert office.client.get(f"/{table}/new/").status_code in (403, 404)
        assert office.client.post(
            f"/{table}/action/", data={"action": "delete", "rowid": 1}
        ).status_code in (403, 404)


def task_of(panel: Panel, role: str, **item: object) -> int:
    """The task of the district's items with this role, of item 001 where several have it."""
    proposal = panel.id_of("Proposal", **(item or {"number": "001"}))
    return panel.id_of("Assignment", proposal_id=proposal, role=role)


def test_a_partner_is_offered_an_opinion_and_a_main_unit_an_answer(panel: Panel) -> None:
    partner, lead = task_of(panel, "协办"), task_of(panel, "主办")
    offered = re.findall(
        r'<option (?:selected )?value="([^"]+)"',
        field(panel.as_("housing").get(f"/replies/new/?assignment_id={partner}"), "kind"),
    )
    assert offered == ["协办意见"]
    page = field(panel.as_("school").get(f"/replies/new/?assignment_id={lead}"), "kind")
    assert re.findall(r'<option (?:selected )?value="([^"]+)"', page) == ["答复", "再次答复"]


def test_a_partner_that_sends_an_answer_is_told_what_to_write(panel: Panel) -> None:
    partner = task_of(panel, "协办")
    sent = {"assignment_id": partner, "kind": "答复", "round": "1"}
    page = panel.as_("housing").post("/replies/new/", status=200, **sent)
    assert "协办单位写协办意见，不写答复。" in field(page, "kind")
    assert not panel.count("Reply")
    panel.as_("housing").post("/replies/new/", **{**sent, "kind": "协办意见"})
    assert panel.count("Reply", assignment_id=partner, kind="协办意见", role="协办") == 1


def test_a_main_unit_that_sends_an_opinion_is_told_what_to_write(panel: Panel) -> None:
    lead = task_of(panel, "主办")
    sent = {"assignment_id": lead, "kind": "协办意见", "round": "1"}
    page = panel.as_("school").post("/replies/new/", status=200, **sent)
    assert "主办、分办单位写答复，不写协办意见。" in field(page, "kind")


def test_where_the_area_itself_assists_its_main_unit_writes_an_opinion(panel: Panel) -> None:
    lead = task_of(panel, "主办", number="002")
    with panel.truth() as session:
        session.get(models.Proposal, item(panel, "002")).area_role = "协办"
        session.commit()
    person = panel.as_("housing")
    assert "答复</option>" not in field(
        person.get(f"/replies/new/?assignment_id={lead}"), "kind"
    ).replace("再次答复", "答复")
    sent = {"assignment_id": lead, "round": "1"}
    page = person.post("/replies/new/", status=200, kind="答复", **sent)
    assert "报上级主办单位" in field(page, "kind")
    person.post("/replies/new/", kind="协办意见", **sent)


def test_a_task_with_a_reply_keeps_its_role(panel: Panel) -> None:
    partner = task_of(panel, "协办")
    with panel.truth() as session:
        session.add(models.Reply(assignment_id=partner, kind="协办意见"))
        session.commit()
    office = panel.as_("office")
    page = office.get(f"/assignments/edit/?id={partner}")
    sent = {
        "proposal_id": item(panel),
        "unit_id": panel.id_of("Unit", short_name="住房和城乡建设局"),
    }
    said = office.post(
        f"/assignments/edit/?id={partner}", status=200, role="分办", seen=seen(page), **sent
    )
    assert "不能直接改承办方式：请用“撤办”" in said
    assert panel.count("Assignment", id=partner, role="协办") == 1


def test_a_new_meeting_is_asked_for_what_is_known_when_it_is_registered(panel: Panel) -> None:
    office, meeting = panel.as_("office"), panel.id_of("Meeting", body="人大")
    page = office.get("/meetings/new/")
    assert 'for="field-is_closed"' not in page
    assert 'for="field-is_closed"' in office.get(f"/meetings/edit/?id={meeting}")
    assert 'for="field-opened_on"' in page
    assert 'for="field-is_closed"' in office.get("/meetings/new/?is_closed=1")  # on purpose


def test_what_a_new_row_was_not_asked_for_gets_its_usual_value(panel: Panel) -> None:
    meeting = panel.id_of("Meeting", body="人大")
    panel.as_("office").post(
        "/proposals/new/", meeting_id=meeting, kind="建议", number="9", title="新件",
        area_role="主办", source="会议期间",
    )  # fmt: skip
    assert panel.count("Proposal", number="9", area_role="主办", closed_on=None) == 1


@pytest.mark.parametrize(
    ("person", "table", "column", "value"),
    [
        ("school", "ledger_entries", "happened_on", "2024-04-16"),
        ("school", "replies", "drafted_on", "2024-05-01"),
        ("office", "supervision_notes", "written_on", "2025-01-01"),
    ],
)
def test_nothing_can_be_recorded_as_done_on_a_day_still_to_come(
    panel: Panel, person: str, table: str, column: str, value: str
) -> None:
    known = {
        "assignment_id": task_of(panel, "主办"), "proposal_id": item(panel), "stage": "办前",
        "activity": "调查研究", "summary": "走访", "kind": "答复", "round": "1",
        "author": "区长", "content": "抓紧",
    }  # fmt: skip
    columns = models.schema.tables[table].columns
    sent = {name: text for name, text in known.items() if name in columns} | {column: value}
    page = panel.as_(person).post(f"/{table}/new/", status=200, **sent)
    said = f"“{columns[column].label}”：{value} 还没有到，请填写已经发生的日期。"
    assert said in field(page, column)
    assert not panel.count(models.by_table[table].__name__)
    panel.as_(person).post(f"/{table}/new/", **{**sent, column: "2024-04-15"})


def test_an_old_day_that_is_left_alone_does_not_keep_a_row_from_being_changed(panel: Panel) -> None:
    with panel.truth() as session:
        session.get(models.Proposal, item(panel)).closed_on = date(2030, 1, 1)
        session.commit()
    office = panel.as_("office")
    page = office.get(f"/proposals/edit/?id={item(panel)}")
    sent = {
        "meeting_id": panel.id_of("Meeting", body="人大"), "kind": "建议", "number": "001",
        "title": "改过的标题", "area_role": "主办", "source": "会议期间",
        "handed_over_on": "2024-04-10", "due_on": "2024-04-12", "closed_on": "2030-01-01",
    }  # fmt: skip
    office.post(f"/proposals/edit/?id={item(panel)}", seen=seen(page), **sent)
    assert panel.count("Proposal", title="改过的标题") == 1


def test_a_form_suggests_the_own_unit_to_who_keeps_that_alone(panel: Panel) -> None:
    unit = panel.id_of("Unit", short_name="教育局")
    with panel.truth() as session:
        session.query(models.User).filter_by(username="office").one().unit_id = unit
        session.commit()
    own = f'name="unit_id" type="hidden" value="{unit}"'
    assert own in field(panel.as_("school").get("/unit_reports/new/"), "unit_id")
    assert own not in field(panel.as_("office").get("/unit_reports/new/"), "unit_id")
    assert own not in field(panel.as_("office").get("/assignments/new/"), "unit_id")


@pytest.mark.parametrize(
    ("handed_over_on", "suggested"),
    [(date(2024, 3, 20), True), (date(2024, 4, 15), False), (None, False)],
)
def test_what_is_handed_over_by_hand_counts_from_today_where_its_day_is_past(
    panel: Panel, handed_over_on: date | None, suggested: bool
) -> None:
    with panel.truth() as session:
        for meeting in session.query(models.Meeting):
            meeting.handed_over_on = handed_over_on
        unstarted = session.query(models.Proposal).filter_by(number="003").one()
        unstarted.counts_from_on = handed_over_on
        session.commit()
    office = panel.as_("office")
    for path in (
        f"/assignments/new/?proposal_id={item(panel, '003')}",
        "/assignments/new/",
        f"/proposals/new/?meeting_id={panel.id_of('Meeting', body='政协')}",
        "/proposals/new/",
    ):
        asked = field(office.get(path), "handed_over_on")
        assert ('value="2024-04-15"' in asked) == suggested
        assert "算交办；空着就用" in asked and "填交办当天" in asked  # true of both


def test_a_new_reply_is_drafted_today_by_who_opens_the_form(panel: Panel) -> None:
    page = panel.as_("school").get(f"/replies/new/?assignment_id={task_of(panel, '主办')}")
    assert 'value="2024-04-15"' in field(page, "drafted_on")
    assert 'value="承办单位联络员·school"' in field(page, "drafter")


@pytest.mark.parametrize("value", ["十五", "", "4", "1441", "15.5", "-15", "²"])
def test_a_limit_of_log_in_takes_a_number_within_its_bounds_alone(panel: Panel, value: str) -> None:
    with panel.truth() as session:
        words = {"name": "LOGIN_LOCK_MINUTES", "label": "输错密码后锁定的分钟数"}
        session.add(models.Setting(value="15", **words))
        session.commit()
    path = f"/settings/edit/?id={panel.id_of('Setting', name='LOGIN_LOCK_MINUTES')}"
    admin = panel.as_("admin")
    mark = seen(admin.get(path))
    page = admin.post(path, status=200, seen=mark, **words, value=value)
    assert f"“输错密码后锁定的分钟数”：“{value}”不行，请填 5 至 1440 的整数。" in field(
        page, "value"
    )
    assert panel.count("Setting", value="15") == 1
    admin.post(path, seen=mark, **words, value="20")
    assert panel.count("Setting", value="20") == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LATE_YELLOW_DAYS", "10", "“逾期转黄”：“10”不行，要小于“逾期转红”，那一项现在是 10。"),
        ("LATE_YELLOW_DAYS", "12", "“逾期转黄”：“12”不行，要小于“逾期转红”，那一项现在是 10。"),
        ("LATE_RED_DAYS", "5", "“逾期转红”：“5”不行，要大于“逾期转黄”，那一项现在是 5。"),
        ("LATE_RED_DAYS", "6", ""),
        ("LATE_YELLOW_DAYS", "9", ""),
    ],
)
def test_what_is_late_turns_yellow_before_it_turns_red(
    panel: Panel, name: str, value: str, sentence: str
) -> None:
    labels = {"LATE_YELLOW_DAYS": ("逾期转黄", "5"), "LATE_RED_DAYS": ("逾期转红", "10")}
    with panel.truth() as session:
        session.add_all(
            models.Setting(name=n, label=label, value=days) for n, (label, days) in labels.items()
        )
        session.commit()
    path, admin = f"/settings/edit/?id={panel.id_of('Setting', name=name)}", panel.as_("admin")
    sent = {"name": name, "label": labels[name][0], "value": value}
    page = admin.post(path, status=200 if sentence else 302, seen=seen(admin.get(path)), **sent)
    assert sentence in page
    assert panel.count("Setting", name=name, value=value) == (0 if sentence else 1)


def test_of_a_setting_the_value_alone_is_changed(panel: Panel) -> None:
    words = {"name": "AREA_NAME", "label": "地区名称"}
    with panel.truth() as session:
        session.add(models.Setting(value="鱼峰区", **words))
        session.commit()
    path, admin = (
        f"/settings/edit/?id={panel.id_of('Setting', name='AREA_NAME')}",
        panel.as_("admin"),
    )
    page = admin.get(path)
    assert 'name="value"' in page and 'name="name"' not in page
    admin.post(path, seen=seen(page), name="AREA", label="区", value="柳北区")
    assert panel.count("Setting", value="柳北区", **words) == 1


def test_the_address_of_a_contact_looks_like_one(panel: Panel) -> None:
    school, unit = panel.as_("school"), panel.id_of("Unit", short_name="教育局")
    sent = {"unit_id": unit, "duty": "联络员", "name": "黄老师"}
    for text in ("无", "@qq.com", "a b@c.cn"):
        page = school.post("/unit_contacts/new/", status=200, **sent, email=text)
        assert "邮箱要写成 zhang@example.cn 这样。" in field(page, "email")
    school.post("/unit_contacts/new/", **sent, email="huang@example.cn")
    assert panel.count("UnitContact", email="huang@example.cn") == 1


@pytest.mark.parametrize(
    ("column", "text", "sentence"),
    [
        ("username", "测 试", "登录名里不能有空格。"),
        ("username", "测　试", "登录名里不能有空格。"),
        ("email", "abc", "邮箱要写成 zhang@example.cn 这样。"),
        ("email", "a b@c.cn", "邮箱要写成 zhang@example.cn 这样。"),
        ("phone", "电话", "电话要以数字开头，如 0772-2812345。"),
    ],
)
def test_an_account_takes_a_name_an_address_and_a_number_that_can_be_used(
    panel: Panel, column: str, text: str, sentence: str
) -> None:
    sent = {
        "username": "chen", "full_name": "陈一", "role": "审计员", "is_active": "y",
        "email": "chen@example.cn", "phone": "0772-2812345",
    }  # fmt: skip
    admin = panel.as_("admin")
    page = admin.post("/users/new/", status=200, **{**sent, column: text})
    assert sentence in field(page, column)
    admin.post("/users/new/", **sent)
    assert panel.count("User", username="chen") == 1
