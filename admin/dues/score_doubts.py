"""A form for a rule of 考核 says what the coming night would score by it of what lies behind, before it is saved."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask import Flask

from admin.frame import edge
from admin.tables.additions import FieldDoubt, additions
from admin.tables.desk import Desk
from domain import models
from domain.scoring.entries import RuleLooked, to_score

_SAYS_WHAT = ("year", "ground", "starts_on", "is_active")


def init_score_doubts(app: Flask) -> None:
    """Have the forms of rules ask once more."""
    additions(app).doubts["score_rules"] = _doubts


def _doubts(desk: Desk, values: Mapping[str, Any], row: models.Row | None) -> Iterator[FieldDoubt]:
    """Of a rule that is new, or is to score other cases than before."""
    said = {name: values.get(name, getattr(row, name, None)) for name in _SAYS_WHAT}
    is_as_before = row is not None and all(getattr(row, n) == said[n] for n in _SAYS_WHAT)
    if is_as_before or not said["is_active"] or not said["year"]:
        return
    rule = RuleLooked(row.id if row else None, said["year"], said["ground"], said["starts_on"])
    count, units = to_score(desk.session, rule, edge.today())
    if count:
        yield FieldDoubt("starts_on", _sentence(count, units, edge.today()))


def _sentence(count: int, units: int, today: date) -> str:
    return (
        f"今晚会按这条规则给 {units} 个单位补记 {count} 次，都是已经发生的；"
        f"只记以后发生的，请把起记日期填成 {today}。"
    )
