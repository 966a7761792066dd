"""Every measure and rate of the panel, in the order in which the page shows them. A new one is a line here."""

from __future__ import annotations

from collections.abc import Mapping

from domain.schema.states import (
    ItemState,
    PromiseState,
    Publicity,
    Rating,
    ReplyState,
    RequestKind,
    StepResult,
    TaskRole,
)
from domain.statistics.measures import Measure, Rate

ITEMS, PROGRESS, TALKS, ANSWERS, RATINGS, LATER = "件数", "进度", "沟通", "答复", "评价", "落实"
PARTS = (ITEMS, PROGRESS, TALKS, ANSWERS, RATINGS, LATER)
"""Under which heads the measures stand."""

_MAIN = (TaskRole.LEAD, TaskRole.EACH)
_ANSWER = {"holds": "last_answer"}
_RATED = {"holds": "last_rating"}


def _letter(letter: str) -> Measure:
    return Measure(
        f"letter_{letter.lower()}",
        f"{letter}类",
        "replies",
        {**_ANSWER, "by-letter": letter},
        f"答复类别是{letter}的末次答复",
        ANSWERS,
        day="issued_on",
    )


REGISTERED = Measure(
    "items", "件数", "proposals", {}, "登记的建议提案", ITEMS, day="counts_from_on", source="S2"
)
KEY_ITEMS = Measure(
    "key_items", "重点件", "proposals", {"key_kind.empty": "0"}, "填了重点类别的件", ITEMS,
    day="counts_from_on",
)  # fmt: skip
HANDLED = Measure(
    "handled", "主（会）办件", "assignments", {"holds": "counts"},
    "主办、分办、协办的件，一件只计一次；退办、撤办、撤回、并案的不计", ITEMS,
    counts="proposal_id", day="counts_from_on", source="S3",
)  # fmt: skip
LED = Measure(
    "led", "主办件", "assignments", {"holds": "counts", "role": _MAIN},
    "主办、分办的件，一件只计一次；退办、撤办、撤回、并案的不计", ITEMS,
    counts="proposal_id", day="counts_from_on",
)  # fmt: skip
PARTNERED = Measure(
    "partnered", "协办件", "assignments", {"holds": "counts", "role": TaskRole.PARTNER},
    "协办的件，一件只计一次；退办、撤办、撤回、并案的不计", ITEMS,
    counts="proposal_id", day="counts_from_on",
)  # fmt: skip
WITHDRAWN = Measure(
    "withdrawn", "撤件", "proposals", {"state": ItemState.WITHDRAWN}, "代表委员撤回的件", ITEMS,
    day="withdrawn_on",
)  # fmt: skip

TO_ANSWER = Measure(
    "to_answer", "应办复任务", "assignments", {"holds": "to_answer"},
    "主办、分办要答复、协办要送达意见的任务；退办、撤办、撤回、并案和历史件不计", PROGRESS,
    day="counts_from_on",
)  # fmt: skip
ANSWERED = Measure(
    "answered", "已办复任务", "assignments", {"holds": ("to_answer", "answered")},
    "应办复的任务中，已正式答复或已送达协办意见的", PROGRESS, day="counts_from_on",
)  # fmt: skip
COME_DUE = Measure(
    "come_due", "应按期办复任务", "assignments", {"holds": ("to_answer", "come_due")},
    "应办复的任务中，时限已过或已经办复的", PROGRESS, day="counts_from_on",
)  # fmt: skip
ON_TIME = Measure(
    "on_time", "按期办复任务", "assignments", {"holds": ("to_answer", "on_time")},
    "应办复的任务中，在时限当天或以前办复的", PROGRESS, day="counts_from_on",
)  # fmt: skip
CLOSED = Measure(
    "closed", "已办结件", "assignments",
    {
        "holds": "counts", "role": _MAIN,
        "proposal.state": (ItemState.CLOSED, ItemState.WRITTEN_OFF),
    },
    "主办件中已经办结或销号的", PROGRESS, counts="proposal_id", day="counts_from_on",
)  # fmt: skip
LATE = Measure(
    "late", "逾期未办结件", "assignments", {"holds": ("counts", "late"), "role": _MAIN},
    "主办件中没有办结，而且答复、重新办理或办结的时限已过的", PROGRESS,
    counts="proposal_id", day="counts_from_on", source="S3",
)  # fmt: skip
SENT_BACK = Measure(
    "sent_back", "退回次数", "review_steps",
    {"result": StepResult.SENT_BACK, "step": ReplyState.OFFICE_CHECKED},
    "答复意见在督查审核时被退回的次数", PROGRESS, day="acted_at", source="S3",
)  # fmt: skip
ASKED_BACK = Measure(
    "asked_back", "申请退办次数", "return_requests", {"kind.not": RequestKind.MORE_UNITS},
    "承办单位申请退办、改办的次数", PROGRESS, day="asked_on",
)  # fmt: skip

