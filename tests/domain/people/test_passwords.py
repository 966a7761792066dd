"""Passwords: which are good enough, how they are kept, and that a flood of log-ins stays small."""

import threading
import time

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from domain.people import passwords
from domain.people.passwords import faults_of, hash_password, is_outdated, make_password, verify

NAMES = ["jyj", "覃小芸", "鱼峰区", "柳州市鱼峰区教育局", "区教育局"]


@pytest.mark.parametrize(
    "password",
    ["Kf7m-x2Qp-9tWr", "correct Horse 7 staple", "白日依山尽Huang7he", "xK9$mmmmq2"],
)
def test_a_long_mixed_password_is_good(password: str) -> None:
    assert faults_of(password, NAMES) == []


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "至少 10 个字符，现在是 0 个"),
        ("Kf7m-x2Qp", "至少 10 个字符，现在是 9 个"),
        ("Kf7m-x2Qp" * 20, "最多 128 个字符"),
        ("kf7mx2qp9twr", "至少 3 种"),
        ("KFMXQPTWRZ-KF", "至少 3 种"),
        ("Jyj-4Kd9mQw2", "不能有“jyj”"),
        ("4Kd9-JYJ-mQw2", "不能有“jyj”"),
        ("芸小覃Kd9mQw24", "不能有“覃小芸”"),
        ("区教育局Kd9mQw24", "不能有“区教育局”"),
        ("Password123!", "太常见"),
        ("P@ssw0rd2024", "太常见"),
        ("Admin@12345", "太常见"),
        ("Abc123456!", "太常见"),
        ("1qaz@WSX3edc", "太常见"),
        ("Aa1Aa1Aa1Aa1", "太常见"),
        ("Ｐａｓｓｗｏｒｄ１２３", "太常见"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, fault: str) -> None:
    assert any(fault in sentence for sentence in faults_of(password, NAMES))


def test_empty_and_tiny_names_forbid_nothing() -> None:
    assert faults_of("Kf7m-x2Qp-9tWr", ["", "K", "x2", "  "]) == []


def test_a_first_password_keeps_the_rules_and_is_never_the_same() -> None:
    names = [
        *NAMES,
        *(f"{letter}{digit}{letter}" for letter in "abcdefgh" for digit in range(2, 10)),
    ]
    made = {make_password(names) for _ in range(300)}
    assert len(made) == 300
    assert all(faults_of(password, names) == [] for password in made)
    assert not set("".join(made)) & set("01OIl")


def test_a_password_is_kept_as_an_argon2id_hash_of_its_own() -> None:
    first, second = hash_password("Kf7m-x2Qp-9tWr"), hash_password("Kf7m-x2Qp-9tWr")
    assert first.startswith("$argon2id$")
    assert first != second
    assert verify(first, "Kf7m-x2Qp-9tWr")
    assert not verify(first, "Kf7m-x2Qp-9tWs")


def test_full_width_letters_are_the_same_password() -> None:
    assert verify(hash_password("Kf7m-x2Qp-9tWr"), "Ｋｆ７ｍ-x2Qp-9tWr")


def test_nobody_gets_in_without_a_hash_but_one_is_checked_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            checked.append(hash)
            raise VerifyMismatchError

    monkeypatch.setattr(passwords, "HASHER", Counting())
    assert not verify("", "Kf7m-x2Qp-9tWr")
    assert not verify("$argon2id$of-a-user", "Kf7m-x2Qp-9tWr")
    assert len(checked) == 2


def test_the_hash_for_unknown_names_costs_what_a_real_one_costs() -> None:
    assert not is_outdated(passwords._nobodys_hash())
    assert not verify(passwords._nobodys_hash(), "")


def test_what_is_no_hash_lets_nobody_in() -> None:
    assert not verify("plain text", "plain text")


def test_a_hash_with_other_parameters_is_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not is_outdated(hash_password("x"))


def test_only_a_few_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now, most, lock = [0], [0], threading.Lock()

    class Slow(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.01)
            with lock:
                now[0] -= 1
            raise VerifyMismatchError

    monkeypatch.setattr(passwords, "HASHER", Slow())
    flood = [threading.Thread(target=verify, args=("", "guess")) for _ in range(24)]
    for each in flood:
        each.start()
    for each in flood:
        each.join()
    assert most[0] == passwords.AT_ONCE


def test_who_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    monkeypatch.setattr(passwords, "_turn", threading.BoundedSemaphore(1))
    with passwords._in_turn(), pytest.raises(passwords.TooBusy):
        verify("", "guess")
