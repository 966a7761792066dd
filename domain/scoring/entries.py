"""The entries that a night makes: once for each rule and case, whatever runs twice; gone with their ground, and back
with it. What an office has ruled itself stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, exists, func, select

from domain import models
from domain.schema.states import ScoreStanding
from domain.scoring.grounds import GROUNDS, KEYS
from domain.storing.session import ActorSession

_GONE = "记分的依据已经不在，自动撤销。"


@dataclass(frozen=True)
class ScoringResult:
    """How many entries a night has made, taken back and put in force again."""

    made: int = 0
    taken_back: int = 0
    restored: int = 0


def score(session: ActorSession, on: date) -> ScoringResult:
    """Make the entries that the rules in use ask for as of ``on``; for a session of the program, does not commit."""
    rules = session.scalars(
        select(models.ScoreRule).where(models.ScoreRule.is_active).order_by(models.ScoreRule.id)
    ).all()
    made = sum(_make(session, rule, on) for rule in rules if rule.ground in GROUNDS)
    taken_back, restored = _follow_grounds(session, on)
    return ScoringResult(made, taken_back, restored)


@dataclass(frozen=True)
class RuleLooked:
    """What of a rule says which cases it scores; ``id`` is None before it is saved."""

    id: int | None
    year: int
    ground: str
    starts_on: date | None


def to_score(session: ActorSession, rule: RuleLooked, on: date) -> tuple[int, int]:
    """How many cases a rule would score as of ``on``, and of how many units; (0, 0) for one that people score by."""
    if rule.ground not in GROUNDS:
        return 0, 0
    cases, asked = _new_cases(rule, on)
    found = cases.subquery("to_score")
    counted = select(func.count(), func.count(found.c.unit_id.distinct())).select_from(found)
    count, units = session.unchecked_connection().execute(counted, asked).one()
    return count, units


def _make(session: ActorSession, rule: Any, on: date) -> int:
    """An entry for every case of this rule and year that has none."""
    new, asked = _new_cases(rule, on)
    rows = [
        models.ScoreEntry(
            unit_id=case.unit_id,
            score_rule_id=rule.id,
            assignment_id=case.assignment_id,
            points=rule.points,
            scored_on=_day(case.on),
            reason=_reason(rule.name, case),
            **{key: getattr(case, key) for key in KEYS},
        )
        for case in session.unchecked_connection().execute(new, asked)
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def _new_cases(rule: Any, on: date) -> tuple[Select[Any], dict[str, Any]]:
    """The cases of a rule and its year, since it counts, that it has not scored: the question, and what it asks."""
    asked = {"night": on, "rule_id": rule.id, "rule_year": rule.year}
    cases = _unscored(rule.ground)
    if rule.starts_on is None:
        return cases, asked
    since = cases.selected_columns["on"] >= bindparam("since", type_=Date)
    return cases.where(since), {**asked, "since": rule.starts_on}


@lru_cache
def _unscored(ground: str) -> Select[Any]:
    """The cases of a ground for which a rule has no entry. Kept: to write it down takes longer than to ask it."""
    cases, entry = GROUNDS[ground].found().subquery("cases"), models.table_of("score_entries")
    same = (entry.c[key].is_not_distinct_from(cases.c[key]) for key in KEYS)
    of_rule = entry.c.score_rule_id == bindparam("rule_id")
    known = exists().where(of_rule, entry.c.assignment_id == cases.c.assignment_id, *same)
    return select(cases).where(cases.c.year == bindparam("rule_year"), ~known)


def _reason(name: str, case: Any) -> str:
    """What the points are for, with the item's own day; the rule alone would say the same of every case."""
    on = _day(case.on)
    if case.milestone:
        return f"{name}：{case.milestone}应在 {on} 前完成"
    return f"{name}：{on}"


def _day(value: Any) -> date:
    """A day as the database gives it, which may be its text."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)


def _follow_grounds(session: ActorSession, on: date) -> tuple[int, int]:
    """Take back the entries whose ground is gone, restore those whose ground has come back."""
    taken_back = restored = 0
    for name in GROUNDS:
        gone, back = _gone_and_back(name)
        for entry in session.scalars(gone, {"night": on}):
            entry.standing, entry.ruling_note = ScoreStanding.CANCELLED, _GONE
            taken_back += 1
        for entry in session.scalars(back, {"night": on}):
            entry.standing, entry.ruling_note = ScoreStanding.VALID, ""
            restored += 1
    session.flush()
    return taken_back, restored


@lru_cache
def _gone_and_back(ground: str) -> tuple[Select[Any], Select[Any]]:
    """The entries in force whose ground is gone, and those that the program took back whose ground holds again."""
    holds = GROUNDS[ground].holds(models.ScoreEntry)
    taken_back = _of(ground, ScoreStanding.CANCELLED).where(models.ScoreEntry.ruled_by_id.is_(None))
    return _of(ground, ScoreStanding.VALID).where(~holds), taken_back.where(holds)


def _of(ground: str, standing: str) -> Any:
    """The entries of a ground that the program has made."""
    entry, rule = models.ScoreEntry, models.ScoreRule
    is_made = (
        entry.milestone.is_not(None)
        | entry.review_step_id.is_not(None)
        | entry.feedback_id.is_not(None)
    )
    return (
        select(entry)
        .join(rule, rule.id == entry.score_rule_id)
        .where(rule.ground == ground, entry.standing == standing, is_made)
        .options(*models.name_options(entry))
    )
