"""What is to be sent, as rows of `mailings`: one for each person and period, claimed before it goes, settled after.

Never twice: what was claimed and not settled, or broke off while it was sent, may have arrived, and is not sent again.
Not the sending (jobs/work/letters.py, jobs/work/robot.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, func, select, update

from domain import models
from domain.schema.states import MailState
from domain.storing.session import ActorSession

MAIL, ROBOT = "邮件", "机器人"
TRIED_FOR = timedelta(days=7)
"""What could not be sent is tried again for so long; after that it is old news."""
MOST_ATTEMPTS = 5
"""So often something may be refused for a time."""
BROKEN_AFTER = timedelta(minutes=15)
SHOWN = 50
_BROKEN = "发送中途断了，不知道对方收到没有，没有再发。"
_OLD = "很久没有发出，不再发。"


@dataclass(frozen=True)
class Delivered:
    """What became of one attempt: a MailState, and why where it did not arrive."""

    state: str
    error: str = ""


SENT = Delivered(MailState.SENT)
BROKEN_OFF = Delivered(MailState.UNKNOWN, _BROKEN)


@dataclass(frozen=True)
class Letter:
    """One mail: to whom, and what it says."""

    address: str
    subject: str
    text: str


def gather(session: ActorSession) -> int:
    """Make one mailing of what each person with an address has not read and was not mailed yet; how many. Three
    statements, however many people."""
    message, user, mailing = models.Message, models.User, models.Mailing
    waiting = _is_unmailed(session.now())
    found = session.execute(
        select(message.user_id, func.count())
        .join(user, user.id == message.user_id)
        .where(waiting, user.is_active, user.email != "")
        .group_by(message.user_id)
        .order_by(message.user_id)
    ).all()
    now, made = session.now(), list[Any]()
    for user_id, count in found:
        subject = f"建议提案办理消息：{count}条（{now:%Y-%m-%d}）"
        made.append(mailing(channel=MAIL, user_id=user_id, subject=subject, created_at=now))
    session.add_all(made)
    session.flush()
    own = select(func.max(mailing.id)).where(
        mailing.channel == MAIL, mailing.user_id == message.user_id, mailing.created_at == now
    )
    if made:
        session.execute(
            update(message)
            .where(waiting, message.user_id.in_([row.user_id for row in made]))
            .values(mailing_id=own.scalar_subquery())
            .execution_options(synchronize_session=False)
        )
    return len(made)


def _is_unmailed(now: datetime) -> ColumnElement[bool]:
    message = models.Message
    is_news = message.told_at > now - TRIED_FOR
    return and_(message.mailing_id.is_(None), message.read_at.is_(None), is_news)


def add_robots(session: ActorSession, subject: str) -> None:
    """Have the robot told of today, unless that was done."""
    mailing, day = models.Mailing, f"{session.now():%Y-%m-%d}"
    known = select(mailing.id).where(mailing.channel == ROBOT, mailing.period == day)
    if session.scalar(known) is None:
        words = {"period": day, "subject": subject, "created_at": session.now()}
        session.add(mailing(channel=ROBOT, **words))


def give_up_the_old(session: ActorSession) -> None:
    """Settle what broke off, and what has been tried for too long: a robot's news are of one day."""
    mailing, now = models.Mailing, session.now()
    broken = and_(mailing.state == MailState.SENDING, mailing.started_at < now - BROKEN_AFTER)
    _settle(session, broken, BROKEN_OFF)
    of_yesterday = and_(mailing.channel == ROBOT, mailing.period < f"{now:%Y-%m-%d}")
    is_old = (mailing.created_at < now - TRIED_FOR) | of_yesterday
    waiting = and_(mailing.state == MailState.WAITING, is_old)
    given_up = {"state": MailState.GIVEN_UP, "error": func.coalesce(_said(mailing), _OLD)}
    session.execute(
        update(mailing)
        .where(waiting)
        .values(**given_up)
        .execution_options(synchronize_session=False)
    )


def _said(mailing: Any) -> Any:
    return func.nullif(mailing.error, "")


def waiting(session: ActorSession, channel: str) -> Sequence[int]:
    """What is to be sent by this way, the oldest first."""
    mailing = models.Mailing
    query = select(mailing.id).where(mailing.state == MailState.WAITING, mailing.channel == channel)
    return session.scalars(query.order_by(mailing.id)).all()


def claim(session: ActorSession, key: int) -> bool:
    """Take one for sending; False where another has it. The caller commits before it sends."""
    mailing = models.Mailing
    taken = session.execute(
        update(mailing)
        .where(mailing.id == key, mailing.state == MailState.WAITING)
        .values(state=MailState.SENDING, started_at=session.now(), attempts=mailing.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], taken).rowcount > 0


def settle(session: ActorSession, key: int, outcome: Delivered) -> None:
    """Write what became of one that was claimed; what was refused too often is given up."""
    mailing = models.Mailing
    attempts = session.scalar(select(mailing.attempts).where(mailing.id == key)) or 0
    if outcome.state == MailState.WAITING and attempts >= MOST_ATTEMPTS:
        outcome = Delivered(MailState.GIVEN_UP, outcome.error)
    held = and_(mailing.id == key, mailing.state == MailState.SENDING)
    _settle(session, held, outcome)


def _settle(session: ActorSession, which: ColumnElement[bool], outcome: Delivered) -> None:
    sent_at = session.now() if outcome.state == MailState.SENT else None
    session.execute(
        update(models.Mailing)
        .where(which)
        .values(state=outcome.state, error=outcome.error[:300], sent_at=sent_at)
        .execution_options(synchronize_session=False)
    )


def note_unreachable(session: ActorSession, keys: Sequence[int], error: str) -> None:
    """Say why these still wait; nothing was begun, so that it counts as no attempt."""
    mailing = models.Mailing
    still = and_(mailing.id.in_(keys), mailing.state == MailState.WAITING)
    session.execute(
        update(mailing)
        .where(still)
        .values(error=error[:300])
        .execution_options(synchronize_session=False)
    )


def letter(session: ActorSession, key: int) -> Letter | None:
    """The mail as it is to be sent now; None where the person has no address any more."""
    mailing, user, message = models.Mailing, models.User, models.Message
    row = session.execute(
        select(user.email, mailing.subject)
        .join(user, user.id == mailing.user_id)
        .where(mailing.id == key, user.is_active, user.email != "")
    ).first()
    if row is None:
        return None
    told = select(message.kind, message.content).where(message.mailing_id == key)
    lines = [f"【{kind}】{said}" for kind, said in session.execute(told.order_by(message.id))]
    more = [f"……共{len(lines)}条，其余请登录系统查看。"] if len(lines) > SHOWN else []
    text = ["下面的事请您留意，详情请登录系统查看：", "", *lines[:SHOWN], *more]
    return Letter(
        row.email, row.subject, "\n".join([*text, "", "（本邮件由系统自动发出，请勿回复。）"])
    )
