"""What an import does to the database: new, updated, unchanged, invalid, failed; preview; what a person did is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DatabaseError

from domain import models
from domain.actors import Actor
from domain.exports.plans import plan_sheet
from domain.exports.workbook import write_workbook
from domain.plans import lookups
from domain.plans.apply import import_plan
from domain.plans.recognising.reading import plan_of, read_plan
from domain.plans.steps import PlanStep
from domain.sheets.grid import Grid
from domain.storing.session import ActorSession, actor_session, system_session
from tests.ground.plans import SAMPLES
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import a_reply

HEADER = ["编号", "标题", "领衔代表", "联名代表", "主办单位", "协办单位", "办理时限", "备注"]
ITEM = [
    "001",
    "关于推进老旧小区改造的建议",
    "雷立新",
    "韦子豪",
    "区住建局",
    "区财政局、区民政局",
    "6月5日前",
    "",
]


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Engine, now: datetime) -> Iterator[ActorSession]:
    with system_session(engine, "导入分工方案", lambda: now) as session:
        yield session


def run(session: ActorSession, *rows: list[Any], header: list[str] | None = None) -> list[PlanStep]:
    """Import a table of these rows into the 人大 meeting of 2024, inside the session's transaction."""
    meeting = lookups.find_meeting(session, "柳州市第十五届人大第五次会议")
    assert meeting
    grid = Grid(None, [header or HEADER, *(list(row) for row in rows)])
    plan = plan_of([grid], meeting.facts, lookups.load_unit_book(session), {})
    return import_plan(session, meeting, plan, session.now().date())


def outcomes(steps: list[PlanStep]) -> list[str]:
    return [step.outcome for step in steps]


def sentences(steps: list[PlanStep]) -> list[str]:
    return [error.message for step in steps for error in step.errors]


def changed(number: str = "001", **columns: Any) -> list[Any]:
    """ITEM with other values in some columns, named by their headers."""
    return [
        columns.get(name, number if name == "编号" else value)
        for name, value in zip(HEADER, ITEM, strict=True)
    ]


def count(session: ActorSession, cls: Any) -> int:
    return session.scalar(select(func.count()).select_from(cls)) or 0


def item(session: ActorSession, number: str = "001") -> Any:
    session.expire_all()
    return session.scalars(select(models.Proposal).filter_by(number=number)).one()


def tasks(session: ActorSession, number: str = "001") -> dict[str, str]:
    return {task.unit.short_name: task.role for task in item(session, number).assignments}


def signed(session: ActorSession, number: str = "001") -> list[tuple[str, str]]:
    rows = sorted(item(session, number).sponsors, key=lambda row: row.position)
    return [(row.deputy.name, row.role) for row in rows]


def test_a_new_item_comes_with_its_sponsors_units_and_deadlines(session: ActorSession) -> None:
    assert outcomes(run(session, ITEM)) == ["new"]
    row = item(session)
    assert (row.kind, row.title, row.state) == ("建议", "关于推进老旧小区改造的建议", "交办")
    assert row.due_on == date(2024, 6, 5)
    assert tasks(session) == {"区住建局": "主办", "区财政局": "协办", "区民政局": "协办"}
    assert signed(session) == [("雷立新", "领衔"), ("韦子豪", "联名")]
    due = {
        (d.assignment.unit.short_name, d.milestone): d.due_on
        for d in session.scalars(select(models.Deadline))
    }
    assert due["区住建局", "答复"] == date(2024, 6, 5)
    assert due["区住建局", "办理方案"] == date(2024, 4, 20)
    assert due["区财政局", "协办意见"] == date(2024, 4, 30)


def test_lists_that_show_the_newest_first_begin_with_the_plans_first_row(
    session: ActorSession,
) -> None:
    run(session, ITEM, changed("002"), changed("003"))
    newest_first = select(models.Proposal.number).order_by(models.Proposal.id.desc())
    assert session.scalars(newest_first).all() == ["001", "002", "003"]


