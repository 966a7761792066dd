"""Tells a group's robot (企业微信, 钉钉) once a working day what is overdue, where ROBOT_URL is set.

The address is a secret and never logged. Its host must be one of ROBOT_HOSTS, reached by HTTPS at a public address; it
is looked up once, and the connection goes to just the address that was judged. Redirects are not followed.
"""

import ipaddress
import json
import logging
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import Engine

from domain.messages import mailings
from domain.messages.mailings import Delivered
from domain.messages.overdue import overdue_text
from domain.schema.states import MailState
from domain.storing.session import system_session
from domain.time.clock import Clock
from jobs.running.settings import Settings

NAME = "群消息发送"
TIMEOUT_S = 10
_LARGEST_ANSWER = 64 * 1024
_PORTS = {"https": 443, "http": 80}
_log = logging.getLogger(__name__)


class ForbiddenPlace(Exception):
    """The address is not one to which the program may go; the text says why, without the address."""


@dataclass(frozen=True)
class Target:
    """Where a robot is: its judged address, and what is asked there."""

    host: str
    address: str
    port: int
    path: str
    is_secure: bool


def send_overdue(engine: Engine, settings: Settings, clock: Clock) -> Delivered | None:
    """Tell the robot of today, unless that was done; None where there is nothing to tell, or no robot."""
    if not settings.robot_url:
        return None
    with system_session(engine, NAME, clock) as session:
        text = overdue_text(session, clock().date())
        if text:
            mailings.add_robots(session, text.partition("\n")[0][:200])
        session.flush()
        keys = mailings.waiting(session, mailings.ROBOT) if text else []
        ours = [key for key in keys if mailings.claim(session, key)]
        session.commit()
    if not ours:
        return None
    outcome = post_text(settings, text)
    with system_session(engine, NAME, clock) as session:
        mailings.settle(session, ours[-1], outcome)
        session.commit()
    if outcome != mailings.SENT:
        _log.warning("the robot was not told: %s", outcome.error)
    return outcome


def post_text(settings: Settings, text: str) -> Delivered:
    """Post a text in the form that both kinds of robots take; what became of it."""
    try:
        target = judged(settings)
    except ForbiddenPlace as why:
        return Delivered(MailState.GIVEN_UP, str(why))
    except OSError:
        return Delivered(MailState.WAITING, "查不到机器人的主机，下次再发。")
    try:
        connection = _connected(target)
    except OSError:
        return Delivered(MailState.WAITING, "连不上机器人，下次再发。")
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False)
    try:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        connection.request("POST", target.path, body.encode(), headers)
        answer = connection.getresponse()
        return _outcome(answer.status, answer.read(_LARGEST_ANSWER))
    except (OSError, HTTPException):
        return mailings.BROKEN_OFF
    finally:
        connection.close()


def judged(settings: Settings) -> Target:
    """The robot's place. Raises ForbiddenPlace where the program may not go, OSError where the name leads nowhere."""
    parts, is_private = urlsplit(settings.robot_url), settings.robot_in_own_network
    host = (parts.hostname or "").lower()
    if host not in {one.strip().lower() for one in settings.robot_hosts.split(",")}:
        raise ForbiddenPlace("机器人的主机不在 ROBOT_HOSTS 里，没有发。")
    if not is_private and (parts.scheme != "https" or _port(parts) != _PORTS["https"]):
        raise ForbiddenPlace("机器人的地址要用 https，不写端口，没有发。")
    if parts.username or parts.password:
        raise ForbiddenPlace("机器人的地址里不能有用户名和口令，没有发。")
    found = [
        str(one[4][0]) for one in socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    ]
    if not is_private and not all(ipaddress.ip_address(one).is_global for one in found):
        raise ForbiddenPlace(
            "机器人的主机在内网或本机，没有发；确要用的，设 ROBOT_IN_OWN_NETWORK=1。"
        )
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return Target(host, found[0], _port(parts), path, parts.scheme == "https")


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS.get(parts.scheme, 443)


def _connected(target: Target) -> HTTPConnection:
    """A connection to just the address that was judged, under the robot's name."""
    connection = HTTPConnection(target.host, target.port, timeout=TIMEOUT_S)
    plain = socket.create_connection((target.address, target.port), TIMEOUT_S)
    connection.sock = plain
    if target.is_secure:
        context = ssl.create_default_context()
        connection.sock = context.wrap_socket(plain, server_hostname=target.host)
    return connection


def _outcome(status: int, answer: bytes) -> Delivered:
    """Both kinds answer 200 with an errcode, which is 0 where they took it."""
    if status != 200:
        return Delivered(MailState.WAITING, f"机器人没有收（HTTP {status}），下次再发。")
    try:
        code = json.loads(answer)["errcode"]
    except (ValueError, KeyError, TypeError):
        return Delivered(MailState.WAITING, "机器人的回答看不懂，下次再发。")
    return mailings.SENT if code == 0 else Delivered(MailState.WAITING, f"机器人没有收（{code}）。")
