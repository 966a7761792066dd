"""What each role looks at in the morning: the lists whose numbers stand on its front page.

Only which lists and what is asked of them; counting and drawing is home.py's. {today}, {yesterday}, {soon} and
{idle_since} stand for days, {unit} for the person's unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain import actors
from domain.dues.deadlines import PLAN, WINDOWS
from domain.messages.telling import NOTED
from domain.schema.states import (
    Decision,
    ImportState,
    ItemState,
    MailState,
    ReplyKind,
    ReplyState,
    RunState,
    ScoreStanding,
    TaskRole,
    TaskState,
)

OWED, BACK, AWAITED, DUE, MORE = "等我办理", "退回来的", "等别人办理", "时限", "其他"
PARTS = (OWED, BACK, AWAITED, DUE, MORE)
"""The heads of the front page, in order: what waits for this person, what came back to him, what he waits for from
others, what is due, and the rest."""


@dataclass(frozen=True)
class Question:
    """A list that a role looks at in the morning: its table, what is asked of it, and how urgent an answer is."""

    label: str
    table: str
    asked: Mapping[str, str | tuple[str, ...]]
    tone: str = ""
    part: str = ""
    """Under which head its number stands."""
    gathers: bool = False
    """Whether the rows that a unit sees are gathered first: no index leads to those that are asked for."""


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
OVERDUE = Question("已逾期", "deadlines", _OPEN | {"due_on.to": "{yesterday}"}, "red", DUE)
NEAR = Question(
    "7天内到期",
    "deadlines",
    _OPEN | {"due_on.from": "{today}", "due_on.to": "{soon}"},
    "amber",
    DUE,
)
_OWN_UNIT = {"unit_id": "{unit}"}
_OWN_TASK = {"assignment.unit_id": "{unit}"}
_STEPS = (
    ReplyState.CHECKED,
    ReplyState.LEADER_CHECKED,
    ReplyState.LEADER_SIGNED,
    ReplyState.SUPERVISOR_SIGNED,
    ReplyState.OFFICE_CHECKED,
)
_OTHERS_TURN = {"waits": "none"}
_OVER = (ItemState.WITHDRAWN, ItemState.CLOSED, ItemState.WRITTEN_OFF)
OWN_OVERDUE = replace(OVERDUE, asked={**OVERDUE.asked, **_OWN_UNIT})
OWN_NEAR = replace(NEAR, asked={**NEAR.asked, **_OWN_UNIT})
_MINE = Question("我提出的件", "proposals", {})
_UNRATED = Question("待反馈的答复", "replies", {"waits": "rate"}, "amber", OWED)
_FORMS_OUT = Question("反馈表没有收回", "replies", {"waits": "record_rating"}, part=AWAITED)
_RETURNED = Question("被退回的答复", "replies", {"state": ReplyState.SENT_BACK}, "red", BACK)
_IN_REVIEW = Question("审核中的答复", "replies", {"state": _STEPS, **_OTHERS_TURN}, part=AWAITED)
_UNDELIVERED = Question(
    "没有发出的消息", "mailings", {"state": (MailState.GIVEN_UP, MailState.UNKNOWN)}, "red"
)
_NOTES = Question("没看的批示", "messages", {"waits": "read_message", "kind": NOTED}, "amber", OWED)
_TO_COUNTERSIGN = Question(
    "等协办会签的答复", "replies", {"state": ReplyState.COUNTERSIGNED}, part=AWAITED
)
_REDONE = Question("不满意重办", "proposals", {"state": ItemState.REDONE}, "red", BACK)
_HANDLED = Question("办理中的件", "proposals", {"state": ItemState.HANDLING}, part=AWAITED)


IDLE_SINCE = "{idle_since}"
"""The day up to which a last record lies long back: as many days ago as a setting tells."""
_IDLE = Question(
    "久未动的任务",
    "assignments",
    {
        "state": TaskState.WORKING,
        "last_record_on.to": IDLE_SINCE,
        "proposal.state.not": _OVER,
    },
    "amber",
    DUE,
)
"""Tasks at work on which nothing was recorded for long: since the day that a setting tells (S2)."""


def _own(question: Question) -> Question:
    """The same of the own unit alone."""
    return replace(question, asked={**question.asked, **_OWN_UNIT})


_UNIT_MORNING = (
    _NOTES,
    _own(_RETURNED),
    Question(
        "不满意，在重办的",
        "assignments",
        {
            **_OTHERS_TURN,
            "proposal.state": ItemState.REDONE,
            "state": (TaskState.WORKING, TaskState.REVIEWED),
            "role.not": TaskRole.PARTNER,
            "unit_id": "{unit}",
        },
        "red",
        BACK,
    ),
    Question(
        "退办没有同意",
        "return_requests",
        {
            "decision": Decision.REFUSED,
            "assignment.state": (TaskState.UNSIGNED, TaskState.WORKING),
            **_OWN_UNIT,
        },
        "red",
        BACK,
    ),
    Question(
        "被退回的办理方案", "handling_plans", {"returned_on.empty": "0", **_OWN_TASK}, "red", BACK
    ),
    Question(
        "扣了分的",
        "score_entries",
        {"standing": (ScoreStanding.VALID, ScoreStanding.OBJECTED), "unit_id": "{unit}"},
        "amber",
        BACK,
    ),
    _own(_IN_REVIEW),
    _own(_TO_COUNTERSIGN),
    Question(
        "等审核的退办申请",
        "return_requests",
        {"decision": Decision.PENDING, **_OWN_UNIT},
        part=AWAITED,
    ),
    Question(
        "等审核的延期申请",
        "extension_requests",
        {"decision": Decision.PENDING, **_OWN_TASK},
        part=AWAITED,
    ),
    Question(
        "等协办意见的任务",
        "assignments",
        {
            "role": TaskRole.PARTNER,
            "state": (TaskState.UNSIGNED, TaskState.WORKING, TaskState.REVIEWED),
            "unit_id.not": "{unit}",
        },
        part=AWAITED,
        gathers=True,
    ),
    Question(
        "退给协办单位的意见",
        "replies",
        {
            "kind": ReplyKind.OPINION,
            "state": ReplyState.SENT_BACK,
            "assignment.unit_id.not": "{unit}",
        },
        part=AWAITED,
    ),
    OWN_NEAR,
    OWN_OVERDUE,
    replace(_IDLE, asked={**_IDLE.asked, "unit_id": "{unit}"}),
)
"""What the people of one unit look at."""

TOLD_AS_BACK: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("replies", "send"): {"state.not": ReplyState.SENT_BACK},
    ("handling_plans", "file_plan"): {"returned_on.empty": "1"},
    ("messages", "read_message"): {"kind.not": NOTED},
}
"""By act what its number leaves out: what has come back has a number of its own, and nothing is counted twice."""

QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    actors.OFFICE: (
        _NOTES,
        _REDONE,
        Question(
            "单位待签收",
            "assignments",
            {"state": TaskState.UNSIGNED, "proposal.state.not": _OVER},
            part=AWAITED,
        ),
        Question(
            "等答复的任务",
            "assignments",
            {"state": TaskState.WORKING, "role.not": TaskRole.PARTNER},
            part=AWAITED,
        ),
        Question(
            "等协办意见的任务",
            "assignments",
            {"state": TaskState.WORKING, "role": TaskRole.PARTNER},
            part=AWAITED,
        ),
        _IN_REVIEW,
        _TO_COUNTERSIGN,
        replace(_RETURNED, label="退回单位在改的答复", tone="", part=AWAITED),
        Question("等正式答复的", "replies", {"state": ReplyState.APPROVED}, part=AWAITED),
        _FORMS_OUT,
        NEAR,
        OVERDUE,
        _IDLE,
        Question("待确认的导入", "imports", {"state": ImportState.WAITING}, part=OWED),
    ),
    actors.LIAISON: (
        Question(
            "办理中", "assignments", {"state": TaskState.WORKING, "unit_id": "{unit}"}, part=OWED
        ),
        Question(
            "要报送方案的任务",
            "deadlines",
            {"milestone": PLAN, "done_on.empty": "1", **_OWN_UNIT},
            "amber",
            OWED,
        ),
        *_UNIT_MORNING,
    ),
    actors.LEADER: (
        Question(
            "待签收",
            "assignments",
            {"state": TaskState.UNSIGNED, "unit_id": "{unit}"},
            "amber",
            AWAITED,
        ),
        *_UNIT_MORNING,
    ),
    actors.SUPERVISOR: (
        replace(_RETURNED, tone=""),
        _IN_REVIEW,
        _HANDLED,
        NEAR,
        OVERDUE,
        Question("我督办的件", "proposals", {}),
    ),
    actors.AGENCY: (
        _FORMS_OUT,
        replace(_REDONE, label="重办"),
        _HANDLED,
        OVERDUE,
        Question("已答复的件", "proposals", {"state": ItemState.ANSWERED}),
        Question("本机构的件", "proposals", {}),
    ),
    actors.DEPUTY: (
        Question(
            "等答复的件",
            "proposals",
            {
                "state": (
                    ItemState.REGISTERED,
                    ItemState.HANDED_OVER,
                    ItemState.HANDLING,
                    ItemState.REVIEWED,
                    ItemState.REDONE,
                )
            },
            part=AWAITED,
        ),
        _MINE,
        Question("收到的答复", "replies", {}),
        Question("我的反馈", "feedbacks", {}),
    ),
    actors.ADMIN: (
        Question("启用的用户", "users", {"is_active": "1"}),
        Question("已锁定的用户", "users", {"locked_until.from": "{today}"}, "amber"),
        Question("失败的后台任务", "job_runs", {"state": RunState.FAILED}, "red"),
        _UNDELIVERED,
        Question("今天登录失败", "logins", {"event": "失败", "happened_at.from": "{today}"}),
    ),
    actors.AUDITOR: (
        Question(
            "今天的人工改动",
            "change_log",
            {"holds": "by_people", "happened_at.from": "{today}"},
        ),
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