def test_the_same_plan_again_changes_nothing(session: ActorSession) -> None:
    rows = [ITEM, changed("002", 领衔代表="蓝秀英"), changed("003", 协办单位="")]
    run(session, *rows)
    session.commit()
    before = count(session, models.ChangeLog)
    assert outcomes(run(session, *rows)) == ["unchanged"] * 3
    assert count(session, models.ChangeLog) == before


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("0*.[xd]*")), ids=lambda path: path.stem)
def test_every_sample_applied_twice_is_unchanged_the_second_time(
    session: ActorSession, sample: Path
) -> None:
    body = "政协" if sample.stem[:2] in ("02", "08") else "人大"
    meeting = lookups.load_meeting(
        session, session.scalars(select(models.Meeting.id).filter_by(body=body)).one()
    )
    plan = read_plan(sample, meeting.facts, lookups.load_unit_book(session))
    first = import_plan(session, meeting, plan, date(2024, 4, 10))
    second = import_plan(session, meeting, plan, date(2024, 4, 11))
    assert {"new": "unchanged", "invalid": "invalid"}[first[0].outcome] == second[0].outcome
    assert [{"new": "unchanged"}.get(o, o) for o in outcomes(first)] == outcomes(second)


def test_a_preview_says_what_the_import_then_does_and_leaves_nothing(session: ActorSession) -> None:
    run(session, ITEM)
    session.commit()
    rows = [
        changed(标题="关于推进老旧小区综合改造的建议"),
        changed("002"),
        changed("003", 主办单位="区教肓局"),
    ]
    preview = run(session, *rows)
    session.rollback()
    assert count(session, models.Proposal) == 1
    assert item(session).title == ITEM[1]
    earnest = run(session, *rows)
    assert outcomes(preview) == outcomes(earnest) == ["updated", "new", "invalid"]
    assert preview[0].changes == earnest[0].changes


def test_an_update_shows_old_and_new_of_each_field(session: ActorSession) -> None:
    run(session, ITEM)
    (step,) = run(
        session,
        changed(
            标题="关于改造的建议",
            主办单位="区城管局",
            协办单位="区财政局",
            联名代表="韦子豪、蓝秀英",
        ),
    )
    assert step.outcome == "updated"
    assert step.changes == {
        "title": ["关于推进老旧小区改造的建议", "关于改造的建议"],
        "lead_unit": ["鱼峰区住房和城乡建设局", "鱼峰区城市管理行政执法局"],
        "co_unit": ["鱼峰区财政局、鱼峰区民政局", "鱼峰区财政局"],
        "joint": ["韦子豪", "韦子豪、蓝秀英"],
    }
    assert tasks(session) == {"区城管执法局": "主办", "区财政局": "协办"}
    assert signed(session) == [("雷立新", "领衔"), ("韦子豪", "联名"), ("蓝秀英", "联名")]


def warnings(steps: list[PlanStep]) -> list[str]:
    return [warning.message for step in steps for warning in step.warnings]


def test_another_title_under_the_same_number_is_written_but_to_be_looked_at(
    session: ActorSession,
) -> None:
    run(session, ITEM)
    steps = run(session, changed(标题="关于增加公交线路的建议"))
    assert outcomes(steps) == ["updated"]
    assert warnings(steps) == [
        "第2行“标题”：编号相同而标题不同，请确认是同一件。系统里这个编号是“关于推进老旧小区改造的建议”，照写会把那一件改成这一行的内容；"
        "不是同一件的，请改正编号，或在写入时跳过。"
    ]
    assert item(session).title == "关于增加公交线路的建议"
    assert warnings(run(session, changed(标题="关于增加公交线路的建议"))) == []


def test_a_title_that_differs_in_spaces_and_punctuation_is_the_same_matter(
    session: ActorSession,
) -> None:
    run(session, changed(标题="关于推进“老旧小区”改造(一期)的建议"))
    steps = run(session, changed(标题="关于推进老旧小区改造（一期）的建议。"))
    assert (outcomes(steps), warnings(steps)) == (["updated"], [])


def test_a_kind_of_the_other_body_is_written_but_the_meeting_is_doubted(
    session: ActorSession,
) -> None:
    header = ["编号", "类型", "标题", "主办单位"]
    rows = [
        ["001", "提案", "关于甲的提案", "区住建局"],
        ["002", "议案", "关于乙的议案", "区住建局"],
    ]
    steps = run(session, *rows, header=header)
    assert outcomes(steps) == ["new", "new"]
    assert warnings(steps) == [
        "第2行“类型”：“提案”一般不在人大会议里（人大会议是建议、议案），请确认会议没有选错。"
    ]
    assert warnings(run(session, *rows, header=header)) == []


