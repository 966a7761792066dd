"""Deadlines: a rule and the facts of a task give a due date, with the sentence that explains it.

Not here: how urgent a due date is today (due_states.py), nor what is stored (duedates.py).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.calendar import WorkCalendar, add_days

FIXED, NATURAL_DAYS, WORKING_DAYS = "固定日期", "自然日", "工作日"
HANDED_OVER = "交办"

SIGN, RETURN, PLAN = "签收", "申请退办", "办理方案"
OPINION, REPLY, CLOSE = "协办意见", "答复", "办结"
SUMMARY, REREPLY, REVIEW, REDO = "总结", "再次答复", "再梳理", "重新办理"
MILESTONES = (SIGN, RETURN, PLAN, OPINION, REPLY, CLOSE, REDO, REREPLY, REVIEW, SUMMARY)

# What a unit may do until the date, rather than must: once it is past, nothing is late.
WINDOWS = frozenset({RETURN})
# The plan's 办理时限 is the date of the answer, and of nothing else that the task asks for.
GIVEN_FOR = REPLY
_ANSWERING_ROLES = frozenset({"主办", "分办"})


@dataclass(frozen=True)
class Rule:
    """One line of deadline_rules. An empty meeting, level, kind or role means any.

    By `basis`: 固定日期 uses month, day and year_offset (0 = the meeting's year, 1 = the next);
    自然日 and 工作日 count `days` from the day of `event`, which itself is not counted.
    `roll` moves a due date on a rest day to the next working day.
    """

    milestone: str
    basis: str
    days: int = 0
    month: int = 1
    day: int = 1
    year_offset: int = 0
    event: str = HANDED_OVER
    roll: bool = False
    meeting_id: int | None = None
    level: str | None = None
    kind: str | None = None
    role: str | None = None
    id: int | None = None


@dataclass(frozen=True)
class Facts:
    """What the rules look at: whose task it is and when its events happened.

    `year` is the meeting's; `events` maps 交办 and other reference events to their dates;
    `given_on` is the date that the assignment plan itself asks for (办理时限).
    """

    meeting_id: int
    year: int
    level: str
    kind: str
    role: str
    events: Mapping[str, date] = field(default_factory=dict)
    given_on: date | None = None


@dataclass(frozen=True)
class Due:
    """A due date, the rule it came from (None: the plan gave it) and why, in Chinese."""

    milestone: str
    on: date
    rule_id: int | None
    explanation: str


def matches(rule: Rule, facts: Facts) -> bool:
    """Whether the rule speaks of this task at all."""
    return all(
        wanted is None or wanted == fact
        for wanted, fact in (
            (rule.meeting_id, facts.meeting_id),
            (rule.level, facts.level),
            (rule.kind, facts.kind),
            (rule.role, facts.role),
        )
    )


def specificity(rule: Rule) -> tuple[bool, bool, bool, bool, int]:
    """The order in which rules win: naming the meeting, then the level, the kind, the role.

    Two rules that name the same things: the one written later wins.
    """
    named = (rule.meeting_id, rule.level, rule.kind, rule.role)
    return (*(value is not None for value in named), rule.id or 0)  # type: ignore[return-value]


def winning_rules(rules: Iterable[Rule], facts: Facts) -> dict[str, Rule]:
    """For each milestone the most specific rule that matches, in the order of MILESTONES."""
    best: dict[str, Rule] = {}
    for rule in rules:
        held = best.get(rule.milestone)
        if matches(rule, facts) and (held is None or specificity(rule) > specificity(held)):
            best[rule.milestone] = rule
    return {name: best[name] for name in MILESTONES if name in best}


def due(rule: Rule, facts: Facts, calendar: WorkCalendar) -> Due | None:
    """The rule's due date for the task; None while its reference event has not happened."""
    start = facts.events.get(rule.event)
    if rule.basis == FIXED:
        plain, reason = _fixed(rule, facts.year), "规定日期"
        reason += plain.isoformat()
    elif start is None:
        return None
    else:
        plain, reason = _counted(rule, start, calendar)
    on = calendar.roll_forward(plain) if rule.roll else plain
    return Due(rule.milestone, on, rule.id, _explain(reason, rule, (plain, on), calendar))


def dues(rules: Iterable[Rule], facts: Facts, calendar: WorkCalendar) -> tuple[Due, ...]:
    """Every due date of the task, one a milestone; a date that the plan gives goes first."""
    winners = winning_rules(rules, facts)
    found = {name: made for name, rule in winners.items() if (made := due(rule, facts, calendar))}
    if facts.given_on and facts.role in _ANSWERING_ROLES:
        found[GIVEN_FOR] = Due(GIVEN_FOR, facts.given_on, None, given_explanation(facts.given_on))
    return tuple(found[name] for name in MILESTONES if name in found)


def given_explanation(on: date) -> str:
    """Why a due date that the plan gave is what it is."""
    return f"分工方案规定的办理时限{on.isoformat()}"


def _fixed(rule: Rule, year: int) -> date:
    year += rule.year_offset
    # A rule of 2月29日 means the end of February in the other years.
    return date(year, rule.month, min(rule.day, monthrange(year, rule.month)[1]))


def _counted(rule: Rule, start: date, calendar: WorkCalendar) -> tuple[date, str]:
    reason = f"{rule.event}日{start.isoformat()}后{rule.days}"
    if rule.basis == WORKING_DAYS:
        return calendar.add_working_days(start, rule.days), f"{reason}个工作日"
    return add_days(start, rule.days), f"{reason}日"


def _explain(reason: str, rule: Rule, dates: tuple[date, date], calendar: WorkCalendar) -> str:
    plain, on = dates
    if on != plain:
        reason += f"，逢休息日顺延至{on.isoformat()}"
    depends = rule.basis == WORKING_DAYS or rule.roll
    note = calendar.note(on.year) if depends else ""
    return f"{reason}（{note}）" if note else reason
