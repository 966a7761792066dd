"""How a user gets in, for the administrator: first password, unlocking, ending his sessions.

Reached from the user's details page. The generated forms never touch a password.
"""

from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from admin.frame import edge
from admin.frame.links import Link
from admin.people.accounts import accounts, login_sessions, visitor
from admin.people.screens import AccessPage, draw_session
from admin.tables.additions import additions
from admin.tables.desk import Desk, desk_at
from admin.tables.drawing import row_url
from domain import models

pages = Blueprint("user_access", __name__, url_prefix="/account/of/<int:user_id>")


def init_user_access(app: Flask) -> None:
    """Add the pages, and the way to them from a user."""
    app.register_blueprint(pages)
    additions(app).row_links.append(_link_from)
    additions(app).next_steps["users"] = _first_password_next


@pages.route("/")
def show(user_id: int) -> ResponseReturnValue:
    """Whether and how the user gets in, and what can be done about it."""
    return _show(_find(user_id))


@pages.route("/first-password", methods=("POST",))
def give_first_password(user_id: int) -> ResponseReturnValue:
    """Give the user a new first password and show it, once."""
    user = _find(user_id)
    if user.id == edge.actor().user_id:
        abort(403, "自己的密码请在“修改密码”里改。")
    had_one = bool(user.password_changed_at)
    _let_go()
    password = accounts().give_first_password(user_id, edge.actor(), visitor())
    return _show(_find(user_id), password, had_one)


@pages.route("/unlock", methods=("POST",))
def unlock(user_id: int) -> ResponseReturnValue:
    """Lift the lock that wrong passwords have put on the user."""
    _find(user_id)
    _let_go()
    accounts().unlock(user_id, edge.actor(), visitor())
    flash("已解锁，现在可以登录。", "good")
    return redirect(url_for(".show", user_id=user_id))


@pages.route("/end-sessions", methods=("POST",))
def end_sessions(user_id: int) -> ResponseReturnValue:
    """End every session of the user."""
    _find(user_id)
    _let_go()
    login_sessions().end_all(user_id, visitor(), edge.actor())
    flash("已让这位用户在所有地方退出登录。", "good")
    return redirect(url_for(".show", user_id=user_id))


def _link_from(desk: Desk, row: models.Row) -> Link | None:
    if desk.words.name != "users" or not desk.may_on("update", row):
        return None
    return Link("登录与密码", url_for("user_access.show", user_id=row.id))


def _first_password_next(desk: Desk, row: models.Row) -> Link:
    """What is left to do for a new user: nobody gets in without a password."""
    said = "下一步：在“登录与密码”里设初始密码，抄给本人。"
    return Link(said, url_for("user_access.show", user_id=row.id))


def _find(user_id: int) -> "models.User":
    """The user. Aborts where he is not the acting person's to see, or to keep."""
    desk = desk_at("users")
    if not desk.may("read"):
        abort(404)
    user = desk.find(str(user_id))
    assert isinstance(user, models.User)
    if not desk.may_on("update", user):
        abort(403)
    return user


def _let_go() -> None:
    """End the request's own transaction, which would hold up the program's."""
    edge.session().rollback()


def _show(user: "models.User", password: str = "", was_reset: bool = False) -> ResponseReturnValue:
    page = AccessPage(
        user_id=user.id,
        username=user.username,
        full_name=user.full_name,
        user_url=row_url("users", user.id),
        standing=_standing(user),
        last_login=_say(user.last_login_at, "还没有登录过"),
        password_set=_say(user.password_changed_at, "还没有密码，不能登录"),
        sessions=tuple(draw_session(s, None) for s in login_sessions().list_open(user.id)),
        is_locked=_is_locked(user),
        is_self=user.id == edge.actor().user_id,
        has_password=bool(user.password_changed_at),
        password=password,
        was_reset=was_reset,
    )
    return render_template("people/user_access.html", page=page, title="登录与密码")


def _is_locked(user: "models.User") -> bool:
    return user.locked_until is not None and user.locked_until > edge.now()


def _standing(user: "models.User") -> str:
    if not user.is_active:
        return "已停用"
    if not user.password_changed_at:
        return "还没有密码"
    return f"已锁定至 {user.locked_until:%H:%M}" if _is_locked(user) else "可以登录"


def _say(instant: Any, nothing: str) -> str:
    return f"{instant:%Y-%m-%d %H:%M}" if instant else nothing