def test_main_unit_and_partner_may_change_places(session: ActorSession) -> None:
    run(session, ITEM)
    (step,) = run(session, changed(主办单位="区财政局", 协办单位="区住建局、区民政局"))
    assert step.outcome == "updated"
    assert tasks(session) == {"区财政局": "主办", "区住建局": "协办", "区民政局": "协办"}


def test_lead_and_joint_sponsor_may_change_places(session: ActorSession) -> None:
    run(session, ITEM)
    run(session, changed(领衔代表="韦子豪", 联名代表="雷立新"))
    assert signed(session) == [("韦子豪", "领衔"), ("雷立新", "联名")]


def test_under_a_new_lead_the_joint_signatures_that_stay_are_told(session: ActorSession) -> None:
    run(session, ITEM)
    header = ["编号", "标题", "领衔代表", "主办单位"]
    (step,) = run(session, ["001", ITEM[1], "唐建平", "区住建局"], header=header)
    assert step.outcome == "updated"
    assert warnings([step]) == [
        "第2行“联名人”：提出人换了而文件没有写联名人，原来的联名人（韦子豪）保留；要改请在系统里改。"
    ]
    assert signed(session) == [("唐建平", "领衔"), ("韦子豪", "联名")]
    (named,) = run(session, changed(领衔代表="雷立新", 联名代表="唐建平"))
    assert warnings([named]) == []


def test_a_blank_cell_never_clears_what_is_stored(session: ActorSession) -> None:
    run(session, changed(备注="重点跟踪"))
    (step,) = run(session, changed(备注="", 办理时限="", 联名代表="", 领衔代表=""))
    assert step.outcome == "unchanged"
    assert (item(session).note, item(session).due_on) == ("重点跟踪", date(2024, 6, 5))
    assert len(signed(session)) == 2


def test_a_file_without_a_partner_column_leaves_the_partners_alone(session: ActorSession) -> None:
    run(session, ITEM)
    (step,) = run(session, ["001", ITEM[1], "区住建局"], header=["编号", "标题", "主办单位"])
    assert step.outcome == "unchanged"
    assert len(tasks(session)) == 3


def test_a_changed_due_date_moves_the_deadline(session: ActorSession) -> None:
    run(session, ITEM)
    (step,) = run(session, changed(办理时限="2024年6月20日"))
    assert step.changes == {"due_on": ["2024-06-05", "2024-06-20"]}
    reply = session.scalars(select(models.Deadline).filter_by(milestone="答复")).one()
    assert reply.due_on == date(2024, 6, 20)


def test_a_due_date_before_the_hand_over_is_invalid(session: ActorSession) -> None:
    steps = run(session, changed(办理时限="2024年4月1日"))
    assert outcomes(steps) == ["invalid"]
    assert sentences(steps) == ["第2行“办理时限”：“2024-04-01”早于交办日期2024-04-10，请检查。"]


def test_a_unit_that_has_begun_is_not_taken_away_by_a_plan(session: ActorSession) -> None:
    run(session, ITEM)
    task = next(t for t in item(session).assignments if t.unit.short_name == "区民政局")
    task.signed_on = date(2024, 4, 11)
    session.flush()
    steps = run(session, changed(协办单位="区财政局"))
    assert outcomes(steps) == ["invalid"]
    assert sentences(steps) == [
        "第2行“协办单位”：“鱼峰区民政局”承办本件，已有签收日期，方案里却没有它，请在系统里改派。"
    ]
    assert len(tasks(session)) == 3


def test_a_unit_with_a_reply_does_not_change_its_role_by_a_plan(session: ActorSession) -> None:
    run(session, ITEM)
    lead = next(t for t in item(session).assignments if t.role == "主办")
    a_reply(session, lead, date(2024, 5, 30))
    steps = run(session, changed(主办单位="区财政局", 协办单位="区住建局、区民政局"))
    assert outcomes(steps) == ["invalid"]
    assert "按主办承办本件，已有答复，不能由方案改为协办" in sentences(steps)[0]


