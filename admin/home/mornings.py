"""What each role looks at in the morning: the lists whose numbers stand on its front page.

Only which lists and what is asked of them; counting and drawing is home.py's. {today}, {yesterday}, {soon} and
{unit} stand for the day and the person's unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain import actors
from domain.dues.deadlines import WINDOWS
from domain.schema.states import ImportState, ItemState, ReplyState, RunState, TaskState


@dataclass(frozen=True)
class Question:
    """A list that a role looks at in the morning: its table, what is asked of it, and how urgent an answer is."""

    label: str
    table: str
    asked: Mapping[str, str | tuple[str, ...]]
    tone: str = ""


@dataclass(frozen=True)
class Look:
    """The first rows of a list, in an order and with columns of their own."""

    question: Question
    sort: str
    columns: tuple[str, ...]
    opens_itself: bool = True


# Something is owed until it is done; a window that closes, as 申请退办, is not owed.
_OPEN: dict[str, str | tuple[str, ...]] = {
    "done_on.empty": "1",
    "milestone.not": tuple(sorted(WINDOWS)),
}
OVERDUE = Question("已逾期", "deadlines", _OPEN | {"due_on.to": "{yesterday}"}, "red")
NEAR = Question(
    "7天内到期", "deadlines", _OPEN | {"due_on.from": "{today}", "due_on.to": "{soon}"}, "amber"
)
_OWN_UNIT = {"assignment.unit_id": "{unit}"}
OWN_OVERDUE = replace(OVERDUE, asked={**OVERDUE.asked, **_OWN_UNIT})
OWN_NEAR = replace(NEAR, asked={**NEAR.asked, **_OWN_UNIT})
UNSIGNED = Question(
    "待签收", "assignments", {"state": TaskState.UNSIGNED, "unit_id": "{unit}"}, "amber"
)
_MINE = Question("我提出的件", "proposals", {})
_UNRATED = Question("等您反馈的答复", "replies", {"feedbacks.empty": "1"}, "amber")
RETURNED = Question("被退回的答复", "replies", {"state": ReplyState.SENT_BACK}, "red")

QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    actors.OFFICE: (
        Question("单位待签收", "assignments", {"state": TaskState.UNSIGNED}),
        NEAR,
        OVERDUE,
        Question("不满意重办", "proposals", {"state": ItemState.REDONE}, "red"),
        Question("待确认的导入", "imports", {"state": ImportState.WAITING}),
    ),
    actors.LIAISON: (
        Question("办理中", "assignments", {"state": TaskState.WORKING, "unit_id": "{unit}"}),
        OWN_NEAR,
        OWN_OVERDUE,
        RETURNED,
    ),
    actors.LEADER: (
        UNSIGNED,
        OWN_NEAR,
        OWN_OVERDUE,
    ),
    actors.SUPERVISOR: (
        Question("我督办的件", "proposals", {}),
        NEAR,
        OVERDUE,
    ),
    actors.AGENCY: (
        Question("本机构的件", "proposals", {}),
        Question("办理中", "proposals", {"state": ItemState.HANDLING}),
        Question("待评价", "proposals", {"state": ItemState.ANSWERED}),
        Question("重办", "proposals", {"state": ItemState.REDONE}, "red"),
        OVERDUE,
    ),
    actors.DEPUTY: (
        _UNRATED,
        _MINE,
        Question("收到的答复", "replies", {}),
        Question("我的反馈", "feedbacks", {}),
    ),
    actors.ADMIN: (
        Question("启用的用户", "users", {"is_active": "1"}),
        Question("已锁定的用户", "users", {"locked_until.from": "{today}"}, "amber"),
        Question("失败的后台任务", "job_runs", {"state": RunState.FAILED}, "red"),
        Question("今天登录失败", "logins", {"event": "失败", "happened_at.from": "{today}"}),
    ),
    actors.AUDITOR: (
        Question("今天的变更", "change_log", {"happened_at.from": "{today}"}),
        Question("今天的导出", "export_log", {"happened_at.from": "{today}"}),
        Question("今天的登录", "logins", {"event": "登录", "happened_at.from": "{today}"}),
        Question(
            "今天登录失败", "logins", {"event": "失败", "happened_at.from": "{today}"}, "amber"
        ),
    ),
}

_DUE = ("assignment_id", "milestone", "due_on")
_OVERDUE_FIRST = Look(OVERDUE, "due_on", _DUE, opens_itself=False)
_NEAR_FIRST = Look(NEAR, "due_on", _DUE, opens_itself=False)
_OWN_FIRST = (
    replace(_OVERDUE_FIRST, question=OWN_OVERDUE),
    replace(_NEAR_FIRST, question=OWN_NEAR),
)

LOOKS: Mapping[str, tuple[Look, ...]] = {
    actors.OFFICE: (_OVERDUE_FIRST, _NEAR_FIRST),
    actors.LIAISON: _OWN_FIRST,
    actors.LEADER: _OWN_FIRST,
    actors.SUPERVISOR: (_OVERDUE_FIRST, _NEAR_FIRST),
    actors.AGENCY: (_OVERDUE_FIRST, _NEAR_FIRST),
    actors.DEPUTY: (
        Look(_UNRATED, "-issued_on", ("proposal_id", "kind", "issued_on")),
        Look(_MINE, "-number", ("number", "title", "state")),
    ),
}
