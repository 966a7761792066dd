"""面商 as a reply asks for it: whom the unit has met face to face before it answers, and who of the unit went.

S0's three demands: key items without exception, others wherever it can be had. S1 says who meets when, which a route
may ask to be reminded of.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, or_

from domain import models
from domain.access.rule import Columns
from domain.lifecycle.acts.act import Asking, Need, When
from domain.lifecycle.acts.conditions import route_asks
from domain.schema.states import ReplyKind

BEFORE, DURING, AFTER = "办前", "办中", "办后"
HEAD, DEPUTY_HEAD, SECTION_HEAD, HANDLER = "主要负责人", "分管负责人", "科室负责人", "经办人员"
_ANYBODY = (HEAD, DEPUTY_HEAD, SECTION_HEAD, HANDLER)


def _item_is_key(row: Columns) -> ColumnElement[bool]:
    item = models.alias_of("proposals", "item_to_meet")
    return exists().where(item.c.id == row.proposal_id, item.c.key_kind.is_not(None))


def _has_met(row: Columns, stage: str = "", by: Sequence[str] = ()) -> ColumnElement[bool]:
    """The ledger of the reply's task has a 面商; of this stage and by one of these where they are said."""
    entry = models.alias_of("ledger_entries", "meeting_entry")
    wanted = [entry.c.stage == stage] if stage else []
    wanted += [entry.c.met_by.in_(by)] if by else []
    return exists().where(
        entry.c.assignment_id == row.assignment_id, entry.c.is_face_to_face, *wanted
    )


def _key_item_is_met(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return or_(row.kind == ReplyKind.OPINION, _has_met(row), ~_item_is_key(row))


def _other_item_is_met(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return or_(row.kind == ReplyKind.OPINION, _has_met(row), _item_is_key(row))


def _met_at(stage: str, by: Sequence[str]) -> When:
    """These people have met the deputies at that stage, or nobody asks for it: only of answers, by their route."""

    def holds(asking: Asking, row: Columns) -> ColumnElement[bool]:
        is_asked = route_asks(row, "tells_who_meets")
        return or_(row.kind != ReplyKind.ANSWER, _has_met(row, stage, by), ~is_asked)

    return holds


KEY_ITEM_MET = Need(
    _key_item_is_met,
    "重点件一律面商：请先记一条面商的台账（联系方式选登门走访、座谈会或现场调研，“面商”选是）。",
)
OTHER_ITEM_MET = Need(_other_item_is_met, "还没有面商：当面沟通有利于充分协商的，请先面商再答复。")
MET_BEFORE = Need(
    _met_at(BEFORE, (HEAD, DEPUTY_HEAD)),
    "台账里没有办前面商：办理前分管负责人要与代表委员当面沟通。",
)
MET_DURING = Need(
    _met_at(DURING, _ANYBODY), "台账里没有办中面商：办理中经办人员要与代表委员当面沟通。"
)
MET_AFTER = Need(
    _met_at(AFTER, (HEAD,)), "答复以后，主要负责人要与代表委员座谈，请记一条办后面商的台账。"
)