def test_a_unit_whose_task_has_ended_does_not_get_it_back_by_the_old_file(
    session: ActorSession,
) -> None:
    run(session, changed(协办单位=""))
    lead = item(session).assignments[0]
    request = models.ReturnRequest(
        assignment_id=lead.id,
        asked_on=date(2024, 4, 12),
        reason="不属职责",
        decision="同意",
        decided_on=date(2024, 4, 13),
    )
    session.add(request)
    for state in ("已退办", "已撤办"):
        lead.state = state
        session.flush()
        steps = run(session, changed(协办单位=""))
        assert outcomes(steps) == ["invalid"]
        assert sentences(steps) == [
            f"第2行“主办单位”：“鱼峰区住房和城乡建设局”的任务{state}，请按现在的分工修改方案。"
        ]


def test_a_deputy_on_the_roll_is_found_and_a_new_one_is_entered_once(session: ActorSession) -> None:
    known = models.Deputy(
        name="雷立新", body="人大", level="市级", term=15, delegation="鱼峰代表团"
    )
    elsewhere = models.Deputy(name="韦子豪", body="人大", level="市级", term=14)
    session.add_all([known, elsewhere])
    session.flush()
    run(session, ITEM, changed("002"))
    assert {
        s.deputy_id for s in session.scalars(select(models.Sponsor).filter_by(role="领衔"))
    } == {known.id}
    new = session.scalars(select(models.Deputy).filter_by(name="韦子豪", term=15)).one()
    assert (new.level, new.body, new.kind) == ("市级", "人大", "个人")


def test_a_delegation_beside_a_joint_name_tells_apart_and_comes_with_a_new_deputy(
    session: ActorSession,
) -> None:
    for note, delegation in (("男", "鱼峰代表团"), ("女", "城中代表团")):
        session.add(
            models.Deputy(
                name="覃大河", body="人大", level="市级", term=15, note=note, delegation=delegation
            )
        )
    session.flush()
    steps = run(
        session, changed(领衔代表="雷立新", 联名代表="覃大河（城中代表团）、罗一帆（鱼峰团，女）")
    )
    assert outcomes(steps) == ["new"]
    signed = session.scalars(
        select(models.Deputy).join(models.Sponsor).order_by(models.Sponsor.position)
    ).all()
    assert [(d.name, d.delegation, d.note) for d in signed[1:]] == [
        ("覃大河", "城中代表团", "女"),
        ("罗一帆", "鱼峰团", ""),
    ]
    (warning,) = steps[0].warnings
    assert (warning.kind, warning.column, warning.value) == ("beside", "joint", "女")


def test_two_deputies_of_one_name_are_told_apart_by_their_delegation(session: ActorSession) -> None:
    for note, delegation in (("男", "鱼峰代表团"), ("女", "城中代表团")):
        session.add(
            models.Deputy(
                name="雷立新", body="人大", level="市级", term=15, note=note, delegation=delegation
            )
        )
    session.flush()
    steps = run(session, ITEM)
    assert outcomes(steps) == ["invalid"]
    assert "在本届有2位同名的" in sentences(steps)[0]
    header = [*HEADER, "代表团"]
    assert outcomes(run(session, [*ITEM, "城中代表团"], header=header)) == ["new"]
    assert item(session).sponsors[0].deputy.note == "女"


def test_a_collective_signs_as_one(session: ActorSession) -> None:
    run(session, changed(领衔代表="鱼峰代表团", 联名代表=""))
    assert item(session).sponsors[0].deputy.kind == "团体"


def test_the_category_is_found_or_entered(session: ActorSession) -> None:
    header = ["编号", "标题", "内容类别", "主办单位"]
    steps = run(
        session,
        ["001", ITEM[1], "城建城管", "区住建局"],
        ["002", ITEM[1], "夜间经济", "区住建局"],
        header=header,
    )
    assert outcomes(steps) == ["new", "new"]
    assert item(session, "001").content_category.name == "城建城管"
    assert item(session, "002").content_category.name == "夜间经济"
    assert count(session, models.ContentCategory) == 7


