"""现场意见: what deputies say in group talks and on visits, judged, handed to a unit and answered twice (双反馈).

S4: 汉中 collected 54 at the sessions and 61 afterwards. How one becomes an item is in converting.py.

Where one stands its days say; there is no state besides. Each act is taken back as long as nobody has gone on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_

from domain.access.criteria import own_unit
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.lifecycle.acts.act import AS_IT_IS, TODAY, Act, Answer, Asking, Doing
from domain.lifecycle.acts.conditions import every, has, lacks
from domain.storing.session import ActorSession

TABLE = "onsite_opinions"
_OFFICE = {OFFICE: everything}
_UNITS = {LIAISON: own_unit, OFFICE: everything}


def _is_to_be_answered(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """It was judged, and a unit answers only what it was handed."""
    ready = row.judged_on.is_not(None)
    return ready if asking.actor.role == OFFICE else and_(ready, row.handed_over_on.is_not(None))


def _fill(doing: Doing) -> None:
    """Write the answers into the columns that they fill; what may be empty is, and what was not answered stays."""
    for row in doing.rows:
        for name, value in doing.answers.items():
            column = row.words.columns[name]
            if value is not None or not column.is_required:
                setattr(row, name, value)


def _clear(*columns: str) -> Any:
    """What empties these columns."""

    def write(doing: Doing) -> None:
        for row in doing.rows:
            for name in columns:
                setattr(row, name, "" if row.words.columns[name].is_required else None)

    return write


def _hand_over(doing: Doing) -> None:
    told = doing.answers
    for row in doing.rows:
        row.handed_over_on = told["handed_over_on"]
        row.unit_id = told.get("unit_id") or row.unit_id


def _unfit_unit(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """Where nobody says which unit, it is the one that was thought of."""
    if told.get("unit_id"):
        return {}
    return {row.id: "还没有拟办单位：请选交给哪个单位。" for row in rows if not row.unit_id}


def _feedback(which: str, note: str) -> tuple[Answer, ...]:
    """Who answered the deputy, when and how."""
    return (
        Answer(f"{which}_feedback_on", is_required=True, begins=TODAY),
        Answer(f"{which}_feedback_by", is_required=True),
        Answer(f"{which}_feedback_mode", is_required=True),
        Answer(note),
    )


JUDGE = Act(
    name="judge_opinion",
    label="研判",
    table=TABLE,
    who=_OFFICE,
    starts=(),
    when=lacks("judged_on", "proposal_id"),
    otherwise="已经研判，或者已转为建议提案",
    answers=(
        Answer("judgement", is_required=True),
        Answer("content_category_id"),
        Answer("unit_id"),
        Answer("judged_on", is_required=True, begins=TODAY),
    ),
    write=_fill,
    says="已研判",
    todo="待研判的现场意见",
    tone="first",
)
UNJUDGE = Act(
    name="unjudge_opinion",
    label="撤回研判",
    table=TABLE,
    who=_OFFICE,
    starts=(),
    when=every(has("judged_on"), lacks("handed_over_on", "first_feedback_on", "proposal_id")),
    otherwise="还没有研判，或者已经交办、反馈、转为建议提案",
    write=_clear("judgement", "judged_on", "content_category_id", "unit_id"),
    says="已撤回研判",
)
HAND_OVER = Act(
    name="hand_over_opinion",
    label="交办",
    table=TABLE,
    who=_OFFICE,
    starts=(),
    when=every(has("judged_on"), lacks("handed_over_on", "first_feedback_on", "proposal_id")),
    otherwise="还没有研判，或者已经交办、反馈、转为建议提案",
    answers=(
        Answer("unit_id", begins=AS_IT_IS, label="交给单位", help="空着就交给拟办单位。"),
        Answer("handed_over_on", is_required=True, begins=TODAY),
    ),
    unfit=_unfit_unit,
    write=_hand_over,
    says="已交办",
    todo="待交办的现场意见",
    tone="first",
)
UNHAND = Act(
    name="unhand_opinion",
    label="撤回交办",
    table=TABLE,
    who=_OFFICE,
    starts=(),
    when=every(has("handed_over_on"), lacks("first_feedback_on", "proposal_id")),
    otherwise="还没有交办，或者已经反馈、转为建议提案",
    write=_clear("handed_over_on"),
    says="已撤回交办",
)
FIRST = Act(
    name="first_feedback",
    label="首次反馈",
    table=TABLE,
    who=_UNITS,
    starts=(),
    when=every(_is_to_be_answered, lacks("first_feedback_on")),
    otherwise="还没有研判、交办，或者已经反馈",
    answers=_feedback("first", "feedback_note"),
    write=_fill,
    says="已记首次反馈",
    todo="待反馈的现场意见",
    todo_of=(LIAISON,),
)
UNFIRST = Act(
    name="unfirst_feedback",
    label="撤回首次反馈",
    table=TABLE,
    who=_UNITS,
    starts=(),
    when=every(_is_to_be_answered, has("first_feedback_on"), lacks("second_feedback_on")),
    otherwise="还没有首次反馈，或者已经再次反馈",
    write=_clear("first_feedback_on", "first_feedback_by", "first_feedback_mode", "feedback_note"),
    says="已撤回首次反馈",
)
SECOND = Act(
    name="second_feedback",
    label="再次反馈",
    table=TABLE,
    who=_UNITS,
    starts=(),
    when=every(_is_to_be_answered, has("first_feedback_on"), lacks("second_feedback_on")),
    otherwise="还没有首次反馈，或者已经再次反馈",
    answers=_feedback("second", "second_note"),
    write=_fill,
    says="已记再次反馈",
)
UNSECOND = Act(
    name="unsecond_feedback",
    label="撤回再次反馈",
    table=TABLE,
    who=_UNITS,
    starts=(),
    when=every(_is_to_be_answered, has("second_feedback_on")),
    otherwise="还没有再次反馈",
    write=_clear("second_feedback_on", "second_feedback_by", "second_feedback_mode", "second_note"),
    says="已撤回再次反馈",
)
ACTS = (JUDGE, HAND_OVER, FIRST, SECOND, UNJUDGE, UNHAND, UNFIRST, UNSECOND)
