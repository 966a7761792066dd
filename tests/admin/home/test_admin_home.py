"""The front page: every number opens the list that it counts, and each role finds its own morning."""

import re
from datetime import date, datetime

import pytest

from admin.home.nightly_note import nightly_note
from domain import models
from tests.ground.district import MORNING, PEOPLE, Panel


def tiles(page: str) -> dict[str, tuple[int, str]]:
    """Label -> the number and where it leads."""
    found = re.findall(
        r'<a class="tile[^"]*" href="([^"]*)"><span>([^<]*)</span><b>(\d+)</b>', page
    )
    return {label: (int(count), url) for url, label, count in found}


@pytest.fixture
def busy(panel: Panel) -> Panel:
    """教育局 owes an answer since Friday and another by Thursday; 住建局 owes one since March."""
    with panel.truth() as session:
        ids = {unit.short_name: unit.id for unit in session.query(models.Unit)}
        tasks = {(t.unit_id, t.role): t.id for t in session.query(models.Assignment)}
        due = [
            (tasks[ids["教育局"], "主办"], "答复", date(2024, 4, 12)),
            (tasks[ids["教育局"], "主办"], "办理方案", date(2024, 4, 18)),
            (tasks[ids["教育局"], "主办"], "申请退办", date(2024, 4, 11)),
            (tasks[ids["住房和城乡建设局"], "主办"], "答复", date(2024, 3, 1)),
            (tasks[ids["住房和城乡建设局"], "协办"], "协办意见", date(2024, 4, 12)),
        ]
        session.add_all(
            models.Deadline(assignment_id=task, milestone=milestone, due_on=on)
            for task, milestone, on in due
        )
        session.commit()
    return panel


def test_a_liaisons_morning(busy: Panel) -> None:
    page = busy.as_("school").get("/")
    found = tiles(page)
    assert found["待签收"][0] == 1
    assert found["已逾期"][0] == 1  # not the partner's, not the closed window of 申请退办
    assert found["7天内到期"][0] == 1
    assert "2024年04月15日 星期一" in page
    assert "鱼峰区教育局主办 建议001号" in page


def test_an_administrators_morning_is_not_called_calm_beside_a_locked_user(panel: Panel) -> None:
    admin = panel.as_("admin")
    assert "今天没有急办的事" in admin.get("/")
    with panel.truth() as session:
        key = panel.id_of("User", username="housing")
        session.get_one(models.User, key).locked_until = datetime(2024, 4, 15, 9, 10)
        session.commit()
    page = admin.get("/")
    assert tiles(page)["已锁定的用户"][0] == 1
    assert "今天没有急办的事" not in page and "有颜色的数字" in page


def test_the_office_sees_what_waits_everywhere(busy: Panel) -> None:
    found = tiles(busy.as_("office").get("/"))
    assert {label: count for label, (count, _) in found.items() if count} == {
        "待交办": 1,
        "单位待签收": 3,
        "7天内到期": 1,
        "已逾期": 3,
    }


@pytest.mark.parametrize("name", PEOPLE)
def test_every_number_opens_the_list_that_it_counts(busy: Panel, name: str) -> None:
    person = busy.as_(name)
    found = tiles(person.get("/"))
    assert found
    for label, (count, url) in found.items():
        assert f"共 {count} 条" in person.get(url), label


def test_it_says_whether_the_nightly_check_ran(panel: Panel) -> None:
    office = panel.as_("office")
    assert "时限检查还没有运行过" in office.get("/")
    with panel.truth() as session:
        run = models.JobRun(
            kind="每日检查", period_key="2024-04-14", state="完成", queued_at=MORNING
        )
        session.add(run)
        session.commit()
        assert "今天的时限检查还没有运行，上次是 2024-04-14" in office.get("/")
        run.period_key, run.finished_at = "2024-04-15", MORNING
        session.commit()
        assert "今天 09:00 已检查时限。" in office.get("/")
        run.state = "失败"
        session.commit()
        assert "2024-04-15 的时限检查失败了" in office.get("/")