TO_MEET = Measure(
    "to_meet", "应面商件", "assignments", {"holds": ("counts", "to_meet"), "role": _MAIN},
    "主办件中的重点件，一律面商", TALKS, counts="proposal_id", day="counts_from_on", source="S0",
)  # fmt: skip
MET_OF_THESE = Measure(
    "met_of_these", "应面商件已面商", "assignments",
    {"holds": ("counts", "to_meet", "met"), "role": _MAIN},
    "应面商件中，主办单位的台账记了面商的", TALKS,
    counts="proposal_id", day="counts_from_on", source="S0",
)  # fmt: skip
MET = Measure(
    "met", "已面商件", "assignments", {"holds": ("counts", "met"), "role": _MAIN},
    "主办件中，主办单位的台账记了面商的", TALKS,
    counts="proposal_id", day="counts_from_on", source="S2",
)  # fmt: skip
CONSULTED = Measure(
    "consulted", "已协商件", "assignments", {"holds": ("counts", "consulted"), "role": _MAIN},
    "主办件中，主办单位的台账记了联系代表委员或面商的", TALKS,
    counts="proposal_id", day="counts_from_on", source="S0",
)  # fmt: skip

FINAL = Measure(
    "final_answers", "末次答复", "replies", _ANSWER,
    "每项主办、分办任务最近一轮的正式答复；再次答复不计", ANSWERS, day="issued_on",
)  # fmt: skip
LETTERS = tuple(map(_letter, "ABCD"))
SOLVED = Measure(
    "solved", "已解决", "replies", {"holds": ("last_answer", "solved")},
    "末次答复中，答复类别算已解决的（如A类）", ANSWERS, day="issued_on",
)  # fmt: skip
SOLVED_OR_PLANNED = Measure(
    "solved_or_planned", "已解决或计划解决", "replies",
    {"holds": ("last_answer", "solved_or_planned")},
    "末次答复中，答复类别算已解决的或需回头看的（如A类、B类）", ANSWERS, day="issued_on",
)  # fmt: skip
ADOPTED = Measure(
    "adopted", "采纳", "replies", {**_ANSWER, "adoption": "采纳"},
    "末次答复中，采纳情况填采纳的", ANSWERS, day="issued_on", source="S2",
)  # fmt: skip
ADOPTED_IN_PART = Measure(
    "adopted_in_part", "采纳和部分采纳", "replies", {**_ANSWER, "adoption": ("采纳", "部分采纳")},
    "末次答复中，采纳情况填采纳、部分采纳的", ANSWERS, day="issued_on", source="S2",
)  # fmt: skip
TO_PUBLISH = Measure(
    "to_publish", "应公开答复", "replies", {**_ANSWER, "publicity.not": Publicity.PRIVATE},
    "末次答复中，没有定为不公开的", ANSWERS, day="issued_on",
)  # fmt: skip
PUBLISHED = Measure(
    "published", "已公开答复", "replies",
    {**_ANSWER, "publicity": (Publicity.FULL, Publicity.SUMMARY)},
    "末次答复中，全文或摘要已经公开的", ANSWERS, day="issued_on", source="S2",
)  # fmt: skip

FORMS_SENT = Measure(
    "forms_sent", "发出反馈表", "deliveries", {"has_form": "1"}, "寄送答复时附了反馈表的", RATINGS,
    day="sent_on", source="S0",
)  # fmt: skip
FORMS_BACK = Measure(
    "forms_back", "收回反馈表", "deliveries", {"has_form": "1", "holds": "form_back"},
    "发出的反馈表中，收到意见反馈的", RATINGS, day="sent_on", source="S0",
)  # fmt: skip
FIRST_RATED = Measure(
    "first_rated", "初次评价", "feedbacks", {"holds": "first_rating"},
    "每位代表委员对每项任务最早的一次表态；未表态不计", RATINGS, day="received_on",
)  # fmt: skip
FIRST_SATISFIED = Measure(
    "first_satisfied", "初次满意", "feedbacks",
    {"holds": "first_rating", "result_rating": Rating.SATISFIED},
    "初次评价中，对办理结果满意的", RATINGS, day="received_on",
)  # fmt: skip
RATED = Measure(
    "rated", "末次评价", "feedbacks", _RATED,
    "每位代表委员对每项任务最近的一次表态；未表态不计", RATINGS, day="received_on",
)  # fmt: skip
SATISFIED = Measure(
    "satisfied", "满意", "feedbacks", {**_RATED, "result_rating": Rating.SATISFIED},
    "末次评价中，对办理结果满意的", RATINGS, day="received_on", source="S2",
)  # fmt: skip
FAIRLY = Measure(
    "satisfied_or_fairly", "满意和基本满意", "feedbacks",
    {**_RATED, "result_rating": (Rating.SATISFIED, Rating.FAIRLY)},
    "末次评价中，对办理结果满意、基本满意的", RATINGS, day="received_on",
)  # fmt: skip
NOT_SATISFIED = Measure(
    "not_satisfied", "不满意", "feedbacks", {**_RATED, "result_rating": Rating.NOT_SATISFIED},
    "末次评价中，对办理结果不满意的", RATINGS, day="received_on",
)  # fmt: skip

