"""The log-in record tells what a user did from what others did to him, and names them."""

from sqlalchemy import select

from domain import models
from domain.people.accounts import BY_COMMAND
from domain.people.login_sessions import Visitor
from tests.domain.people.test_accounts import admin_of, change, fail
from tests.ground.door import DESK, NEW_PASSWORD, Door


def deeds(door: Door, username: str) -> list[tuple[str, str, int | None]]:
    """What others did to a user by the log-in record: what, who, and the id that he has as a user."""
    with door.truth() as session:
        log = models.Login
        asked = select(log.event, log.actor_name, log.actor_id).filter_by(username=username)
        return [tuple(row) for row in session.execute(asked.order_by(log.id)) if row[1]]


def test_the_log_in_record_tells_what_the_administrator_did_from_what_the_user_did(
    door: Door,
) -> None:
    admin, school = admin_of(door), door.id_of("school")
    first = door.accounts.give_first_password(school, admin, DESK)
    change(door, NEW_PASSWORD, first)
    fail(door, "school", 5)
    door.accounts.unlock(school, admin, DESK)
    door.sessions.end_all(school, DESK, admin)
    door.sessions.end_all(school, DESK)
    events = ["重置密码", "改密", *["失败"] * 5, "锁定", "解锁", "退出", "退出"]
    assert door.events("school") == events
    by = ("系统管理员·admin", door.id_of("admin"))
    assert deeds(door, "school") == [("重置密码", *by), ("解锁", *by), ("退出", *by)]


def test_a_password_given_by_a_command_names_the_command(door: Door) -> None:
    door.accounts.create_admin("boss", "石磊")
    door.accounts.give_first_password(door.id_of("boss"), BY_COMMAND, Visitor())
    assert deeds(door, "boss") == [("初始密码", "命令行", None), ("重置密码", "命令行", None)]
    door.change("school", password_hash="")
    door.accounts.give_first_password(door.id_of("school"), admin_of(door), DESK)
    assert [event for event, *_ in deeds(door, "school")] == ["初始密码"]


def test_after_a_reset_there_are_five_new_tries(door: Door) -> None:
    fail(door, "school", 4)
    door.accounts.give_first_password(door.id_of("school"), admin_of(door), DESK)
    fail(door, "school", 4)
    assert "锁定" not in door.events("school")
