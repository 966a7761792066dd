"""The rows below in their parent's form: saved with it or not at all, each refusal at its row, nothing lost."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from domain import models
from tests.admin.tables.test_admin_forms import item, seen, task_of
from tests.ground.district import Panel, Person

Sent = dict[str, Any]


@pytest.fixture
def office(panel: Panel) -> Person:
    return panel.as_("office")


def line(page: str, name: str) -> str:
    """The part of a form that is one row of a block."""
    found = re.search(rf'<fieldset class="line" data-line="{re.escape(name)}\."', page)
    assert found, f"no line {name}"
    return page[found.start() : page.index("</fieldset>", found.start())]


def lines(page: str, table: str) -> list[str]:
    """All rows of a block, blank ones among them, in the order of the page."""
    return re.findall(rf'data-line="({table}\.\d+)\."', page)


def row(table: str, n: int, **values: Any) -> Sent:
    """What one row of a block sends."""
    named = {name.replace("__", "."): value for name, value in values.items()}
    return {f"{table}.{n}.{name}": value for name, value in named.items()}


def stored(page: str, name: str) -> Sent:
    """What says which stored row a line is about."""
    said = line(page, name)
    found = dict(re.findall(r'name="([\w.]+row\.(?:key|seen))" value="(\w+)"', said))
    assert len(found) == 2, said
    return found


def an_item(panel: Panel, **sent: Any) -> Sent:
    meeting = panel.id_of("Meeting", body="人大")
    return {"meeting_id": meeting, "kind": "建议", "number": "009", "title": "关于路灯的建议",
            "area_role": "主办", "source": "会议期间", **sent}  # fmt: skip


def whole(panel: Panel) -> Sent:
    """An item with two signers and two units."""
    deputies = [panel.id_of("Deputy", body=body) for body in ("人大", "政协")]
    units = [panel.id_of("Unit", short_name=n) for n in ("教育局", "住房和城乡建设局")]
    return (
        an_item(panel)
        | row("sponsors", 0, deputy_id=deputies[0], role="领衔", wants_reply="y")
        | row("sponsors", 1, deputy_id=deputies[1], role="联名")
        | row("assignments", 0, unit_id=units[0], role="主办", handler="黄老师")
        | row("assignments", 1, unit_id=units[1], role="协办")
    )


def test_an_item_is_registered_with_its_signers_and_units_in_one_save(
    panel: Panel, office: Person
) -> None:
    page = office.get("/proposals/new/")
    for table in ("sponsors", "assignments"):
        assert f'data-block="{table}"' in page and lines(page, table)
    assert "已保存：建议009号 关于路灯的建议。" in office.post("/proposals/new/", **whole(panel))
    with panel.truth() as session:
        made = session.scalars(select(models.Proposal).filter_by(number="009")).one()
        signed = [(s.deputy.name, s.role, s.position, s.wants_reply) for s in made.sponsors]
        assert signed == [("覃丽", "领衔", 0, True), ("韦强", "联名", 1, False)]
        tasks = [(t.unit.short_name, t.role, t.handler) for t in made.assignments]
        assert tasks == [("教育局", "主办", "黄老师"), ("住房和城乡建设局", "协办", "")]
        assert made.state == "交办"
    logged = ("proposals", "sponsors", "sponsors", "assignments", "assignments")
    with panel.truth() as session:
        log = models.ChangeLog
        entries = session.scalars(
            select(log.table_name).where(log.user_id.is_not(None), log.action == "新增")
        )
        assert sorted(entries) == sorted(logged)


def test_blank_rows_are_no_rows(panel: Panel, office: Person) -> None:
    blank = row("sponsors", 0, deputy_id="", deputy_id__text="", role="", wants_reply="y")
    blank |= row("assignments", 0, unit_id="", role="", handed_over_on="", handler="")
    office.post("/proposals/new/", **an_item(panel), **blank)
    made = panel.id_of("Proposal", number="009")
    assert not panel.count("Sponsor", proposal_id=made)
    assert not panel.count("Assignment", proposal_id=made)


def test_what_is_wrong_in_a_row_is_said_at_it_and_nothing_is_saved_or_lost(
    panel: Panel, office: Person
) -> None:
    sent = whole(panel) | row("sponsors", 1, deputy_id="", deputy_id__text="没有这个人")
    page = office.post("/proposals/new/", status=200, **sent)
    assert "没有找到“没有这个人”" in line(page, "sponsors.1")
    assert "没有这个人" in line(page, "sponsors.1") and "error" not in line(page, "sponsors.0")
    assert "有 1 处需要改正" in page and "黄老师" in line(page, "assignments.0")
    assert not panel.count("Proposal", number="009")
    page = office.post("/proposals/new/", status=200, **(whole(panel) | {"assignments.1.role": ""}))
    assert "请填写承办方式。" in line(page, "assignments.1")
    assert not panel.count("Proposal", number="009")


def test_what_the_database_refuses_is_said_at_its_row(panel: Panel, office: Person) -> None:
    twice = {"assignments.1.unit_id": panel.id_of("Unit", short_name="教育局")}
    page = office.post("/proposals/new/", status=200, **(whole(panel) | twice))
    assert "这个单位已经承办本件。" in line(page, "assignments.1")
    assert "error" not in line(page, "assignments.0")
    leads = {"sponsors.1.role": "领衔"}
    page = office.post("/proposals/new/", status=200, **(whole(panel) | leads))
    assert "一件只能有一位领衔人（第一提案人）。" in line(page, "sponsors.1")
    page = office.post("/proposals/new/", status=200, **(whole(panel) | {"number": "001"}))
    assert "这次会议已有这个类型和案号的件。" in page and "error" not in line(page, "sponsors.0")
    late = row("assignments", 1, handed_over_on="2024-04-20") | {"handed_over_on": "2024-04-10"}
    assert panel.count("Sponsor") == 2 and panel.count("Assignment") == 3
    assert "已保存" in office.post("/proposals/new/", **(whole(panel) | late))


def test_a_form_with_rows_that_is_sent_twice_is_saved_once(panel: Panel, office: Person) -> None:
    word = re.search(r'name="form\.word" value="([^"]+)"', office.get("/proposals/new/"))
    assert word
    sent = whole(panel) | {"form.word": word[1]}
    for _ in range(2):
        office.post("/proposals/new/", **sent)
    assert panel.count("Proposal", number="009") == 1 and panel.count("Assignment") == 5


@pytest.fixture
def reply_path(panel: Panel) -> str:
    """The form of a stored reply, whose steps have no key that would refuse the same one twice."""
    with panel.truth() as session:
        reply = models.Reply(assignment_id=task_of(panel, "主办"), kind="答复", body="已办。")
        session.add(reply)
        session.commit()
        return f"/replies/edit/?id={reply.id}"


def test_a_stored_form_that_is_sent_twice_adds_its_new_rows_once(
    panel: Panel, office: Person
) -> None:
    key = panel.id_of("Proposal", number="003")
    path = f"/proposals/edit/?id={key}"
    page = office.get(path)
    word = re.search(r'name="form\.word" value="([^"]+)"', page)
    assert word
    sent = proposal_of(panel, key) | {"seen": seen(page), "form.word": word[1]}
    sent |= row("sponsors", 0, deputy_id=panel.id_of("Deputy", name="覃丽"), role="领衔")
    office.post(path, **sent)
    assert "只保存了一次" in office.post(path, **sent)
    assert panel.count("Sponsor", proposal_id=key) == 1


def proposal_of(panel: Panel, key: int) -> Sent:
    """What the form of a stored item sends where nothing is changed."""
    with panel.truth() as session:
        row = session.get_one(models.Proposal, key)
        values = {c.name: getattr(row, c.name) for c in row.words.columns.values()}
    return {n: "" if v is None else v for n, v in values.items() if n not in ("id", "state")}


def signers(panel: Panel, key: int) -> list[tuple[str, str, int]]:
    with panel.truth() as session:
        query = select(models.Sponsor).filter_by(proposal_id=key).order_by(models.Sponsor.position)
        return [(s.deputy.name, s.role, s.position) for s in session.scalars(query)]


@pytest.fixture
def two_signers(panel: Panel) -> int:
    """An item whose lead is 覃丽, with 韦强 joining."""
    key, member = item(panel), panel.id_of("Deputy", name="韦强")
    with panel.truth() as session:
        session.add(models.Sponsor(proposal_id=key, deputy_id=member, role="联名", position=1))
        session.commit()
    return key


def opened(office: Person, panel: Panel, key: int) -> tuple[str, str, Sent]:
    """The form of an item: its address, its page, and what it sends unchanged with two signers."""
    path = f"/proposals/edit/?id={key}"
    page = office.get(path)
    deputies = [panel.id_of("Deputy", name=name) for name in ("覃丽", "韦强")]
    sent = proposal_of(panel, key) | {"seen": seen(page)}
    for n, (deputy, role) in enumerate(zip(deputies, ("领衔", "联名"), strict=True)):
        sent |= stored(page, f"sponsors.{n}")
        sent |= row("sponsors", n, deputy_id=deputy, role=role, wants_reply="y")
    return path, page, sent


def test_rows_are_changed_removed_and_added_and_the_log_names_what_went(
    panel: Panel, office: Person, two_signers: int
) -> None:
    with panel.truth() as session:
        session.add(models.Deputy(name="黄明", body="人大"))
        session.commit()
    path, _, sent = opened(office, panel, two_signers)
    sent |= {"sponsors.1.row.gone": "y"}
    sent |= row("sponsors", 2, deputy_id=panel.id_of("Deputy", name="黄明"), role="附议")
    office.post(path, **sent)
    assert signers(panel, two_signers) == [("覃丽", "领衔", 0), ("黄明", "附议", 1)]
    with panel.truth() as session:
        log = select(models.ChangeLog).filter_by(table_name="sponsors", action="删除")
        gone = session.scalars(log).one()
        assert gone.row_name.startswith("韦强（政协）联名 建议001号")
    changed = panel.count("ChangeLog", table_name="sponsors", action="修改")
    assert not changed  # who stays as he was is not written


def test_two_rows_change_their_parts_in_one_save(
    panel: Panel, office: Person, two_signers: int
) -> None:
    """The lead steps back and another leads, whichever of them was stored first; so with who leaves and who comes."""
    path, _, sent = opened(office, panel, two_signers)
    office.post(path, **(sent | {"sponsors.0.role": "联名", "sponsors.1.role": "领衔"}))
    assert [(name, role) for name, role, _ in signers(panel, two_signers)] == [
        ("覃丽", "联名"),
        ("韦强", "领衔"),
    ]
    page = office.get(path)
    again = sent | {"seen": seen(page)} | stored(page, "sponsors.0") | stored(page, "sponsors.1")
    office.post(path, **again)
    assert [role for _, role, _ in signers(panel, two_signers)] == ["领衔", "联名"]
    page = office.get(path)
    leaves = again | {"seen": seen(page)} | stored(page, "sponsors.0") | stored(page, "sponsors.1")
    leaves |= {"sponsors.0.row.gone": "y", "sponsors.1.row.gone": "y"}
    leaves |= row("sponsors", 5, deputy_id=panel.id_of("Deputy", name="韦强"), role="领衔")
    office.post(path, **leaves)
    assert signers(panel, two_signers) == [("韦强", "领衔", 0)]


def test_rows_stand_in_the_order_in_which_they_were_sent(
    panel: Panel, office: Person, two_signers: int
) -> None:
    path, _, sent = opened(office, panel, two_signers)
    last = {name: sent.pop(name) for name in list(sent) if name.startswith("sponsors.0.")}
    office.post(path, **(sent | last))
    assert signers(panel, two_signers) == [("韦强", "联名", 0), ("覃丽", "领衔", 1)]


@pytest.fixture
def promise(panel: Panel) -> int:
    """A commitment with the steps 甲, 乙 and 丙."""
    made = models.Commitment(
        assignment_id=task_of(panel, "主办"), content="装灯", due_on=date(2024, 9, 1)
    )
    with panel.truth() as session:
        session.add(made)
        session.flush()
        session.add_all(
            models.CommitmentStep(commitment_id=made.id, content=content, position=n)
            for n, content in enumerate("甲乙丙", start=1)
        )
        session.commit()
        return made.id


def last_first(panel: Panel, office: Person, promise: int) -> tuple[str, Sent]:
    """The form of the commitment with 丙 put before the others, and 丁 behind them."""
    path = f"/commitments/edit/?id={promise}"
    page = office.get(path)
    sent: Sent = {"assignment_id": task_of(panel, "主办"), "content": "装灯", "due_on": "2024-09-01",
                  "state": "推进中", "seen": seen(page)}  # fmt: skip
    for n, content in ((2, "丙"), (0, "甲"), (1, "乙")):
        sent |= stored(page, f"commitment_steps.{n}") | row("commitment_steps", n, content=content)
    return path, sent | row("commitment_steps", 7, content="丁")


def steps(panel: Panel) -> list[tuple[int, str]]:
    step = models.CommitmentStep
    with panel.truth() as session:
        return [
            (s.position, s.content) for s in session.scalars(select(step).order_by(step.position))
        ]


def test_steps_change_places_though_no_two_may_have_one_number(
    panel: Panel, office: Person, promise: int
) -> None:
    path, sent = last_first(panel, office, promise)
    office.post(path, **sent)
    assert steps(panel) == list(enumerate("丙甲乙丁", start=1))
    with panel.truth() as session:
        log = select(models.ChangeLog).filter_by(table_name="commitment_steps", action="修改")
        said = sorted(entry.changes["position"] for entry in session.scalars(log))
    assert said == [[1, 2], [2, 3], [3, 1]]


@pytest.mark.parametrize("n", [0, 1, 2, 7])
def test_the_row_that_is_refused_is_found_among_those_that_change_places(
    panel: Panel, office: Person, promise: int, n: int
) -> None:
    path, sent = last_first(panel, office, promise)
    page = office.post(path, status=200, **sent, **row("commitment_steps", n, done_on="2030-01-01"))
    assert [k for k in (0, 1, 2, 7) if "还没有到" in line(page, f"commitment_steps.{k}")] == [n]
    assert steps(panel) == list(enumerate("甲乙丙", start=1))


def test_without_scripts_a_button_adds_lines_and_moves_them_and_saves_nothing(
    panel: Panel, office: Person
) -> None:
    page = office.post("/proposals/new/", status=200, **whole(panel), form__rows="more:sponsors")
    assert len(lines(page, "sponsors")) == 5 and "黄老师" in line(page, "assignments.0")
    assert "error" not in page.split("<form", 1)[1]
    page = office.post("/proposals/new/", status=200, **whole(panel), form__rows="up:sponsors.1.")
    assert lines(page, "sponsors")[:2] == ["sponsors.1", "sponsors.0"]
    for nonsense in ("up:sponsors.0.", "down:sponsors.77.", "more:units", "up:", "x"):
        office.post("/proposals/new/", status=200, **whole(panel), form__rows=nonsense)
    assert not panel.count("Proposal", number="009")


def test_what_another_has_changed_below_is_told_at_its_row(
    panel: Panel, office: Person, two_signers: int
) -> None:
    path, _, sent = opened(office, panel, two_signers)
    with panel.truth() as session:
        session.scalars(select(models.Sponsor).filter_by(role="联名")).one().role = "附议"
        session.commit()
    untouched = office.post(path, **(sent | {"title": "关于斑马线的建议"}))
    assert "已保存" in untouched  # what the other changed stays
    assert signers(panel, two_signers)[1][1] == "附议"
    path, page, sent = opened(office, panel, two_signers)
    with panel.truth() as session:
        session.scalars(select(models.Sponsor).filter_by(role="附议")).one().wants_reply = False
        session.commit()
    page = office.post(path, status=200, **(sent | {"sponsors.1.role": "联名"}))
    assert "已被别人修改" in line(page, "sponsors.1") and "下面有的行已被别人修改" in page
    assert "已换成现在的内容" in line(page, "sponsors.1")
    assert signers(panel, two_signers)[1][1] == "附议"
    again = sent | stored(page, "sponsors.1") | {"seen": seen(page), "sponsors.1.role": "联名"}
    del again["sponsors.1.wants_reply"]
    office.post(path, **again)
    assert signers(panel, two_signers)[1][1] == "联名"
    assert panel.count("Sponsor", role="联名", wants_reply=False) == 1


def test_a_row_that_another_has_removed_is_lost_only_where_nobody_wrote_into_it(
    panel: Panel, office: Person, two_signers: int
) -> None:
    path, _, sent = opened(office, panel, two_signers)
    with panel.truth() as session:
        session.delete(session.scalars(select(models.Sponsor).filter_by(role="联名")).one())
        session.commit()
    page = office.post(path, status=200, **(sent | {"sponsors.1.role": "附议"}))
    assert "这一行已被别人删除" in line(page, "sponsors.1") and "韦强" in line(page, "sponsors.1")
    assert len(signers(panel, two_signers)) == 1
    again = {
        n: v for n, v in sent.items() if n not in ("sponsors.1.row.key", "sponsors.1.row.seen")
    }
    office.post(path, **(again | {"seen": seen(page), "sponsors.1.role": "附议"}))
    assert signers(panel, two_signers)[1] == ("韦强", "附议", 1)
    path, _, sent = opened(office, panel, two_signers)
    with panel.truth() as session:
        session.delete(session.scalars(select(models.Sponsor).filter_by(role="附议")).one())
        session.commit()
    office.post(path, **(sent | {"title": "关于斑马线的建议", "sponsors.1.role": "附议"}))


def test_a_task_of_an_item_is_added_there_and_changed_on_its_own_page(
    panel: Panel, office: Person
) -> None:
    path = f"/proposals/edit/?id={item(panel, '002')}"
    page = office.get(path)
    task = task_of(panel, "主办", number="002")
    assert f"/assignments/details/?id={task}" in page
    school = panel.id_of("Unit", short_name="教育局")
    sent = proposal_of(panel, item(panel, "002")) | {"seen": seen(page)}
    forged = sent | row("assignments", 0, row__key=task, unit_id=school, role="协办")
    assert "这一行已被别人删除" in line(office.post(path, status=200, **forged), "assignments.0")
    assert panel.count("Assignment", id=task, role="主办") == 1
    office.post(path, **(sent | row("assignments", 0, unit_id=school, role="协办")))
    assert panel.count("Assignment", proposal_id=item(panel, "002"), unit_id=school) == 1


def test_a_liaison_registers_a_meeting_with_deputies_and_bodies_in_one_form(panel: Panel) -> None:
    school = panel.as_("school")
    sent = {
        "assignment_id": task_of(panel, "主办"), "happened_on": "2024-04-12", "stage": "办中",
        "activity": "联系代表委员", "contact_mode": "座谈会", "is_face_to_face": "y", "summary": "面商",
    } | row("ledger_deputies", 0, deputy_id=panel.id_of("Deputy", name="覃丽"), attitude="满意")  # fmt: skip
    for n, name in enumerate(("选联工委", "政府督查室")):
        sent |= row("ledger_invitees", n, body_name=name, came="y")
    assert "已保存" in school.post("/ledger_entries/new/", **sent)
    assert panel.count("LedgerDeputy", attitude="满意") == 1
    assert panel.count("LedgerInvitee") == 2
    foreign = {"ledger_deputies.0.deputy_id": panel.id_of("Deputy", name="韦强")}
    page = school.post("/ledger_entries/new/", status=200, **(sent | foreign))
    assert "不在您的范围内" in line(page, "ledger_deputies.0")
    assert panel.count("LedgerEntry") == 1
    elsewhere = sent | {"assignment_id": task_of(panel, "协办")}  # seen by the lead, not its own
    page = school.post("/ledger_entries/new/", status=200, **elsewhere)
    assert "职责" in page and panel.count("LedgerEntry") == 1


def test_who_may_not_write_a_table_has_no_rows_of_it(panel: Panel, reply_path: str) -> None:
    school = panel.as_("school")
    page = school.get(reply_path)
    for form in (panel.as_("office").get(reply_path), page):  # acts alone make them
        assert re.findall(r'data-block="(\w+)"', form) == ["request_answers"]
    sent = {
        "assignment_id": task_of(panel, "主办"), "kind": "答复", "round": "1", "body": "已办好。",
        "seen": seen(page),
    } | row("review_steps", 0, step="督查审核", result="通过", acted_at="2024-04-15T08:30")  # fmt: skip
    school.post(reply_path, **sent)
    assert panel.count("Reply", body="已办好。") == 1 and not panel.count("ReviewStep")


def test_too_many_rows_are_refused_in_words(panel: Panel, office: Person) -> None:
    sent = an_item(panel)
    for n in range(201):
        sent |= row("sponsors", n, role="联名")
    page = office.post("/proposals/new/", status=400, **sent)
    assert "最多写 200 行提出人" in page
