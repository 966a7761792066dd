"""The demo's answers: drafts on their way through review, deliveries, ratings, promises, closings.

Not here: what came before (handling.py).
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from domain import models
from seeds.demo.handling import DRAFTED
from seeds.demo.items import ItemStory

ISSUED, RATED, ANSWERED_AGAIN, RATED_AGAIN, CLOSED = 44, 53, 60, 66, 68
# Step, day, who, what is noted; the day after which a reply waits for the next one.
CHAIN = (
    ("拟稿", 31, "承办单位联络员", "review.draft"),
    ("复核", 32, "承办单位联络员", "review.pass"),
    ("分管审核", 34, "承办单位领导", "review.pass"),
    ("主要审签", 36, "承办单位领导", "review.sign"),
    ("督办审签", 38, "督办领导", "review.sign"),
    ("督查审核", 41, "交办督查", "review.office"),
)
_ISSUED_STORIES = ("协办意见", "答复", "评价", "办结", "销号", "跨年")
_RATINGS = ("满意", "基本满意", "不满意")
_SOLVED = {"A": "已解决", "B": "列入计划", "C": "暂不能解决"}


def answer(telling: ItemStory) -> None:
    """Tell how the item was answered, as far as the story goes."""
    if not telling.reaches(DRAFTED):
        return
    for task in telling.tasks:
        if task.role != "协办":
            reply = _draft(telling, task)
            _review(telling, task, reply)
            if telling.line["story"] in _ISSUED_STORIES:
                _issue(telling, task, reply, ISSUED)
    _close(telling)


def _letter(telling: ItemStory) -> str | None:
    return next((flag for flag in telling.line["flags"].split() if flag in _SOLVED), None)


def _draft(telling: ItemStory, task: Any, round: int = 1) -> Any:
    letter, is_opinion = _letter(telling), telling.item.area_role == "协办"
    meeting = telling.item.meeting.name
    return telling.add(
        models.Reply(
            assignment_id=task.id,
            kind="协办意见" if is_opinion else "答复",
            round=round,
            answer_category_id=telling.cast.letters.get((telling.item.meeting_id, letter or "")),
            document_no=f"鱼办复〔{telling.days.on(DRAFTED).year}〕{task.id}号",
            title=telling.text("reply.title", meeting=meeting),
            body=telling.text("upper.body" if is_opinion else "reply.body"),
            drafted_on=telling.days.on(DRAFTED),
            drafter=task.handler,
            signer=task.leader,
            contact_name=task.handler,
            contact_phone="0772-0000000",
        )
    )


def _review(telling: ItemStory, task: Any, reply: Any) -> None:
    for step, day, role, key in CHAIN:
        skipped = step == "督办审签" and not telling.item.supervisor_id
        if skipped or not telling.reaches(day):
            continue
        reason = telling.flag("退回") if step == "督查审核" else None
        passed = "提交" if step == "拟稿" else "通过"
        telling.add(
            models.ReviewStep(
                reply_id=reply.id,
                step=step,
                result="退回" if reason else passed,
                return_reason=reason,
                note=telling.text(f"return.{reason}" if reason else key),
                user_id=telling.user(role, task if "承办单位" in role else None),
                acted_at=_at(telling.days.on(day)),
            )
        )
    if telling.reaches(40):
        reply.submitted_on = telling.days.on(39)
    if telling.reaches(41) and not telling.flag("退回"):
        reply.approved_on = telling.days.on(41)


def _issue(telling: ItemStory, task: Any, reply: Any, day: int) -> None:
    reply.issued_on = telling.days.on(day)
    reply.approved_on = reply.approved_on or telling.days.on(day - 1)
    reply.adoption = "采纳" if _letter(telling) == "A" else "部分采纳"
    if "上报" in telling.flags:
        reply.reported_on = telling.days.on(day + 1)
    telling.add(reply)
    if reply.kind == "协办意见":
        reply.adoption = None
        return
    still_to_send = 1 if telling.line["story"] == "答复" else 0  # the last one has not got it yet
    for deputy in telling.sponsors[: len(telling.sponsors) - still_to_send]:
        sent = {"mode": "当面" if deputy is telling.sponsors[0] else "邮寄"}
        sent_on = telling.days.on(day)
        telling.add(
            models.Delivery(reply_id=reply.id, deputy_id=deputy.id, sent_on=sent_on, **sent)
        )
    if "承诺" in telling.flags:
        _promise(telling, task)
    _rate(telling, task, reply)


def _rate(telling: ItemStory, task: Any, reply: Any) -> None:
    if not telling.reaches(RATED):
        return
    first = next((word for word in _RATINGS if word in telling.flags), "基本满意")
    if reply.round == 1:
        _feed_back(telling, reply, first, RATED)
    if "重办满意" in telling.flags and reply.round == 1:
        _issue_again(telling, _draft(telling, task, round=2))


def _issue_again(telling: ItemStory, reply: Any) -> None:
    on = telling.days.on(ANSWERED_AGAIN)
    reply.drafted_on = reply.issued_on = reply.approved_on = on
    reply.adoption = "采纳"
    telling.add(reply)
    for deputy in telling.sponsors:
        telling.add(models.Delivery(reply_id=reply.id, deputy_id=deputy.id, sent_on=on))
    _feed_back(telling, reply, "重办满意", RATED_AGAIN)


def _feed_back(telling: ItemStory, reply: Any, opinion: str, day: int) -> None:
    rating = "满意" if opinion == "重办满意" else opinion
    telling.add(
        models.Feedback(
            reply_id=reply.id,
            deputy_id=telling.sponsors[0].id,
            received_on=telling.days.on(day),
            work_rating="基本满意" if rating == "不满意" else rating,
            result_rating=rating,
            contact_mode="座谈会",
            met_with="分管负责人",
            solved=_SOLVED[_letter(telling) or "C"],
            opinion=telling.text(f"feedback.{opinion}"),
            entered_how="本人" if reply.id % 2 else "机构代录",
        )
    )


def _promise(telling: ItemStory, task: Any) -> None:
    measures = telling.line["measures"].split("；")
    until = telling.days.handed_over_on + timedelta(days=330)
    commitment = telling.add(
        models.Commitment(
            assignment_id=task.id,
            content=measures[0],
            due_on=until,
            leader=task.leader,
            handler=task.handler,
        )
    )
    for position, content in enumerate(("完成方案和经费安排", "组织实施", "验收并公开"), 1):
        telling.add(
            models.CommitmentStep(
                commitment_id=commitment.id,
                position=position,
                content=content,
                due_on=until - timedelta(days=90 * (3 - position)),
                done_on=telling.days.on(RATED) if position == 1 else None,
            )
        )


def _close(telling: ItemStory) -> None:
    item, story = telling.item, telling.line["story"]
    if story in ("办结", "销号", "跨年"):
        item.closed_on = telling.days.on(CLOSED)
    if story == "销号":
        item.written_off_on = telling.days.on(CLOSED + 3)
    if "公开" in telling.flags:
        for task in telling.tasks:
            for reply in task.replies:
                if reply.kind == "答复":
                    reply.publicity, reply.published_on = "全文公开", telling.days.on(CLOSED + 1)
    if "再次答复" in telling.flags:
        _look_back(telling)


def _look_back(telling: ItemStory) -> None:
    task = telling.tasks[0]
    on = date(telling.item.meeting.year + 1, 9, 16)
    if on > telling.cast.today:
        return
    telling.add(
        models.Reply(
            assignment_id=task.id,
            kind="再次答复",
            answer_category_id=telling.cast.letters[telling.item.meeting_id, "A"],
            state="已答复",
            title=f"关于《{telling.item.title}》落实情况的再次答复",
            body=telling.text("again.body"),
            drafted_on=on,
            drafter=task.handler,
            issued_on=on,
        )
    )


def _at(on: date) -> datetime:
    return datetime.combine(on, time(10, 30))
