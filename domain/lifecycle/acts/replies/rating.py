"""反馈: a deputy says what he thinks of the reply that he got (S0 附件8). What he sends back on paper his institution
or the office enters for him; a unit enters none, so that nobody is 被满意 (S1, S4).

Whoever gave it may change it or take it back until somebody has acted on it. What 不满意 leads to: redoing.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, select, true

from domain import models
from domain.access.criteria import approved, issued, own_feedback, through
from domain.access.rule import Columns, everything
from domain.actors import AGENCY, DEPUTY, OFFICE
from domain.lifecycle.acts.act import AS_IT_IS, TODAY, Act, Answer, Asking, Doing
from domain.lifecycle.acts.conditions import every, reply_is_at_work
from domain.lifecycle.acts.recipients import (
    a_form_is_out,
    answers_deputies,
    of_reply,
    somebody_is_unrated,
    unrated,
    waits_for_own_rating,
)
from domain.lifecycle.acts.replies.delivering import unfit_before_issue
from domain.messages.telling import DISSATISFIED, Tell
from domain.schema.states import EnteredHow, Rating, ReplyKind, ReplyState
from domain.storing.session import ActorSession

_ENTERED = {
    DEPUTY: EnteredHow.HIMSELF,
    AGENCY: EnteredHow.BY_AGENCY,
    OFFICE: EnteredHow.BY_OFFICE,
}
_GIVEN_BY: Mapping[str, tuple[str, ...]] = {
    AGENCY: (EnteredHow.BY_AGENCY,),
    OFFICE: (EnteredHow.BY_OFFICE, EnteredHow.AFTERWARDS),
}
"""Who else than the deputy himself may change what was entered so."""
_RATINGS = ("work_rating", "result_rating")
_SAID = (*_RATINGS, "contact_mode", "met_with", "solved", "opinion", "agrees_to_publish")
_PAPER = frozenset({AGENCY, OFFICE})
_TOLD = Tell(
    DISSATISFIED,
    "{row}被评为不满意，要重新办理：{opinion}",
    tells_office=True,
    when=lambda told: told.get("result_rating") == Rating.NOT_SATISFIED,
)
"""The unit and its leader are told at once, and the office that watches the new round."""


def _asked(begins: str = "") -> tuple[Answer, ...]:
    """What the form asks for: 办理工作 and 办理结果 apart, and why, where one of them is 不满意."""
    reason = dict.fromkeys(_RATINGS, Rating.NOT_SATISFIED)
    why = "不满意的，请写明哪里不满意：单位据此重新办理。"
    return (
        *(Answer(name, "feedbacks", is_required=True, begins=begins) for name in _RATINGS),
        *(Answer(name, "feedbacks", begins=begins) for name in ("contact_mode", "met_with")),
        Answer("solved", "feedbacks", begins=begins),
        Answer("opinion", "feedbacks", begins=begins, comes_where=reason, fault=why),
        Answer("agrees_to_publish", "feedbacks", begins=begins, default=True),
    )


def _rate(doing: Doing) -> None:
    for reply in doing.rows:
        _write(doing, reply, doing.asking.actor.deputy_id, doing.asking.today)


def _record(doing: Doing) -> None:
    for reply in doing.rows:
        _write(doing, reply, doing.answers["deputy_id"], doing.answers["received_on"])


def _write(doing: Doing, reply: Any, deputy_id: int | None, on: Any) -> None:
    said = {name: doing.answers[name] for name in _SAID}
    doing.session.add(
        models.Feedback(
            reply_id=reply.id,
            deputy_id=deputy_id,
            received_on=on,
            entered_how=_ENTERED[doing.asking.actor.role],
            **{**said, "opinion": said["opinion"] or ""},
        )
    )


def _correct(doing: Doing) -> None:
    """What a deputy says himself counts as his own, whoever entered it before."""
    for feedback in doing.rows:
        for name in _SAID:
            setattr(feedback, name, doing.answers[name])
        feedback.opinion = feedback.opinion or ""
        if doing.asking.actor.role == DEPUTY:
            feedback.entered_how = EnteredHow.HIMSELF
        else:
            feedback.received_on = doing.answers["received_on"]


def _unrate(doing: Doing) -> None:
    for feedback in doing.rows:
        doing.session.delete(feedback)


def _is_ones_own(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The acting person has given it: himself, or entered it for the deputy as others of his role do."""
    role = asking.actor.role
    return true() if role == DEPUTY else row.entered_how.in_(_GIVEN_BY[role])


