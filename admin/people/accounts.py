"""Log-in, log-out, the own password and the own sessions; and the gate that every request passes.

Deny by default: a view is reached by a logged-in person only, unless it is marked `open_to_all`. The rules are in
domain/people/accounts.py and domain/people/login_sessions.py; what administrators do for others is in user_access.py.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TypeVar

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Select, select

from admin.frame import edge
from admin.frame.db import db
from admin.frame.frame import parts
from admin.frame.safe_next import safe_next
from admin.people.screens import LoginPage, PasswordPage, SessionsPage, draw_session
from domain import models
from domain.people import passwords
from domain.people.accounts import Accounts
from domain.people.lockout import AccountRefused
from domain.people.login_sessions import LoggedIn, LoginSessions, Visitor
from domain.storing.database import read_only

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

ENDED = "登录已结束：太久没有操作，或者已在别处退出、改了密码。请重新登录。"
NOT_SAVED = "刚才提交的内容没有保存。"
BUSY = "现在登录的人太多，请过几秒钟再试。"
pages = Blueprint("account", __name__)


class Person(UserMixin):
    """The logged-in person of a request, as Flask-Login wants him. His id in the cookie is the session's token."""

    def __init__(self, logged_in: LoggedIn, token: str) -> None:
        self.logged_in = logged_in
        self.token = token

    def get_id(self) -> str:
        return self.token


class _Logins(LoginManager):
    """Flask-Login without its second cookie, whose upkeep would make every answer depend on cookies."""

    def _update_remember_cookie(self, response: object) -> object:
        return response


def init_accounts(app: Flask) -> None:
    """Put the gate in front of every view and add the pages of the account."""
    manager = _Logins(app)
    manager.session_protection = (
        None  # our sessions are rows; an address may change in a working day
    )
    manager.user_loader(_find_person)
    app.before_request(_pass_the_gate)
    app.register_blueprint(pages)
    frame = parts(app)
    frame.account_links += [("修改密码", "account.password"), ("登录情况", "account.sessions")]
    frame.logout_endpoint = "account.log_out"
    frame.area = area_name


def open_to_all(view: View) -> View:
    """Mark a view that needs no log-in."""
    view.is_open_to_all = True  # type: ignore[attr-defined]
    return view


def accounts() -> Accounts:
    """The accounts of this installation."""
    return Accounts(db.engine, edge.now)


def login_sessions() -> LoginSessions:
    """The log-in sessions of this installation."""
    return LoginSessions(db.engine, edge.now)


def visitor() -> Visitor:
    """Where this request comes from."""
    return Visitor(request.remote_addr or "", request.user_agent.string)


def area_name() -> str:
    """The area whose panel this is, for people who have not logged in as well."""
    with read_only(db.engine).connect() as connection:
        return connection.scalar(_area_asked()) or ""


@cache
def _area_asked() -> "Select[str]":
    """What every page asks: made once."""
    setting = models.Setting.__table__.c
    return select(setting.value).where(setting.name == "AREA_NAME")


def person() -> LoggedIn:
    """The logged-in person of this request."""
    found: LoggedIn = current_user.logged_in
    return found


def _find_person(token: str) -> Person | None:
    found = login_sessions().find(token)
    return Person(found, token) if found else None


def _pass_the_gate() -> ResponseReturnValue | None:
    """Say who acts, before any view runs; turn away who has not logged in or must change his password first."""
    endpoint = request.endpoint or ""
    if endpoint == "static":
        return None
    is_open = getattr(current_app.view_functions.get(endpoint), "is_open_to_all", False)
    if not current_user.is_authenticated:
        return None if is_open else _ask_to_log_in()
    edge.act_as(person().actor)
    if person().must_change_password and not is_open and endpoint not in _REACHED_FIRST:
        return redirect(url_for("account.password")) if _is_for_a_page() else _refuse_script()
    return None


_REACHED_FIRST = ("account.password", "account.log_out")


def _ask_to_log_in() -> ResponseReturnValue:
    was_sent = request.method != "GET"
    if session.pop("_user_id", None):
        flash(ENDED + (NOT_SAVED if was_sent else ""), "warn")
    if not _is_for_a_page():
        return _refuse_script()
    is_page = request.url_rule is None or "GET" in (request.url_rule.methods or ())
    wanted = safe_next(request.full_path.rstrip("?")) if is_page else "/"
    return redirect(url_for("account.log_in", next=wanted if wanted != "/" else None))


