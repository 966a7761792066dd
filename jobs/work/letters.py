"""Sends people what they were told, one mail each, where SMTP_URL is set.

A mail is claimed before it goes. A server that refuses is asked again later, or not, as it says; where it breaks off in
the middle, nobody knows whether the mail arrived, and it is not sent again (domain/messages/mailings.py).
"""

import logging
import smtplib

from sqlalchemy import Engine

from domain.messages import mailings
from domain.messages.mailings import Delivered, Letter
from domain.schema.states import MailState
from domain.storing.session import system_session
from domain.time.clock import Clock
from jobs.running.settings import Settings
from jobs.work.mail import FOR_GOOD, code_of, compose, sender_of, server_of

NAME = "消息发送"
_AWAY = "连不上邮件服务器，下次再发。"
_NO_ADDRESS = "收信人没有邮箱，或者已经停用。"
_REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPResponseException,
    smtplib.SMTPNotSupportedError,
)
_log = logging.getLogger(__name__)


def send_letters(engine: Engine, settings: Settings, clock: Clock) -> int:
    """Send what waits; returns how many mails went out. Never raises on a fault of the mail: the rows say it."""
    if not settings.smtp_url:
        return 0
    with system_session(engine, NAME, clock) as session:
        mailings.gather(session)
        keys = mailings.waiting(session, mailings.MAIL)
        session.commit()
    if not keys:
        return 0
    sent = 0
    try:
        with server_of(settings.smtp_url) as server:
            for key in keys:
                outcome = _send(engine, clock, key, (server, sender_of(settings)))
                sent += outcome == mailings.SENT
                if outcome == mailings.BROKEN_OFF:
                    break  # the others wait for the next time
    except (OSError, smtplib.SMTPException) as fault:
        _log.warning("the mail server cannot be used: %s", type(fault).__name__)
        with system_session(engine, NAME, clock) as session:
            mailings.note_unreachable(session, keys, _AWAY)
            session.commit()
    return sent


def _send(engine: Engine, clock: Clock, key: int, by: tuple[smtplib.SMTP, str]) -> Delivered | None:
    """Claim one, send it, write what became of it; None where another has it."""
    with system_session(engine, NAME, clock) as session:
        is_ours, letter = mailings.claim(session, key), mailings.letter(session, key)
        session.commit()
    if not is_ours:
        return None
    outcome = _post(letter, by, clock) if letter else Delivered(MailState.GIVEN_UP, _NO_ADDRESS)
    with system_session(engine, NAME, clock) as session:
        mailings.settle(session, key, outcome)
        session.commit()
    return outcome


def _post(letter: Letter, by: tuple[smtplib.SMTP, str], clock: Clock) -> Delivered:
    server, sender = by
    try:
        message = compose((sender, letter.address), letter.subject, letter.text, clock())
        server.send_message(message)
    except ValueError:
        return Delivered(MailState.GIVEN_UP, "邮箱地址不能用，请改正。")
    except smtplib.SMTPServerDisconnected:
        return mailings.BROKEN_OFF
    except _REFUSALS as refusal:
        code = code_of(refusal)
        state = MailState.GIVEN_UP if code >= FOR_GOOD else MailState.WAITING
        return Delivered(state, f"邮件服务器没有收（{code}）。")
    except OSError:
        return mailings.BROKEN_OFF
    return mailings.SENT
