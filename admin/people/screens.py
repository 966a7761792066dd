"""What the templates of the account are given: one frozen value per page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.people.login_sessions import OpenSession

_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("QQBrowser/", "QQ浏览器"),
    ("MetaSr", "搜狗浏览器"),
    ("360", "360浏览器"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("Mac OS", "macOS"),
    ("UOS", "统信UOS"),
    ("Kylin", "麒麟"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class LoginPage:
    """The log-in page, perhaps after a refusal."""

    area: str
    username: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class PasswordPage:
    """The change of the own password. ``errors``: field ('' for none) -> sentences."""

    username: str
    is_forced: bool
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class SessionLine:
    """One browser in which the person is logged in."""

    id: int
    browser: str
    address: str
    created: str
    seen: str
    is_this: bool


@dataclass(frozen=True)
class SessionsPage:
    """The browsers in which the person is logged in."""

    sessions: tuple[SessionLine, ...]


@dataclass(frozen=True)
class AccessPage:
    """How a user gets in, as an administrator sees it. ``password`` is a new first password, shown this once.

    ``was_reset``: it takes the place of one that the user had.
    """

    user_id: int
    username: str
    full_name: str
    user_url: str
    standing: str
    last_login: str
    password_set: str
    sessions: tuple[SessionLine, ...]
    is_locked: bool
    is_self: bool
    has_password: bool
    password: str = ""
    was_reset: bool = False


def draw_session(opened: OpenSession, this_id: int | None) -> SessionLine:
    """A session in words; ``this_id`` is the session of the one who looks."""
    return SessionLine(
        opened.id,
        name_of_browser(opened.user_agent),
        opened.address,
        f"{opened.created_at:%Y-%m-%d %H:%M}",
        f"{opened.seen_at:%Y-%m-%d %H:%M}",
        opened.id == this_id,
    )


def name_of_browser(user_agent: str) -> str:
    """「Chrome 120，Windows」, as far as the browser tells."""
    browser = next((b for b in _BROWSERS if b[0] in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser is None:
        return system or "未知浏览器"
    version = re.search(re.escape(browser[0]) + r"(\d+)", user_agent)
    words = f"{browser[1]} {version.group(1)}" if version else browser[1]
    return f"{words}，{system}" if system else words