def test_key_items_are_marked_by_their_words(session: ActorSession) -> None:
    header = ["编号", "标题", "是否重点", "主办单位"]
    words = ["是", "否", "区领导督办", "市人大重点督办", ""]
    run(
        session,
        *(["00" + str(i), ITEM[1], word, "区住建局"] for i, word in enumerate(words)),
        header=header,
    )
    stored = [item(session, "00" + str(i)).key_kind for i in range(5)]
    assert stored == ["重点建议", None, "领导督办", "人大重点督办", None]


def test_a_text_too_long_for_its_field_is_invalid_and_never_cut(session: ActorSession) -> None:
    steps = run(session, changed(备注="注" * 301))
    assert outcomes(steps) == ["invalid"]
    assert "有301个字，最多300个字" in sentences(steps)[0]


def test_a_character_that_no_paper_holds_makes_its_row_invalid(session: ActorSession) -> None:
    steps = run(session, changed(标题="关于\x01路灯的建议"), changed("006", 备注="甲\0乙"))
    assert outcomes(steps) == ["invalid", "invalid"]
    assert "“关于□路灯的建议”含有不能保存的字符，请重新输入。" in sentences(steps)[0]


def test_a_row_that_the_database_refuses_fails_alone(session: ActorSession) -> None:
    session.connection().exec_driver_sql("CREATE UNIQUE INDEX one_title ON proposals (title)")
    rows = [changed(f"{n:03}", 标题=f"关于第{n % 6}个小区的建议") for n in range(7)]
    steps = run(session, *rows)
    assert outcomes(steps) == ["new"] * 6 + ["failed"]
    assert sentences(steps) == ["第8行“标题”：没有写入，程序出错，请把这一行告诉系统管理员。"]
    assert count(session, models.Proposal) == 6
    assert count(session, models.Assignment) == 18


def test_a_fault_that_no_row_is_to_blame_for_ends_the_import_at_once(session: ActorSession) -> None:
    session.connection().exec_driver_sql("ALTER TABLE proposals RENAME COLUMN upper_unit TO above")
    with pytest.raises(DatabaseError, match="upper_unit"):
        run(session, ITEM, changed("002"))


def test_two_spellings_of_one_number_do_not_both_change_the_stored_item(
    session: ActorSession,
) -> None:
    run(session, changed("005", 协办单位=""))
    steps = run(session, changed("005"), changed("5"))
    assert outcomes(steps) == ["updated", "invalid"]
    assert sentences(steps) == ["第3行“编号”：“5”与第2行的“005”是同一件，请删去一行。"]
    assert tasks(session, "005") == {"区住建局": "主办", "区财政局": "协办", "区民政局": "协办"}


def test_a_unit_that_was_removed_while_the_file_was_read_is_the_rows_own_fault(
    session: ActorSession,
) -> None:
    meeting = lookups.find_meeting(session, "柳州市第十五届人大第五次会议")
    assert meeting
    rows = [HEADER, ITEM, changed("002", 协办单位="")]
    plan = plan_of([Grid(None, rows)], meeting.facts, lookups.load_unit_book(session), {})
    gone = session.scalars(select(models.Unit).filter_by(short_name="区民政局")).one()
    session.delete(gone)
    session.flush()
    steps = import_plan(session, meeting, plan, session.now().date())
    assert outcomes(steps) == ["invalid", "new"]
    assert sentences(steps) == ["第2行“协办单位”：“鱼峰区民政局”已经不在单位名册中，请重新核对。"]


def test_every_written_row_is_in_the_change_log_under_its_import(
    session: ActorSession, now: datetime
) -> None:
    record = models.Import(file_name="方案.xlsx", stored_name="", sha256="", uploaded_at=now)
    session.add(record)
    session.flush()
    session.info["import_id"] = record.id
    run(session, ITEM)
    log = models.ChangeLog
    rows = session.execute(
        select(log.table_name, func.count())
        .where(log.import_id == record.id)
        .group_by(log.table_name)
    )
    assert dict(rows.all()) == {"proposals": 1, "assignments": 3, "deputies": 2, "sponsors": 2}
    entry = session.scalars(select(log).filter_by(table_name="proposals")).one()
    assert (entry.row_name, entry.changes["title"]) == (
        "建议001号 关于推进老旧小区改造的建议",
        [None, ITEM[1]],
    )


