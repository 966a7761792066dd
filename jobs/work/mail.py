"""Sends the reminders by e-mail where SMTP_URL is set; what fails is tried again at the next check.

Not here: to whom and in what words (domain/dues/digests.py).
"""

import logging
import smtplib
import socket
import ssl
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine

from domain.dues.digests import Digest, mark_mailed, unsent
from domain.storing.session import system_session
from domain.time.clock import SHANGHAI, Clock
from jobs.running.settings import Settings

TIMEOUT_S = 20
_PORTS = {"smtp": 25, "smtps": 465}
FOR_GOOD = 500
"""From this answer on a server refuses for good."""
_log = logging.getLogger(__name__)


def send_digests(engine: Engine, settings: Settings, clock: Clock, on: date) -> int:
    """Send what is unsent as of `on`, one mail a person; returns how many mails went out.

    Never raises on a fault of the mail: it is logged, and the reminders wait for the next check. That they do as long
    as one of their addresses could not be reached, so the others get them again; an address that the server refuses
    for good holds nobody up and is not tried again.
    """
    if not settings.smtp_url:
        return 0
    with system_session(engine, "邮件提醒", clock) as session:
        digests = list(unsent(session, on))
    if not digests:
        return 0
    post = _Post(sender_of(settings), clock())
    try:
        with server_of(settings.smtp_url) as server:
            post.send_all(server, _by_address(digests))
    except (OSError, ValueError, smtplib.SMTPException) as fault:
        _log.warning("not all reminders were mailed, next try at the next check: %s", fault)
    with system_session(engine, "邮件提醒", clock) as session:
        for digest in digests:
            if post.settled.issuperset(digest.addresses):
                mark_mailed(session, digest, post.now)
        session.commit()
    return post.sent


class _Post:
    """The mails of one check: what was sent, and which addresses are settled by it."""

    def __init__(self, sender: str, now: datetime) -> None:
        self.sender, self.now = sender, now
        self.sent = 0
        self.settled: set[str] = set()

    def send_all(self, server: smtplib.SMTP, by_address: dict[str, list[Digest]]) -> None:
        for address, digests in by_address.items():
            if self._send(server, address, digests):
                self.settled.add(address)

    def _send(self, server: smtplib.SMTP, address: str, digests: list[Digest]) -> bool:
        """Whether the matter of this address is settled: sent, or refused for good."""
        try:
            server.send_message(self._message(address, digests))
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as refusal:
            code, first = code_of(refusal), digests[0]  # the address is a person's: not for the log
            whose = f"the {first.audience} of unit {first.unit_id}"
            _log.warning("a mail to %s was refused with %d", whose, code)
            return code >= FOR_GOOD
        self.sent += 1
        return True

    def _message(self, address: str, digests: list[Digest]) -> EmailMessage:
        text = "\n\n".join(digest.text for digest in digests)
        return compose((self.sender, address), digests[0].subject, text, self.now)


def compose(way: tuple[str, str], subject: str, text: str, now: datetime) -> EmailMessage:
    """A mail from one address to another. Raises ValueError on an address that cannot be written."""
    message, (sender, address) = EmailMessage(), way
    message["Subject"] = subject
    message["From"], message["To"] = sender, address
    message["Date"] = format_datetime(now.replace(tzinfo=SHANGHAI))
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message.set_content(text)
    return message


def _by_address(digests: Iterable[Digest]) -> dict[str, list[Digest]]:
    found: dict[str, list[Digest]] = defaultdict(list)
    for digest in digests:
        for address in digest.addresses:
            found[address].append(digest)
    return found


@contextmanager
def server_of(url: str) -> Iterator[smtplib.SMTP]:
    """The server of SMTP_URL, logged in where the URL names a user; STARTTLS where it offers it."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or _PORTS.get(parts.scheme, 25)
    context, name = ssl.create_default_context(), socket.gethostname()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, name, timeout=TIMEOUT_S, context=context
        )
    else:
        server = smtplib.SMTP(host, port, name, timeout=TIMEOUT_S)
    with server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def code_of(refusal: Exception) -> int:
    """The server's answer as a number; an address that cannot even be written is refused for good."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in refusal.recipients.values())
    return (
        int(refusal.smtp_code) if isinstance(refusal, smtplib.SMTPResponseException) else FOR_GOOD
    )


def sender_of(settings: Settings) -> str:
    """The sender of our mails: as it was set, else whom SMTP_URL logs in."""
    parts = urlsplit(settings.smtp_url)
    return settings.mail_from or unquote(parts.username or f"banli@{parts.hostname}")
