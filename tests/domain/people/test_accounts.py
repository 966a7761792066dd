"""Accounts: lock-out, sessions that end when they should, passwords that do not come back, a last administrator."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain import models
from domain.access.rule import NotAllowed
from domain.actors import ADMIN, AUDITOR, OFFICE, Actor
from domain.people import passwords
from domain.people.account_limits import AccountLimits, read_limits
from domain.people.lockout import AccountRefused
from domain.people.login_sessions import Visitor
from domain.storing import bulk
from domain.storing.session import ActorSession, actor_session
from tests.ground.door import CHEAP, DESK, NEW_PASSWORD, PASSWORD, Door

WRONG = "登录名或密码不对。连续输错 5 次，将暂停登录 15 分钟。"
LOCKED = "输错的次数太多，暂时不能登录。请 15 分钟后再试，或请系统管理员解锁。"


def refusal(door: Door, username: str, password: str, visitor: Visitor = DESK) -> str:
    with pytest.raises(AccountRefused) as refused:
        door.accounts.log_in(username, password, visitor)
    return " ".join(refused.value.sentences)


def fail(door: Door, username: str, times: int, visitor: Visitor = DESK) -> list[str]:
    return [refusal(door, username, "wrong", visitor) for _ in range(times)]


def admin_of(door: Door) -> Actor:
    with door.truth() as session:
        return Actor.of(session.scalars(select(models.User).filter_by(username="admin")).one())


# ---- log-in and lock-out


def test_the_right_password_opens_a_session_of_which_only_the_hash_is_kept(door: Door) -> None:
    token = door.accounts.log_in("school", PASSWORD, DESK)
    found = door.sessions.find(token)
    assert found is not None
    assert found.actor.role == "承办单位联络员"
    with door.truth() as session:
        row = session.scalars(select(models.UserSession)).one()
        user = session.get_one(models.User, row.user_id)
        assert token not in {str(v) for v in vars(row).values()}
        assert (row.address, row.role) == (DESK.address, user.role)
        assert user.last_login_at == door.clock.now
    assert door.events("school") == ["登录"]


@pytest.mark.parametrize("name", ["school", "nobody-of-that-name"])
def test_five_failures_lock_a_name_whether_or_not_it_exists(door: Door, name: str) -> None:
    assert fail(door, name, 7) == [WRONG] * 5 + [LOCKED] * 2
    assert door.events(name) == ["失败"] * 5 + ["锁定"]


def test_a_locked_name_is_refused_even_with_the_right_password(door: Door) -> None:
    fail(door, "school", 5)
    assert refusal(door, "school", PASSWORD) == LOCKED
    door.clock.pass_(minutes=14, seconds=59)
    assert refusal(door, "school", PASSWORD) == LOCKED
    door.clock.pass_(seconds=1)
    assert door.accounts.log_in("school", PASSWORD, DESK)


def test_after_a_lock_there_are_five_new_tries(door: Door) -> None:
    fail(door, "school", 5)
    door.clock.pass_(minutes=15)
    assert fail(door, "school", 6) == [WRONG] * 5 + [LOCKED]


def test_failures_of_an_hour_ago_do_not_count(door: Door) -> None:
    fail(door, "school", 4)
    door.clock.pass_(hours=1)
    assert fail(door, "school", 4) == [WRONG] * 4
    assert door.accounts.log_in("school", PASSWORD, DESK)


def test_a_success_starts_the_count_anew(door: Door) -> None:
    for _ in range(3):
        fail(door, "school", 4)
        assert door.accounts.log_in("school", PASSWORD, DESK)
    assert "锁定" not in door.events("school")


def test_of_many_guesses_at_once_only_five_get_an_answer(door: Door) -> None:
    guesses = ["wrong"] * 15 + [PASSWORD]

    def guess(password: str) -> str:
        try:
            door.accounts.log_in("school", password, DESK)
        except AccountRefused as refused:
            return refused.sentences[0]
        return "in"

    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(guess, guesses))
    assert answers.count(WRONG) == 5
    assert answers.count(LOCKED) == 11
    assert sorted(door.events("school")) == ["失败"] * 5 + ["锁定"]


def test_wrong_passwords_of_others_do_not_end_a_running_session(door: Door) -> None:
    token = door.accounts.log_in("school", PASSWORD, DESK)
    fail(door, "school", 5, Visitor("10.0.0.9"))
    assert refusal(door, "school", PASSWORD) == LOCKED
    assert door.sessions.find(token)


def test_an_address_that_tries_many_names_is_refused_for_all_of_them(door: Door) -> None:
    door.set("LOGIN_ADDRESS_TRIES", "10")
    for number in range(10):
        fail(door, f"name-{number}", 1)
    assert "网络地址" in refusal(door, "school", PASSWORD)
    assert door.accounts.log_in("school", PASSWORD, Visitor("10.0.0.9"))
    door.clock.pass_(minutes=15)
    assert door.accounts.log_in("school", PASSWORD, DESK)


def test_a_refused_address_costs_no_hash(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(door, "school", 5)
    monkeypatch.setattr(passwords, "verify", lambda *_: pytest.fail("a hash was made"))
    assert refusal(door, "school", PASSWORD) == LOCKED


def test_known_and_unknown_names_both_cost_one_hash(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    verify = passwords.verify
    monkeypatch.setattr(
        passwords, "verify", lambda kept, typed: seen.append(kept) or verify(kept, typed)
    )
    fail(door, "school", 1)
    fail(door, "nobody", 1)
    assert len(seen) == 2
    assert seen[1] == ""


@pytest.mark.parametrize("typed", ["", " ", "x" * 5000, "密码", "a\0b", "\ud800"])
def test_whatever_is_typed_gets_the_same_sentence(door: Door, typed: str) -> None:
    assert refusal(door, "school", typed) == WRONG


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\0b", "\ud800", "' OR 1=1 --", "ｓｃｈｏｏｌ"])
def test_a_strange_name_gets_the_same_sentence(door: Door, name: str) -> None:
    assert refusal(door, name, PASSWORD) == WRONG


def test_a_name_is_the_same_in_large_letters_and_so_is_its_lock(door: Door) -> None:
    assert door.accounts.log_in(" School", PASSWORD, DESK)
    for name in ("school", "SCHOOL", "School", "sCHOOL", "schooL"):
        fail(door, name, 1)
    assert refusal(door, "SchooL", PASSWORD) == LOCKED
    assert set(door.events("school")) == {"登录", "失败", "锁定"}
    assert door.accounts.find_user_id("ADMIN") == door.id_of("admin")


def test_a_second_account_whose_name_differs_in_large_letters_alone_is_refused(door: Door) -> None:
    with pytest.raises(AccountRefused, match="登录名“admin”已被使用。"):
        door.accounts.create_admin("Admin", "石磊")
    with pytest.raises(IntegrityError, match="ck_users_lower"), door.truth() as session:
        session.add(models.User(username="Admin", full_name="石磊", role=ADMIN))
        session.commit()


def test_a_user_without_a_password_or_out_of_use_cannot_come_in(door: Door) -> None:
    door.change("housing", is_active=False)
    door.change("deputy", password_hash="")
    assert refusal(door, "housing", PASSWORD) == WRONG
    assert refusal(door, "deputy", "") == WRONG


def test_an_administrator_unlocks(door: Door) -> None:
    fail(door, "school", 5)
    door.accounts.unlock(door.id_of("school"), admin_of(door), DESK)
    assert door.accounts.log_in("school", PASSWORD, DESK)
    assert door.events("school")[-2:] == ["解锁", "登录"]


def test_a_hash_of_old_parameters_is_renewed_at_log_in_and_nobody_notices(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = door.accounts.log_in("school", PASSWORD, DESK)
    logged = door.counts()["change_log"]
    monkeypatch.setattr(passwords, "HASHER", passwords.PasswordHasher(1, 16, 1))
    door.accounts.log_in("school", PASSWORD, DESK)
    assert door.counts()["change_log"] == logged
    with door.truth() as session:
        user = session.scalars(select(models.User).filter_by(username="school")).one()
        assert "m=16," in user.password_hash
    assert door.sessions.find(before)
    assert door.accounts.log_in("school", PASSWORD, DESK)


# ---- sessions


def test_a_session_ends_after_half_an_hour_without_a_request(door: Door) -> None:
    token = door.accounts.log_in("school", PASSWORD, DESK)
    for _ in range(4):
        door.clock.pass_(minutes=29)
        assert door.sessions.find(token)
    door.clock.pass_(minutes=30)
    assert door.sessions.find(token) is None
    assert door.events("school") == ["登录", "超时"]
    assert door.sessions.find(token) is None
    assert door.events("school") == ["登录", "超时"]


def test_a_session_ends_after_twelve_hours_however_busy(door: Door) -> None:
    token = door.accounts.log_in("school", PASSWORD, DESK)
    for _ in range(47):
        door.clock.pass_(minutes=15)
        assert door.sessions.find(token)
    door.clock.pass_(minutes=15)
    assert door.sessions.find(token) is None


def test_the_office_sets_the_limits_and_nonsense_counts_as_unset(door: Door) -> None:
    door.set("SESSION_IDLE_MINUTES", " 10 ")
    door.set("SESSION_MAX_HOURS", "forever")
    door.set("LOGIN_TRIES", "1000000")
    door.set("LOGIN_LOCK_MINUTES", "-5")
    door.set("SESSIONS_PER_USER", "二")
    with door.truth() as session:
        assert read_limits(session) == AccountLimits(idle_minutes=10)
    token = door.accounts.log_in("school", PASSWORD, DESK)
    door.clock.pass_(minutes=10)
    assert door.sessions.find(token) is None


def test_it_is_noted_once_a_minute_that_somebody_is_there(door: Door) -> None:
    token = door.accounts.log_in("school", PASSWORD, DESK)
    began = door.clock.now
    seen = []
    for _ in range(5):
        door.clock.pass_(seconds=25)
        door.sessions.find(token)
        with door.truth() as session:
            row = session.scalars(select(models.UserSession)).one()
            seen.append((row.seen_at - began).seconds)
    assert seen == [0, 0, 75, 75, 75]


def test_a_page_does_not_wait_for_an_import_to_note_that_somebody_is_there(door: Door) -> None:
    token = door.accounts.log_in("school", PASSWORD, DESK)
    door.clock.pass_(minutes=5)
    with door.truth() as importing:
        importing.add(models.Setting(name="BUSY", label="忙"))
        importing.flush()
        assert door.sessions.find(token)
    assert door.sessions.find(token)
    door.clock.pass_(minutes=29)
    assert door.sessions.find(token)


@pytest.mark.parametrize(
    "change",
    [{"is_active": False}, {"role": AUDITOR}, {"password_hash": CHEAP.hash("another")}],
    ids=["out of use", "other role", "other password"],
)
def test_a_change_of_the_user_ends_his_sessions_for_good(
    door: Door, change: dict[str, object]
) -> None:
    token = door.accounts.log_in("office", PASSWORD, DESK)
    others = door.accounts.log_in("school", PASSWORD, DESK)
    with door.truth() as session:
        user = session.scalars(select(models.User).filter_by(username="office")).one()
        before = {name: getattr(user, name) for name in change}
    door.change("office", **change)
    assert door.sessions.find(token) is None
    door.change("office", **before)
    assert door.sessions.find(token) is None
    assert door.sessions.find(others)


def test_a_change_past_the_program_ends_sessions_too(door: Door) -> None:
    token = door.accounts.log_in("office", PASSWORD, DESK)
    users = models.User.__table__
    with door.engine.begin() as connection:
        connection.execute(users.update().where(users.c.username == "office").values(role=AUDITOR))
    assert door.sessions.find(token) is None


def test_another_unit_shows_in_the_next_request(door: Door) -> None:
    token = door.accounts.log_in("school", PASSWORD, DESK)
    with door.truth() as session:
        other = session.scalars(select(models.User.unit_id).filter_by(username="housing")).one()
    door.change("school", unit_id=other)
    found = door.sessions.find(token)
    assert found
    assert found.actor.unit_id == other


def test_the_sixth_browser_puts_the_first_one_out(door: Door) -> None:
    tokens = []
    for _ in range(6):
        tokens.append(door.accounts.log_in("school", PASSWORD, DESK))
        door.clock.pass_(seconds=5)
    assert [bool(door.sessions.find(token)) for token in tokens] == [False] + [True] * 5


def test_nobody_ends_another_persons_session(door: Door) -> None:
    token = door.accounts.log_in("school", PASSWORD, DESK)
    found = door.sessions.find(token)
    assert found
    assert not door.sessions.end(door.id_of("housing"), found.session_id, DESK)
    assert door.sessions.find(token)


def test_a_token_that_nobody_holds_finds_nobody(door: Door) -> None:
    for token in ("", "x", "\ud800", "0" * 10000):
        assert door.sessions.find(token) is None


# ---- passwords


def change(door: Door, new: str, current: str = PASSWORD) -> str:
    return door.accounts.change_password("school", current, new, DESK)


def test_a_changed_password_ends_every_session_and_opens_a_new_one(door: Door) -> None:
    here, there = (door.accounts.log_in("school", PASSWORD, DESK) for _ in range(2))
    token = change(door, NEW_PASSWORD)
    assert door.sessions.find(here) is None
    assert door.sessions.find(there) is None
    assert door.sessions.find(token)
    assert refusal(door, "school", PASSWORD) == WRONG
    assert door.accounts.log_in("school", NEW_PASSWORD, DESK)


def test_the_last_five_passwords_do_not_come_back(door: Door) -> None:
    used = [PASSWORD, *(f"Kf7m-x2Qp-9tW{letter}" for letter in "ABCDE")]
    for current, new in pairwise(used):
        for former in used[used.index(new) - 1 :: -1][:5]:
            with pytest.raises(AccountRefused, match="最近 5 个"):
                change(door, former, current)
        change(door, new, current)
    assert change(door, PASSWORD, used[-1])
    assert door.counts()["former_passwords"] == 4


def test_a_password_with_the_users_unit_or_area_is_refused(door: Door) -> None:
    door.set("AREA_NAME", "鱼峰区")
    for part in ("school", "鱼峰区", "鱼峰区教育局", "教育局"):
        with pytest.raises(AccountRefused, match="不能有"):
            change(door, f"Kf7m-x2Qp-{part}")


def test_a_wrong_current_password_counts_as_a_failed_log_in(door: Door) -> None:
    token = door.accounts.log_in("school", PASSWORD, DESK)
    for _ in range(5):
        with pytest.raises(AccountRefused) as refused:
            change(door, NEW_PASSWORD, "wrong")
        assert refused.value.field == "current"
    assert door.sessions.find(token)
    assert refusal(door, "school", PASSWORD) == LOCKED


def test_no_password_and_no_hash_gets_into_the_change_log(door: Door) -> None:
    change(door, NEW_PASSWORD)
    with door.truth() as session:
        changes = [str(e.changes) for e in session.scalars(select(models.ChangeLog))]
    assert any("（不记录）" in each for each in changes)
    assert not any("argon2" in each or NEW_PASSWORD in each for each in changes)


def test_an_old_password_must_be_changed(door: Door) -> None:
    door.clock.pass_(days=88)
    token = door.accounts.log_in("school", PASSWORD, DESK)
    found = door.sessions.find(token)
    assert found
    assert not found.must_change_password
    door.clock.pass_(days=1)
    found = door.sessions.find(door.accounts.log_in("school", PASSWORD, DESK))
    assert found
    assert found.must_change_password
    door.set("PASSWORD_MAX_DAYS", "0")
    found = door.sessions.find(door.accounts.log_in("school", PASSWORD, DESK))
    assert found
    assert not found.must_change_password


def test_a_first_password_must_be_changed_and_is_logged_as_the_administrators_doing(
    door: Door,
) -> None:
    before = door.accounts.log_in("school", PASSWORD, DESK)
    fail(door, "school", 5)
    first = door.accounts.give_first_password(door.id_of("school"), admin_of(door), DESK)
    assert door.sessions.find(before) is None
    found = door.sessions.find(door.accounts.log_in("school", first, DESK))
    assert found
    assert found.must_change_password
    found = door.sessions.find(change(door, NEW_PASSWORD, first))
    assert found
    assert not found.must_change_password
    by_admin, log = door.id_of("admin"), models.ChangeLog
    with door.truth() as session:
        asked = select(log.table_name, log.actor_name).where(log.user_id == by_admin)
        assert session.execute(asked).all() == [("users", "系统管理员·admin")]


def test_an_administrator_is_made_with_a_password_shown_once(door: Door) -> None:
    first = door.accounts.create_admin("boss", "石磊")
    found = door.sessions.find(door.accounts.log_in("boss", first, DESK))
    assert found
    assert (found.actor.role, found.must_change_password) == (ADMIN, True)
    with pytest.raises(AccountRefused, match="已被使用"):
        door.accounts.create_admin("boss", "石磊")
    with pytest.raises(AccountRefused, match="登录名要有"):
        door.accounts.create_admin(" ", "石磊")


# ---- the last administrator


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": AUDITOR}, None])
def test_the_last_active_administrator_stays(door: Door, change: dict[str, object] | None) -> None:
    for as_person in (True, False):
        with actor_session(
            door.engine, admin_of(door) if as_person else Actor.system("测试"), door.clock
        ) as session:
            user = session.scalars(select(models.User).filter_by(username="admin")).one()
            if change is None:
                session.delete(user)
            for name, value in (change or {}).items():
                setattr(user, name, value)
            with pytest.raises(NotAllowed, match="最后一位"):
                session.commit()
    assert door.accounts.log_in("admin", PASSWORD, DESK)


def test_an_administrator_goes_when_another_stays_or_comes(door: Door) -> None:
    door.accounts.create_admin("boss", "石磊")
    door.change("admin", is_active=False)
    with door.truth() as session:
        boss = session.scalars(select(models.User).filter_by(username="boss")).one()
        office = session.scalars(select(models.User).filter_by(username="office")).one()
        boss.role, office.role = AUDITOR, ADMIN
    with pytest.raises(NotAllowed):
        door.change("office", role=AUDITOR)


def test_an_administrator_out_of_use_does_not_count(door: Door) -> None:
    door.accounts.create_admin("boss", "石磊")
    door.change("boss", is_active=False)
    with pytest.raises(NotAllowed):
        door.change("admin", is_active=False)
    door.change("boss", role=AUDITOR)


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": AUDITOR}, None])
def test_an_import_keeps_the_last_administrator_too(
    door: Door, change: dict[str, object] | None
) -> None:
    with pytest.raises(NotAllowed, match="最后一位"), door.truth() as session:
        admin_id = user_id(session, "admin")
        row = bulk.read_rows(session, models.User, [admin_id])[admin_id]
        if change is None:
            bulk.delete_rows(session, models.User, [row], str)
        else:
            bulk.update_rows(session, models.User, [(row, change)], str)
    assert door.accounts.log_in("admin", PASSWORD, DESK)


def test_an_import_that_changes_a_role_ends_the_sessions(door: Door) -> None:
    token = door.accounts.log_in("office", PASSWORD, DESK)
    for role in (AUDITOR, OFFICE):
        with door.truth() as session:
            office_id = user_id(session, "office")
            row = bulk.read_rows(session, models.User, [office_id])[office_id]
            bulk.update_rows(session, models.User, [(row, {"role": role})], str)
    assert door.sessions.find(token) is None


def user_id(session: ActorSession, username: str) -> int:
    return session.scalars(select(models.User.id).filter_by(username=username)).one()


def test_two_administrators_cannot_remove_each_other_at_once(door: Door) -> None:
    door.accounts.create_admin("boss", "石磊")

    def remove(name: str) -> bool:
        try:
            door.change(name, is_active=False)
        except NotAllowed:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(remove, ["admin", "boss"])) == [False, True]