def _no_further_round(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """No reply of a later round has been begun."""
    later = models.alias_of("replies", "later_begun")
    return ~exists().where(
        later.c.assignment_id == row.assignment_id,
        later.c.kind == row.kind,
        later.c.round > row.round,
    )


def _unfit_closed(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """Where the item is closed, nothing can be done anew."""
    if told.get("result_rating") != Rating.NOT_SATISFIED:
        return {}
    reply, item = models.table_of("replies"), models.table_of("proposals")
    closed = (
        select(reply.c.id)
        .join(item, item.c.id == reply.c.proposal_id)
        .where(
            reply.c.id.in_([row.id for row in rows]),
            reply.c.kind == ReplyKind.ANSWER,
            item.c.closed_on.is_not(None),
        )
    )
    why = "本件已经办结，不满意的要重新办理：请交办督查先撤回办结，再登记。"
    return dict.fromkeys(session.unchecked_connection().scalars(closed), why)


def _unfit_record(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    return {
        **unfit_before_issue("received_on")(session, rows, told),
        **_unfit_closed(session, rows, told),
    }


def _unfit_correction(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """As for the entry, of the reply that was rated."""
    wrong = unfit_before_issue("received_on")(session, [row.reply for row in rows], told)
    return {row.id: wrong[row.reply_id] for row in rows if row.reply_id in wrong}


def _item_is_current(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The item is neither withdrawn nor merged into another: one that is closed may still be rated."""
    item = models.alias_of("proposals", "current_item")
    return exists().where(
        item.c.id == row.proposal_id, item.c.withdrawn_on.is_(None), item.c.merged_into_id.is_(None)
    )


_CHANGEABLE = every(
    _is_ones_own, of_reply(every(_no_further_round, reply_is_at_work, answers_deputies))
)
_TOO_LATE = "不是您这里填写的，或者已经开始重新办理，或者任务、本件已经结束"
_WHO = {
    DEPUTY: own_feedback,
    AGENCY: through("reply_id", "replies"),
    OFFICE: everything,
}

RATE = Act(
    name="rate",
    label="反馈",
    table="replies",
    who={DEPUTY: issued},
    starts=(ReplyState.ISSUED,),
    when=every(answers_deputies, waits_for_own_rating, _item_is_current),
    otherwise="您已经反馈过，或者已有新一轮的答复",
    answers=_asked(),
    unfit=_unfit_closed,
    write=_rate,
    tells=_TOLD,
    says="已反馈",
    todo="待反馈的答复",
    owed=reply_is_at_work,
    tone="first",
    in_bulk=False,
    help="办理结果不满意的，本件马上交回承办单位重新办理，您会收到新的答复；在单位开始重办以前可以修改。",
)
RECORD = Act(
    name="record_rating",
    label="代录反馈",
    table="replies",
    who={AGENCY: approved, OFFICE: everything},
    starts=(ReplyState.ISSUED,),
    when=every(answers_deputies, somebody_is_unrated, _item_is_current),
    otherwise="应当反馈的都反馈了，或者已有新一轮的答复",
    answers=(
        Answer("deputy_id", "feedbacks", is_required=True, offers=unrated),
        Answer("received_on", "feedbacks", is_required=True, begins=TODAY),
        *_asked(),
    ),
    unfit=_unfit_record,
    write=_record,
    tells=_TOLD,
    says="已代录反馈",
    todo="反馈表没有收回",
    owed=every(reply_is_at_work, a_form_is_out),
    is_awaited=True,
    in_bulk=False,
    help="照代表委员寄回的反馈表录入，会注明是代录的。",
)
CORRECT = Act(
    name="correct_rating",
    label="修改反馈",
    table="feedbacks",
    who=_WHO,
    starts=(),
    when=_CHANGEABLE,
    otherwise=_TOO_LATE,
    answers=(
        Answer("received_on", is_required=True, begins=AS_IT_IS, roles=_PAPER),
        *_asked(AS_IT_IS),
    ),
    unfit=_unfit_correction,
    write=_correct,
    tells=_TOLD,
    says="已修改反馈",
    in_bulk=False,
    help="原来的评价留在变更记录里。",
)
UNRATE = Act(
    name="unrate",
    label="撤回反馈",
    table="feedbacks",
    who=_WHO,
    starts=(),
    when=_CHANGEABLE,
    otherwise=_TOO_LATE,
    write=_unrate,
    says="已撤回反馈",
    in_bulk=False,
)
ACTS = (RATE, RECORD, CORRECT, UNRATE)