def test_an_item_of_a_meeting_without_a_hand_over_date_is_handed_over_today(
    session: ActorSession,
) -> None:
    meeting = session.scalars(select(models.Meeting).filter_by(body="人大")).one()
    meeting.handed_over_on = None
    session.flush()
    run(session, ITEM)
    assert item(session).handed_over_on == date(2024, 4, 10)
    assert count(session, models.Deadline) > 0


def test_a_number_that_lost_its_zeros_still_means_the_same_item(session: ActorSession) -> None:
    run(session, changed("005"))
    assert outcomes(run(session, changed("5"))) == ["unchanged"]
    assert outcomes(run(session, changed("5", 标题="关于另一件事的建议"))) == ["new"]


def test_the_offices_own_report_of_the_plan_comes_back_unchanged(
    session: ActorSession, tmp_path: Path
) -> None:
    meeting = lookups.find_meeting(session, "柳州市第十五届人大第五次会议")
    assert meeting
    book = lookups.load_unit_book(session)
    for name in ("01-suggestions.xlsx", "10-two-sheets.xlsx"):
        import_plan(
            session, meeting, read_plan(SAMPLES / name, meeting.facts, book), date(2024, 4, 10)
        )
    with (tmp_path / "report.xlsx").open("wb") as file:
        write_workbook(file, plan_sheet(session, session.get(models.Meeting, meeting.id)))
    plan = read_plan(tmp_path / "report.xlsx", meeting.facts, book)
    assert outcomes(import_plan(session, meeting, plan, date(2024, 4, 11))) == ["unchanged"] * 30


def at_the_same_time(
    engine: Engine, now: datetime, *rows: list[Any]
) -> tuple[Thread, list[PlanStep]]:
    """An import that is on its way in a thread of its own, and the steps that it will have made."""
    steps: list[PlanStep] = []

    def run_it() -> None:
        with system_session(engine, "导入分工方案", lambda: now) as program:
            steps.extend(run(program, *rows))
            program.commit()

    thread = Thread(target=run_it)
    thread.start()
    return thread, steps


def test_a_task_that_is_just_being_signed_is_waited_for_and_not_dropped(
    session: ActorSession, engine: Engine, now: datetime
) -> None:
    run(session, ITEM)
    session.commit()
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        task = next(t for t in item(desk).assignments if t.unit.short_name == "区民政局")
        task.signed_on = now.date()
        desk.flush()
        importing, steps = at_the_same_time(engine, now, changed(协办单位="区财政局"))
        importing.join(timeout=1)
        assert importing.is_alive()
        desk.commit()
    importing.join(timeout=20)
    assert outcomes(steps) == ["invalid"] and "已有签收日期" in sentences(steps)[0]
    assert tasks(session) == {"区住建局": "主办", "区财政局": "协办", "区民政局": "协办"}


def test_a_task_that_just_gets_a_ledger_entry_keeps_its_role(
    session: ActorSession, engine: Engine, now: datetime
) -> None:
    run(session, ITEM)
    session.commit()
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        lead = next(t for t in item(desk).assignments if t.role == "主办")
        entry = {"stage": "办前", "activity": "调查研究", "summary": "实地走访"}
        desk.add(models.LedgerEntry(assignment_id=lead.id, happened_on=now.date(), **entry))
        desk.flush()
        swapped = changed(主办单位="区财政局", 协办单位="区住建局")
        importing, steps = at_the_same_time(engine, now, swapped)
        importing.join(timeout=1)
        assert importing.is_alive()
        desk.commit()
    importing.join(timeout=20)
    assert outcomes(steps) == ["invalid"] and "已有办理台账" in "".join(sentences(steps))
    assert tasks(session) == {"区住建局": "主办", "区财政局": "协办", "区民政局": "协办"}


def test_an_item_that_is_just_being_edited_is_compared_as_it_is_then(
    session: ActorSession, engine: Engine, now: datetime
) -> None:
    run(session, ITEM)
    session.commit()
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        item(desk).note = "办公室刚写的"
        desk.flush()
        importing, steps = at_the_same_time(engine, now, changed(备注="方案里的"))
        importing.join(timeout=1)
        assert importing.is_alive()
        desk.commit()
    importing.join(timeout=20)
    assert [step.changes for step in steps] == [{"note": ["办公室刚写的", "方案里的"]}]