LOOKED_BACK = Measure(
    "looked_back", "需回头看任务", "assignments", {"holds": ("counts", "promised")},
    "正式答复标过需回头看类别（如B类）的任务", LATER, day="counts_from_on",
)  # fmt: skip
TURNED = Measure(
    "turned", "回头看已解决", "assignments", {"holds": ("counts", "promise_solved")},
    "需回头看的任务中，后来的答复改标算已解决类别（如A类）的", LATER, day="counts_from_on",
)  # fmt: skip
PROMISES = Measure(
    "promises", "承诺事项", "commitments", {"state.not": PromiseState.DROPPED},
    "登记的承诺；不再推进的不计", LATER, day="due_on",
)  # fmt: skip
KEPT = Measure(
    "kept", "已兑现承诺", "commitments", {"state": (PromiseState.KEPT, PromiseState.WRITTEN_OFF)},
    "已兑现、已销号的承诺", LATER, day="due_on",
)  # fmt: skip

MEASURES: Mapping[str, Measure] = {
    measure.name: measure
    for measure in (
        REGISTERED, KEY_ITEMS, HANDLED, LED, PARTNERED, WITHDRAWN,
        TO_ANSWER, ANSWERED, COME_DUE, ON_TIME, CLOSED, LATE, SENT_BACK, ASKED_BACK,
        TO_MEET, MET_OF_THESE, MET, CONSULTED,
        FINAL, *LETTERS, SOLVED, SOLVED_OR_PLANNED, ADOPTED, ADOPTED_IN_PART, TO_PUBLISH, PUBLISHED,
        FORMS_SENT, FORMS_BACK, FIRST_RATED, FIRST_SATISFIED, RATED, SATISFIED, FAIRLY, NOT_SATISFIED,
        LOOKED_BACK, TURNED, PROMISES, KEPT,
    )
}  # fmt: skip
"""All measures, by name."""

_RETURN_RATE = Rate(
    "return_rate", "退办比例", SENT_BACK, HANDLED, PROGRESS, shown="n/N", source="S3"
)

RATES: Mapping[str, Rate] = {
    rate.name: rate
    for rate in (
        Rate("answer_rate", "办复率", ANSWERED, TO_ANSWER, PROGRESS, source="S2"),
        Rate("on_time_rate", "按期率", ON_TIME, COME_DUE, PROGRESS, source="S4"),
        Rate("closing_rate", "办结率", CLOSED, LED, PROGRESS, source="S2"),
        _RETURN_RATE,
        Rate("meeting_rate", "面商率（重点件）", MET_OF_THESE, TO_MEET, TALKS, source="S0"),
        Rate("meeting_rate_of_all", "面商率（主办件）", MET, LED, TALKS, source="S2"),
        Rate("consulting_rate", "协商率", CONSULTED, LED, TALKS, source="S0"),
        *(
            Rate(f"{of.name}_share", f"{of.label}占比", of, FINAL, ANSWERS, source="S2")
            for of in LETTERS
        ),
        Rate("solving_rate", "解决率（A类）", SOLVED, FINAL, ANSWERS),
        Rate("solving_or_planning_rate", "解决率（A类和B类）", SOLVED_OR_PLANNED, FINAL, ANSWERS),
        Rate("adoption_rate", "采纳率", ADOPTED, FINAL, ANSWERS, source="S2"),
        Rate("adoption_in_part_rate", "采纳率（含部分采纳）", ADOPTED_IN_PART, FINAL, ANSWERS),
        Rate("publication_rate", "公开率", PUBLISHED, TO_PUBLISH, ANSWERS, source="S2"),
        Rate("form_rate", "反馈表回收率", FORMS_BACK, FORMS_SENT, RATINGS),
        Rate("first_satisfaction", "初次满意率", FIRST_SATISFIED, FIRST_RATED, RATINGS),
        Rate("satisfaction", "满意率", SATISFIED, RATED, RATINGS, source="S2"),
        Rate("satisfaction_or_fair", "满意率（含基本满意）", FAIRLY, RATED, RATINGS),
        Rate("turning_rate", "回头看转化率", TURNED, LOOKED_BACK, LATER),
        Rate("keeping_rate", "承诺兑现率", KEPT, PROMISES, LATER),
    )
}
"""All rates, by name."""

SHARED = tuple(f"{measure.name}_share" for measure in LETTERS)
"""The rates that are shares of one whole, and are printed so that they add up."""
