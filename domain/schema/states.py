"""The words of states and roles that the code speaks of, each said once; schema.sql's CHECKs have them all.

Names only: what a state follows from is said in domain/lifecycle/workflow.py. A test holds them to their columns.
"""


class ItemState:
    """办理状态 of an item (proposals.state)."""

    REGISTERED, HANDED_OVER, HANDLING, REVIEWED = "登记", "交办", "办理", "审核"
    ANSWERED, RATED, REDONE, CLOSED = "答复", "评价", "重办", "办结"
    WRITTEN_OFF, WITHDRAWN = "销号", "撤回"


class TaskState:
    """任务状态 of a task (assignments.state)."""

    UNSIGNED, RETURNING, RETURNED, TAKEN_BACK = "待签收", "退办中", "已退办", "已撤办"
    WORKING, REVIEWED, ANSWERED, FINISHED = "办理中", "审核中", "已答复", "已完成"


ENDED = (TaskState.RETURNED, TaskState.TAKEN_BACK)
"""The states of a task that another one, or none, has taken the place of: it is nobody's to handle any more."""


class ReplyState:
    """审核状态 of a reply (replies.state)."""

    DRAFT, SENT_BACK, APPROVED, ISSUED = "拟稿", "退回", "通过", "已答复"
    CHECKED, LEADER_CHECKED, LEADER_SIGNED = "复核", "分管审核", "主要审签"
    COUNTERSIGNED, SUPERVISOR_SIGNED, OFFICE_CHECKED = "协办会签", "督办审签", "督查审核"


DRAFTS = (ReplyState.DRAFT, ReplyState.SENT_BACK)
"""A reply that its unit still writes."""


class StepResult:
    """What became of a reply at one step (review_steps.result)."""

    SENT, PASSED, SENT_BACK, CORRECTED, UNDONE = "提交", "通过", "退回", "更正", "撤回"


class Ending:
    """How a task ended without having been done (assignments.ended_how)."""

    RETURNED, REASSIGNED, TAKEN_BACK = "退办", "改派", "撤办"


class TaskRole:
    """承办方式 of a task (assignments.role), and what the area itself is (proposals.area_role)."""

    LEAD, PARTNER, EACH = "主办", "协办", "分办"


class SponsorRole:
    """署名方式 (sponsors.role)."""

    LEADS, SIGNS, SECONDS = "领衔", "联名", "附议"


class ReplyKind:
    """What a reply is (replies.kind): the answer, a partner's opinion for it, or the answer of a year later."""

    ANSWER, OPINION, AGAIN = "答复", "协办意见", "再次答复"


class PromiseState:
    """进展 of a promise (commitments.state)."""

    OPEN, KEPT, WRITTEN_OFF, DROPPED = "推进中", "已兑现", "已销号", "不再推进"


class Publicity:
    """公开属性 of a reply (replies.publicity)."""

    UNDECIDED, FULL, SUMMARY, PRIVATE = "未定", "全文公开", "摘要公开", "不公开"


class Revisit:
    """What a look at an answered item in autumn found (replies.revisit_result)."""

    CONFIRMED, CHANGED = "类别不变", "改变类别"


class Decision:
    """What became of a request to return a task (return_requests.decision)."""

    PENDING, GRANTED, REFUSED, TAKEN_BACK = "待定", "同意", "不同意", "撤回"


class ExtensionDecision(Decision):
    """The same of a request for a later day (extension_requests.decision), which may have become pointless."""

    LAPSED = "失效"


class ScoreStanding:
    """效力 of points (score_entries.standing)."""

    VALID, OBJECTED, UPHELD, CANCELLED = "有效", "申诉中", "维持", "撤销"


class RequestKind:
    """What a unit asks for instead of handling an item alone (return_requests.kind); others mean to give it back."""

    MORE_UNITS = "增办"


class Rating:
    """How satisfied somebody is (feedbacks.result_rating)."""

    SATISFIED, SILENT, FAIRLY, NOT_SATISFIED = "满意", "未表态", "基本满意", "不满意"


class EnteredHow:
    """Who filled in what a deputy says of a reply (feedbacks.entered_how)."""

    HIMSELF, BY_AGENCY, BY_OFFICE, AFTERWARDS = "本人", "机构代录", "督查代录", "补录"


class DueOrigin:
    """Where the day of a deadline comes from (deadlines.origin)."""

    BY_RULE, BY_PLAN, BY_HAND, EXTENDED = "规则", "方案", "手工", "延期"


class Audience:
    """Whom a reminder is for (reminders.audience)."""

    LIAISON, LEADER, OFFICE = "联络员", "单位领导", "交办督查"


class MailState:
    """状态 of something to be sent (mailings.state)."""

    WAITING, SENDING, SENT, GIVEN_UP, UNKNOWN = "待发", "发送中", "已发", "没有发出", "不明"


class RunState:
    """状态 of a background run (job_runs.state)."""

    WAITING, RUNNING, DONE, FAILED = "等待", "进行", "完成", "失败"


class ImportState:
    """状态 of an import (imports.state)."""

    READING, WAITING, NOTHING, WRITING, WRITTEN = "读取中", "待确认", "无需写入", "写入中", "已写入"
    FAILED, DROPPED, UNDOING, UNDONE = "失败", "已放弃", "撤销中", "已撤销"
