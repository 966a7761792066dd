"""Deadlines: a rule and the facts of a task give a due date, with the sentence that explains it.

Not here: how urgent a due date is today (due_states.py), nor what is stored (duedates.py).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.schema.states import TaskRole
from domain.time.calendar import WorkCalendar, add_days

FIXED, NATURAL_DAYS, WORKING_DAYS, MONTHS = "固定日期", "自然日", "工作日", "月"
HANDED_OVER, SIGNED, CLOSED, RATED = "交办", "签收", "闭会", "反馈"

SIGN, RETURN, PLAN = "签收", "申请退办", "办理方案"
OPINION, REPLY, CLOSE = "协办意见", "答复", "办结"
SUMMARY, REREPLY, REVIEW, REDO = "总结", "再次答复", "再梳理", "重新办理"
MILESTONES = (SIGN, RETURN, PLAN, OPINION, REPLY, CLOSE, REDO, REREPLY, REVIEW, SUMMARY)

# What a unit may do until the date, rather than must: once it is past, nothing is late.
WINDOWS = frozenset({RETURN})
# Owed once there is an answer; 再次答复 only if the answer promised something.
_AFTER_REPLY = frozenset({REREPLY, REVIEW})
# Owed of an item that is closed too.
AFTER_CLOSING = frozenset({REREPLY, REVIEW, REDO})
# Owed by a unit for its year, not by a task.
_OF_THE_UNIT = frozenset({SUMMARY})
_LEADING_ROLES = frozenset({TaskRole.LEAD, TaskRole.EACH})


@dataclass(frozen=True)
class DueRule:
    """One line of deadline_rules. None as meeting, level, kind or role means any.

    By `basis`: 固定日期 uses month, day and year_offset (0 = the meeting's year, 1 = the next);
    自然日, 工作日 and 月 count `days` of them from the day of `reference`, not counting that day.
    `rolls` moves a due date on a rest day to the next working day.
    """

    milestone: str
    basis: str
    days: int = 0
    month: int = 1
    day: int = 1
    year_offset: int = 0
    reference: str = HANDED_OVER
    rolls: bool = False
    meeting_id: int | None = None
    level: str | None = None
    kind: str | None = None
    area_role: str | None = None
    role: str | None = None
    id: int | None = None


@dataclass(frozen=True)
class Facts:
    """What the rules look at: whose task it is and what has happened to it.

    `year` is the meeting's; `events` maps 交办, 签收, 闭会 and 反馈 (the last 不满意) to dates;
    `given_on` is the date that the assignment plan itself asks for (办理时限); `area_role` is the
    area's own part in an item of the upper level; `promised`: the answer said 逐步解决.
    """

    meeting_id: int
    year: int
    level: str
    kind: str
    area_role: str
    role: str
    events: Mapping[str, date] = field(default_factory=dict)
    given_on: date | None = None
    answered_on: date | None = None
    promised: bool = False


@dataclass(frozen=True)
class Due:
    """A due date, the rule it came from (None: the plan gave it) and why, in Chinese."""

    milestone: str
    on: date
    rule_id: int | None
    explanation: str


def matches(rule: DueRule, facts: Facts) -> bool:
    """Whether the rule speaks of this task at all."""
    return all(
        wanted is None or wanted == fact
        for wanted, fact in (
            (rule.meeting_id, facts.meeting_id),
            (rule.level, facts.level),
            (rule.kind, facts.kind),
            (rule.area_role, facts.area_role),
            (rule.role, facts.role),
        )
    )


def owed_since(milestone: str, facts: Facts) -> date | None:
    """The day from which the task owes the milestone; None while it does not."""
    if milestone in _OF_THE_UNIT or (milestone == REREPLY and not facts.promised):
        return None
    return facts.answered_on if milestone in _AFTER_REPLY else facts.events.get(HANDED_OVER)


def given_for(facts: Facts) -> str | None:
    """The milestone that the plan's 办理时限 is the date of; None for a partner within the area.

    Where the area itself only assists, its leading unit owes the upper level an opinion.
    """
    if facts.role not in _LEADING_ROLES:
        return None
    return REPLY if facts.area_role == TaskRole.LEAD else OPINION


def specificity(rule: DueRule) -> tuple[int, ...]:
    """The order in which rules win: naming the meeting, level, kind, area's part, role.

    Two rules that name the same things: the one written later wins.
    """
    named = (rule.meeting_id, rule.level, rule.kind, rule.area_role, rule.role)
    return (*(value is not None for value in named), rule.id or 0)


def winning_rules(rules: Iterable[DueRule], facts: Facts) -> dict[str, DueRule]:
    """For each milestone the most specific rule that matches, in the order of MILESTONES."""
    best: dict[str, DueRule] = {}
    for rule in rules:
        held = best.get(rule.milestone)
        if matches(rule, facts) and (held is None or specificity(rule) > specificity(held)):
            best[rule.milestone] = rule
    return {name: best[name] for name in MILESTONES if name in best}


def due(rule: DueRule, facts: Facts, calendar: WorkCalendar) -> Due | None:
    """The rule's due date for the task; None while its reference event has not happened."""
    start = facts.events.get(rule.reference)
    if rule.basis == FIXED:
        plain = _in_month(facts.year + rule.year_offset, rule.month, rule.day)
        reason = f"规定日期{plain.isoformat()}"
    elif start is None:
        return None
    else:
        plain, reason = _counted(rule, start, calendar)
    on = calendar.roll_forward(plain) if rule.rolls else plain
    return Due(rule.milestone, on, rule.id, _explain(reason, rule, (plain, on), calendar))


def dues(rules: Iterable[DueRule], facts: Facts, calendar: WorkCalendar) -> tuple[Due, ...]:
    """Every due date of the task, one a milestone; a date that the plan gives goes first.

    A fixed date that had passed when the task came to owe the milestone does not bind it: an item
    handed over in July is not late for the fifth of June. Such a task needs a date of its own.
    """
    found: dict[str, Due] = {}
    for milestone, rule in winning_rules(rules, facts).items():
        since, made = owed_since(milestone, facts), due(rule, facts, calendar)
        if since and made and made.on >= since:
            found[milestone] = made
    given = given_for(facts)
    if facts.given_on and given:
        reason = f"分工方案规定的办理时限{facts.given_on.isoformat()}"
        found[given] = Due(given, facts.given_on, None, reason)
    return tuple(found[name] for name in MILESTONES if name in found)


def report_due(rules: Iterable[DueRule], facts: Facts, calendar: WorkCalendar) -> Due | None:
    """When a unit's report (总结) on the meeting's items is due; None without a rule."""
    rule = winning_rules(rules, facts).get(SUMMARY)
    return due(rule, facts, calendar) if rule else None


def _in_month(year: int, month: int, day: int) -> date:
    """The day of the month, or the month's last: 2月30日 means the end of February."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def _counted(rule: DueRule, start: date, calendar: WorkCalendar) -> tuple[date, str]:
    reason = f"{rule.reference}日{start.isoformat()}后{rule.days}"
    if rule.basis == WORKING_DAYS:
        return calendar.add_working_days(start, rule.days), f"{reason}个工作日"
    if rule.basis == MONTHS:
        years, month = divmod(start.month - 1 + rule.days, 12)
        return _in_month(start.year + years, month + 1, start.day), f"{reason}个月"
    return add_days(start, rule.days), f"{reason}日"


def _explain(reason: str, rule: DueRule, dates: tuple[date, date], calendar: WorkCalendar) -> str:
    plain, on = dates
    if on != plain:
        reason += f"，逢休息日顺延至{on.isoformat()}"
    depends = rule.basis == WORKING_DAYS or rule.rolls
    note = calendar.note(on.year) if depends else ""
    return f"{reason}（{note}）" if note else reason
