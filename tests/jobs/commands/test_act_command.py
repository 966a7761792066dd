"""The command act: what it did or why not, by its exit status, its JSON and its sentences, and nothing by halves."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from admin.frame.db import db
from domain import models
from domain.time.clock import shanghai_now
from jobs.commands.act import act_command
from tests.ground.acting import HOUSING, SCHOOL, a_draft, item, state, task, unit
from tests.ground.contention import somebody_else_writes
from tests.ground.district import Panel


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, panel: Panel, tmp_path: Path) -> None:
    with panel.app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


def act(*arguments: object) -> Result:
    return CliRunner().invoke(act_command, [str(word) for word in arguments])


def refused(result: Result, status: int, *said: str) -> None:
    """It ended with this status and these words on standard error, and printed nothing else."""
    assert result.exit_code == status, result.output
    assert all(words in result.stderr for words in said), result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def acts_logged(panel: Panel, table: str) -> list[tuple[str, str]]:
    """By whom which acts were done on rows of a table, as the change log has them."""
    with panel.truth() as session:
        log = models.ChangeLog
        query = session.query(log.actor_name, log.act).filter_by(table_name=table).order_by(log.id)
        return [(name, act) for name, act in query if act]


def test_what_was_done_is_told_and_logged_under_its_person(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    done = act("sign", "assignments", mine, "--as", "school")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("已签收：鱼峰区教育局主办 建议001号")
    assert state(panel, "Assignment", mine) == "办理中"
    school = panel.id_of("User", username="school")
    assert panel.count("Assignment", signed_by_id=school, signed_on=shanghai_now().date()) == 1
    assert acts_logged(panel, "assignments")[0] == ("承办单位联络员·school", "签收")


def test_it_answers_in_json_and_by_labels_as_well(panel: Panel) -> None:
    mine = [task(panel, HOUSING, role) for role in ("主办", "协办")]
    done = act("签收", "承办任务", *mine, "--as", "housing", "--json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["act"], told["table"], told["refused"], told["error"]) == (
        "sign",
        "assignments",
        [],
        "",
    )
    assert len(told["done"]) == 2
    assert panel.count("Assignment", state="办理中") == 2


def test_refused_on_one_row_it_is_done_on_none(panel: Panel) -> None:
    first, second = (task(panel, HOUSING, role) for role in ("主办", "协办"))
    assert act("sign", "assignments", first, "--as", "housing").exit_code == 0
    result = act("sign", "assignments", first, second, "--as", "housing")
    refused(result, 1, "已于", "签收，现在已经签收")
    assert state(panel, "Assignment", second, "signed_on") is None
    told = json.loads(act("sign", "assignments", first, second, "--as", "housing", "--json").stdout)
    assert told["done"] == []
    assert [row["row"] for row in told["refused"]] == [
        "鱼峰区住房和城乡建设局主办 建议002号 关于老旧小区加装电梯的建议"
    ]


def test_what_is_missing_is_said_and_nothing_written(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), body="", answer_category_id=None)
    result = act("send", "replies", reply, "--as", "school")
    refused(result, 1, "还没有内容", "还没有标注答复类别", f"协办意见还没有收齐：{HOUSING}")
    assert state(panel, "Reply", reply) == "拟稿"
    asked = act("ask_return", "assignments", task(panel, SCHOOL, "主办"), "--as", "school")
    refused(asked, 1, "请填写理由。", "请填写建议改由。")
    assert panel.count("ReturnRequest") == 0


def test_what_a_save_refuses_is_one_sentence_and_nothing_written(panel: Panel) -> None:
    mine, ahead = task(panel, SCHOOL, "主办"), shanghai_now().date() + timedelta(days=1)
    result = act("sign", "assignments", mine, f"signed_on={ahead}")
    refused(result, 1, "“签收日期”", "还没有到，请填写已经发生的日期。")
    result = act("sign", "assignments", mine, "signed_on=2024-04-09")
    refused(result, 1, "“签收日期”：2024-04-09 不能早于交办日期 2024-04-10。")
    given = (f"unit_id={unit(panel, HOUSING)}", "role=协办", "handed_over_on=2024-04-15")
    result = act("add_unit", "proposals", item(panel, "001"), *given)
    refused(result, 1, "这个单位已经承办本件。")
    assert panel.count("Assignment") == 3
    assert panel.count("Assignment", signed_on=None) == 3
    assert acts_logged(panel, "assignments") == []


def test_a_busy_database_is_told_as_such(panel: Panel) -> None:
    with panel.app.app_context():
        url = db.engine.url
    with somebody_else_writes(url, "assignments"):
        result = act("sign", "assignments", task(panel, SCHOOL, "主办"), "--as", "school")
    refused(result, 1, "数据库正在处理别的写入，这次没有写入，请过一会儿再试。")
    assert panel.count("Assignment", signed_on=None) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sign", "nowhere", 1), "没有“nowhere”这个表。"),
        (("fly", "assignments", 1), "“承办任务”没有“fly”这项操作；有的是：reassign（改派）"),
        (("sign", "units", 1), "“承办单位”没有“sign”这项操作；有的是：没有。"),
        (("sign", "assignments", "one"), "“one”不是记录编号。"),
        (("sign", "assignments", "-1"), ""),
        (("sign", "assignments", 10**20), "不是记录编号。"),
        (("sign", "assignments", "signed_on=2024-04-11"), "请写明记录编号。"),
        (("sign", "assignments", 1, "leader=韦"), "“签收”不问“leader”；它问的是：signed_on。"),
        (("sign", "assignments", 1, "signed_on=昨天"), "签收日期“昨天”"),
        (("hand_over", "proposals", 3, "unit_id=气象局"), "单位“气象局”在“承办单位”里没有"),
        (("hand_over", "proposals", 3, "unit_id=999"), "没有编号为 999 的“承办单位”。"),
        (("hand_over", "proposals", 3, "unit_id=1", "role=帮办"), "承办方式“帮办”不在可选范围内"),
        (("sign", "assignments", 1, "--as", "nobody"), "没有登录名为“nobody”的在用用户。"),
        (("sign", "assignments"), ""),
    ],
)
def test_what_is_not_understood_ends_with_two(
    panel: Panel, arguments: tuple[object, ...], said: str
) -> None:
    result = act(*arguments)
    refused(result, 2, said)
    assert panel.count("Assignment", signed_on=None) == 3


def test_a_liaison_is_scoped_and_an_act_that_is_not_his_is_refused(panel: Panel) -> None:
    foreign, partner = task(panel, HOUSING, "主办"), task(panel, HOUSING, "协办")
    for key in (foreign, 999):
        result = act("sign", "assignments", key, "--as", "school")
        refused(result, 1, f"没有编号为 {key} 的“承办任务”。")
    result = act("sign", "assignments", task(panel, SCHOOL, "主办"), foreign, "--as", "school")
    refused(result, 1, f"没有编号为 {foreign} 的“承办任务”。")
    refused(act("sign", "assignments", partner, "--as", "school"), 1, "不能签收")
    given = ("end_reason=分工调整", f"unit_id={unit(panel, SCHOOL)}")
    result = act("reassign", "assignments", task(panel, SCHOOL, "主办"), *given, "--as", "school")
    refused(result, 1, "您的角色不能改派。")
    assert panel.count("Assignment", signed_on=None, state="待签收") == 3


@pytest.mark.parametrize("written", ["id", "鱼峰区教育局", "教育局", "鱼峰区 教育局"])
def test_a_reference_is_given_by_id_or_by_name(panel: Panel, written: str) -> None:
    school = unit(panel, SCHOOL)
    given = f"unit_id={school if written == 'id' else written}"
    third = item(panel, "003")
    done = act("hand_over", "proposals", third, given, "role=主办", "handed_over_on=2024-04-15")
    assert done.exit_code == 0, done.output
    made = {"proposal_id": third, "unit_id": school, "role": "主办"}
    assert panel.count("Assignment", **made, handed_over_on=date(2024, 4, 15)) == 1
    assert ("命令", "交办（补录）") in acts_logged(panel, "assignments")


def test_a_day_gone_by_is_logged_as_entered_afterwards(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    assert act("sign", "assignments", mine, "signed_on=2024-04-11").exit_code == 0
    assert state(panel, "Assignment", mine, "signed_on") == date(2024, 4, 11)
    assert set(acts_logged(panel, "assignments")) == {("命令", "签收（补录）")}
    reply = a_draft(panel, mine)
    given: Any = ("submitted_on=2024-04-12", "partner_note=不等")
    assert act("send", "replies", reply, *given).exit_code == 0
    assert state(panel, "Reply", reply) == "督查审核"
    assert set(acts_logged(panel, "replies")) == {("命令", "送审（补录）")}


def test_several_of_what_a_row_offers_are_given_by_commas_and_all_where_nobody_says(
    panel: Panel,
) -> None:
    known = {"state": "已答复", "issued_on": date(2024, 4, 12)}
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), **known)
    names, key = ("黄敏", "梁杰", "吴梅"), item(panel, "001")
    with panel.truth() as session:
        people = [models.Deputy(name=name, body="人大") for name in names]
        session.add_all(people)
        session.flush()
        session.add_all(
            models.Sponsor(proposal_id=key, deputy_id=person.id, role="联名") for person in people
        )
        first, second, _ = (person.id for person in people)
        session.commit()
    stranger = panel.id_of("Deputy", name="韦强")
    result = act("deliver", "replies", reply, f"deputy_id={first},{stranger}")
    refused(result, 1, "寄送对象只能从还可以选的里面选：覃丽（领衔）、黄敏（联名）")
    assert act("deliver", "replies", reply, f"deputy_id={first},{second}").exit_code == 0
    assert panel.count("Delivery", reply_id=reply, mode="当面", has_form=True) == 2
    assert act("deliver", "replies", reply, "mode=邮寄", "--as", "school").exit_code == 0
    assert panel.count("Delivery", reply_id=reply, mode="邮寄") == 2  # 覃丽 and 吴梅
    refused(act("deliver", "replies", reply), 1, "应当寄送的都寄送了")