def _is_for_a_page() -> bool:
    """Whether a person looks at the answer, and not a script."""
    headers = request.headers
    is_script = (
        headers.get("X-Requested-With") == "XMLHttpRequest"
        or headers.get("Sec-Fetch-Dest") == "empty"
        or request.accept_mimetypes.best == "application/json"
    )
    return not is_script


def _refuse_script() -> ResponseReturnValue:
    return jsonify(error="请先登录。", login=url_for("account.log_in")), 401


@pages.route("/login", methods=("GET", "POST"))
@open_to_all
def log_in() -> ResponseReturnValue:
    """Let a person in."""
    wanted = safe_next(request.args.get("next"))
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(wanted)
        return render_template("people/log_in.html", page=LoginPage(area_name()))
    username = request.form.get("username", "")
    try:
        token = accounts().log_in(username, request.form.get("password", ""), visitor())
    except (AccountRefused, passwords.TooBusy) as refused:
        page = LoginPage(area_name(), username[:60], " ".join(_sentences(refused)))
        return render_template("people/log_in.html", page=page), 401
    if current_user.is_authenticated:
        login_sessions().end(_user_id(), person().session_id, visitor())
    _begin_session(token)
    return redirect(wanted)


@pages.route("/logout", methods=("POST",))
def log_out() -> ResponseReturnValue:
    """End this session."""
    login_sessions().end(_user_id(), person().session_id, visitor())
    session.clear()
    flash("您已退出登录。", "good")
    return redirect(url_for("account.log_in"))


@pages.route("/account/password", methods=("GET", "POST"))
def password() -> ResponseReturnValue:
    """Change the own password; with a first or an aged one, nothing else is reached before."""
    if request.method == "GET":
        return _show_password({})
    new = request.form.get("new", "")
    if passwords.normal(new) != passwords.normal(request.form.get("again", "")):
        return _show_password({"again": ["两次输入的新密码不一样。"]})
    current = request.form.get("current", "")
    try:
        token = accounts().change_password(person().username, current, new, visitor())
    except (AccountRefused, passwords.TooBusy) as refused:
        return _show_password({getattr(refused, "field", ""): _sentences(refused)})
    _begin_session(token)
    flash("密码已改。您在别处的登录都已退出。", "good")
    return redirect("/")


@pages.route("/account/sessions")
def sessions() -> ResponseReturnValue:
    """Where the person is logged in."""
    listed = login_sessions().list_open(_user_id())
    page = SessionsPage(tuple(draw_session(s, person().session_id) for s in listed))
    return render_template("people/sessions.html", page=page, title="登录情况")


@pages.route("/account/sessions/<int:session_id>/end", methods=("POST",))
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of the person's sessions."""
    if session_id == person().session_id:
        return log_out()
    if not login_sessions().end(_user_id(), session_id, visitor()):
        abort(404)
    flash("已让那个浏览器退出登录。", "good")
    return redirect(url_for("account.sessions"))


@pages.route("/account/sessions/end-all", methods=("POST",))
def end_all_sessions() -> ResponseReturnValue:
    """End all of the person's sessions, this one too."""
    login_sessions().end_all(_user_id(), visitor())
    session.clear()
    flash("您在所有地方的登录都已退出。", "good")
    return redirect(url_for("account.log_in"))


@pages.route("/account/alive")
@open_to_all
def alive() -> ResponseReturnValue:
    """Tells a page on which somebody is typing whether he is still logged in; passing the gate has noted it.

    With it who is, and the token with which a form of his is taken, which is another one after another log-in.
    """
    if not current_user.is_authenticated or person().must_change_password:
        return jsonify(logged_in=False)
    return jsonify(logged_in=True, user=_user_id(), csrf_token=generate_csrf())


def _begin_session(token: str) -> None:
    """Start the browser's side anew, so that nothing from before the log-in holds: no token, no CSRF token."""
    session.clear()
    found = _find_person(token)
    if found is None:
        abort(401)
    login_user(found)


def _user_id() -> int:
    user_id = person().actor.user_id
    assert user_id is not None  # an actor made from a row of users has its id
    return user_id


def _sentences(refused: AccountRefused | passwords.TooBusy) -> list[str]:
    return list(refused.sentences) if isinstance(refused, AccountRefused) else [BUSY]


def _show_password(errors: Mapping[str, Sequence[str]]) -> ResponseReturnValue:
    page = PasswordPage(person().username, person().must_change_password, errors)
    return render_template("people/password.html", page=page, title="修改密码")