@pytest.mark.parametrize(
    ("day", "state", "queued", "now", "sentence"),
    [
        ("15", "进行", "15 00:30", "15 00:35", "今天的时限检查正在进行。"),
        ("15", "等待", "15 00:30", "15 00:41", "!今天的时限检查从 2024-04-15 00:30 起一直没有做完"),
        ("15", "进行", "15 00:30", "15 09:00", "!今天的时限检查从 2024-04-15 00:30 起一直没有做完"),
        ("13", "等待", "13 00:30", "15 09:00", "!2024-04-13 的时限检查从 2024-04-13 00:30 起"),
        ("13", "进行", "15 08:59", "15 09:00", "!2024-04-13 的时限检查从 2024-04-15 08:59 起"),
        ("14", "完成", "14 00:30", "15 00:10", "上次时限检查：2024-04-14。"),
        ("13", "完成", "13 00:30", "15 00:10", "!昨天的时限检查没有运行，上次是 2024-04-13"),
        ("14", "等待", "14 00:30", "15 00:10", "!2024-04-14 的时限检查从 2024-04-14 00:30 起"),
    ],
)
def test_a_check_that_never_ends_or_was_missed_is_warned_of(
    panel: Panel, day: str, state: str, queued: str, now: str, sentence: str
) -> None:
    with panel.truth() as session:
        times = {"queued_at": at(queued), "finished_at": at(queued) if state == "完成" else None}
        session.add(
            models.JobRun(kind="每日检查", period_key=f"2024-04-{day}", state=state, **times)
        )
        session.commit()
    with panel.app.test_request_context():
        note = nightly_note(at(now))
    assert note.sentence.startswith(sentence.removeprefix("!"))
    assert note.is_warning == sentence.startswith("!")


def at(day_and_time: str) -> datetime:
    return datetime.fromisoformat(f"2024-04-{day_and_time}")


@pytest.fixture
def answered(panel: Panel) -> Panel:
    """Two issued replies to the deputy's item, one draft; another deputy has rated one of them."""
    with panel.truth() as session:
        item = session.query(models.Proposal).filter_by(number="001").one()
        lead = session.query(models.Assignment).filter_by(proposal_id=item.id, role="主办").one()
        letter = session.query(models.AnswerCategory).filter_by(letter="A").one()
        member = session.query(models.Deputy).filter_by(name="韦强").one()
        session.add(models.Sponsor(proposal_id=item.id, deputy_id=member.id, role="联名"))
        issued = {
            "assignment_id": lead.id, "state": "已答复", "answer_category_id": letter.id,
            "issued_on": date(2024, 4, 12),
        }  # fmt: skip
        replies = [models.Reply(round=round, **issued) for round in (1, 2)]
        session.add_all([*replies, models.Reply(assignment_id=lead.id, round=3)])
        session.flush()
        session.add(
            models.Feedback(
                reply_id=replies[0].id, deputy_id=member.id, received_on=date(2024, 4, 13),
                work_rating="满意", result_rating="满意",
            )
        )  # fmt: skip
        session.commit()
    return panel


def test_a_deputy_is_led_to_the_replies_that_wait_for_his_feedback(answered: Panel) -> None:
    deputy = answered.as_("deputy")
    count, url = tiles(deputy.get("/"))["待反馈的答复"]
    assert (count, url) == (
        1,
        "/replies/?waits=rate",
    )  # the last round; another's rating is not his
    assert "共 1 条" in deputy.get(url)
    sent = {"work_rating": "满意", "result_rating": "基本满意", "sure": "1"}
    last = answered.id_of("Reply", round=2)
    deputy.post("/replies/act/?act=rate", rowid=last, **sent)
    assert tiles(deputy.get("/"))["待反馈的答复"][0] == 0
    assert "共 1 条" in deputy.get("/replies/?feedbacks.empty=0")


def test_a_list_can_be_asked_what_hangs_on_its_rows(answered: Panel) -> None:
    office = answered.as_("office")
    assert "共 2 条" in office.get("/assignments/?replies.empty=1")
    page = office.get("/assignments/?replies.empty=0")
    assert "有答复" in page
    assert "共 1 条" in page
    assert 'name="replies.empty"' in page  # asked for in the form as well
    office.get("/assignments/?users.empty=1", status=400)
    answered.as_("deputy").get("/replies/?review_steps.empty=1", status=400)  # not his to see


def test_the_page_says_when_it_does_not_list_all_that_waits(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    housing = panel.as_("housing")
    assert "只列出最先到期的" not in housing.get("/")
    monkeypatch.setattr("admin.home.waiting.SHOWN", 1)
    assert "只列出最先到期的 1 件，全部的请点上面的数字。" in housing.get("/")


def test_the_page_says_when_it_has_looked_at_the_oldest_rows_alone(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    housing = panel.as_("housing")
    assert "更晚的可能先到期" not in housing.get("/")
    monkeypatch.setattr("admin.home.waiting.LOOKED_AT", 1)
    assert "这里只看了各表最早的 1 条，更晚的可能先到期" in housing.get("/")
