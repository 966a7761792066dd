"""What the demo's units did: signing, asking to return, plans of handling, the ledger, opinions.

Not here: the answers (answers.py).
"""

from datetime import date
from typing import Any

from domain import models
from seeds.demo.items import ItemStory, assign

SIGNED, ASKED, CONTACTED, PLANNED, DECIDED = 1, 3, 4, 8, 8
SURVEYED, MET, GAVE_OPINION, DRAFTED = 13, 19, 25, 30
INVITED = ("区人大常委会选举联络工委", "市政府督查室", "市政协提案委")


def handle(telling: ItemStory) -> None:
    """Tell what the units did, as far as the story goes."""
    if telling.line["story"] == "退办":
        _ask_to_return(telling)
    for task in telling.tasks:
        if telling.reaches(SIGNED):
            _sign(telling, task)
        if telling.reaches(PLANNED) and task.role != "协办" and task.signed_on:
            _plan(telling, task)
            _keep_ledger(telling, task)
        if task.role == "协办" and _has_opinion(telling):
            _give_opinion(telling, task)


def _sign(telling: ItemStory, task: Any) -> None:
    asked_only = telling.line["story"] == "退办" and task is telling.tasks[0]
    if asked_only and "退办不准" not in telling.flags:
        return
    task.signed_on = telling.days.on(PLANNED if asked_only else SIGNED)
    task.signed_by_id = telling.user("承办单位联络员", task)
    task.leader = telling.contact(task, "分管领导")
    task.office, task.handler = "综合科", telling.contact(task, "联络员")


def _ask_to_return(telling: ItemStory) -> None:
    task, suggested = telling.tasks[0], telling.flag("退办同意")
    kind = "退办同意" if suggested else next(f for f in telling.flags if f.startswith("退办"))
    request = models.ReturnRequest(
        assignment_id=task.id,
        kind="改办" if suggested else "退办",
        reason=telling.text(f"request.{kind}"),
        suggested_unit_id=telling.cast.units[suggested].id if suggested else None,
        asked_on=telling.days.on(ASKED),
        asked_by_id=telling.user("承办单位联络员", task),
    )
    if kind != "退办待审":
        request.decision = "同意" if suggested else "不同意"
        request.decided_on = telling.days.on(DECIDED)
        request.decided_by_id = telling.user("交办督查")
        request.decision_note = telling.text(f"decision.{kind}")
    telling.add(request)
    if suggested:
        task.ended_on, task.ended_how = request.decided_on, "退办"
        task.state = "已退办"
        telling.add(task)
        telling.tasks.append(assign(telling, "主办", suggested, DECIDED))
        telling.tasks[0], telling.tasks[-1] = telling.tasks[-1], task


def _plan(telling: ItemStory, task: Any) -> None:
    if telling.line["story"] == "退办":
        return
    partners = [t.unit.short_name for t in telling.tasks if t.role == "协办"]
    days, on = telling.days, _month_and_day
    words = {
        "survey_on": on(days.on(SURVEYED)),
        "contact_on": on(days.on(CONTACTED)),
        "opinion_on": on(days.on(GAVE_OPINION)),
        "draft_on": on(days.on(DRAFTED)),
        "partners": "、".join(partners),
    }
    telling.add(
        models.HandlingPlan(
            assignment_id=task.id,
            leader=task.leader,
            office=task.office,
            handler=task.handler,
            study=telling.text("plan.study"),
            survey=telling.text("plan.survey", **words),
            contact=telling.text("plan.contact", **words),
            timetable=telling.text("plan.timetable", **words),
            partner_tasks=telling.text("plan.partners", **words) if partners else "无",
            submitted_on=days.on(PLANNED),
            accepted_on=days.on(PLANNED + 2) if telling.reaches(SURVEYED) else None,
        )
    )


def _keep_ledger(telling: ItemStory, task: Any) -> None:
    if telling.line["story"] == "退办":
        return
    _enter(telling, task, SIGNED, ("办前", "签收", "ledger.sign"), office=task.office)
    _enter(telling, task, CONTACTED, ("办前", "联系代表委员", "ledger.contact"))
    if telling.reaches(SURVEYED):
        _enter(telling, task, SURVEYED, ("办中", "调查研究", "ledger.survey"))
    if telling.reaches(DRAFTED) or (telling.reaches(MET) and "面商" in telling.flags):
        _meet(telling, task)
    if telling.reaches(60):
        _enter(telling, task, 58, ("办后", "跟踪落实", "ledger.follow"))


def _enter(
    telling: ItemStory, task: Any, day: int, words: tuple[str, str, str], **more: str
) -> Any:
    stage, activity, key = words
    entry = telling.add(
        models.LedgerEntry(
            assignment_id=task.id,
            happened_on=telling.days.on(day),
            stage=stage,
            activity=activity,
            contact_mode="电话" if activity == "联系代表委员" else None,
            attended_by=f"{task.leader}、{task.handler}",
            summary=telling.text(key, **more),
            recorded_by_id=telling.user("承办单位联络员", task),
        )
    )
    if activity == "联系代表委员":
        _note_deputies(telling, entry, 1)
    return entry


def _meet(telling: ItemStory, task: Any) -> None:
    entry = _enter(telling, task, MET, ("办中", "召开座谈会", "ledger.meeting"))
    entry.contact_mode, entry.is_face_to_face = "座谈会", True
    entry.met_by = "分管负责人"
    entry.place = f"{task.unit.short_name}会议室"
    _note_deputies(telling, entry, len(telling.sponsors))
    if telling.item.key_kind:
        for body in INVITED:
            telling.add(models.LedgerInvitee(ledger_entry_id=entry.id, body_name=body))


def _note_deputies(telling: ItemStory, entry: Any, count: int) -> None:
    for deputy in telling.sponsors[:count]:
        words = {"ledger_entry_id": entry.id, "deputy_id": deputy.id, "attitude": "满意"}
        telling.add(models.LedgerDeputy(**words))


def _has_opinion(telling: ItemStory) -> bool:
    if "协办未交" in telling.flags:
        return False
    return telling.reaches(DRAFTED) or "协办已交" in telling.flags


def _give_opinion(telling: ItemStory, task: Any) -> None:
    on = telling.days.on(GAVE_OPINION)
    telling.add(
        models.Reply(
            assignment_id=task.id,
            kind="协办意见",
            title=f"关于《{telling.item.title}》的协办意见",
            body=telling.text("opinion.body"),
            drafted_on=on,
            drafter=task.handler,
            signer=task.leader,
            contact_name=task.handler,
            contact_phone="0772-0000000",
            submitted_on=on,
            issued_on=on,
        )
    )


def _month_and_day(on: date) -> str:
    return f"{on.month}月{on.day}日"
