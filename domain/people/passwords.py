"""Passwords: how they are kept and which are good enough. Pure rules: no user is looked up here (accounts.py).

Hashes are argon2id. One hash takes 32 MiB for about 50 ms, so only a few are made at a time: a flood of log-ins
makes people wait, but does not eat the machine's memory.
"""

import re
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
AT_ONCE = 2
PATIENCE_S = 20
SHORTEST, LONGEST = 10, 128
CLASSES = 3
KEPT = 5
"""A new password differs from this many of the last ones, the present one included."""

_turn = BoundedSemaphore(AT_ONCE)
_CHARACTERS = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")
"""What first passwords are made of: nothing that is misread on paper."""
_SIGNS = str.maketrans("@4013$57!|", "aaoiesstii")
"""What people write for a letter."""
_COMMON_WORDS = """
a aa aaa ab abc abcd abcde abcdef admin administrator ad aq aqws asd asdf asdfg asdfgh asdfghjkl asdzxc
baidu banli bangong bgs china computer dragon football gov government guest hello huawei iloveyou letmein
lenovo login love manager master mima monkey office pass passw passwd password princess q qaz qazwsx qazwsxedc
qq qwe qwer qwert qwerty qwertyuiop root secret super sunshine system taobao temp test tianya user wang wei
welcome windows wo woaini woaiwojia wsx xiaoming yuer zaq zaqxsw zhang zhengfu zhongguo zx zxc zxcv zxcvb
zxcvbn zxcvbnm
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that stand, with digits and signs around them, on every list of stolen passwords."""


class TooBusy(Exception):
    """Too many passwords are being checked at once."""


def normal(password: str) -> str:
    """The password as it is compared: a full-width letter counts as the letter."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """The argon2id hash to keep. Raises TooBusy."""
    with _in_turn():
        return HASHER.hash(_as_bytes(password))


def verify(password_hash: str, password: str) -> bool:
    """Whether the password is the one that was hashed. Takes as long for no hash ('') as for a wrong password.

    Raises TooBusy.
    """
    with _in_turn():
        try:
            HASHER.verify(password_hash or _nobodys_hash(), _as_bytes(password[: 2 * LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


def make_password(names: Iterable[str] = ()) -> str:
    """A random first password of three groups, good enough by our own rules: 66 bits.

    ``names`` must not occur in it, as in ``faults_of``: three letters come up by chance.
    """
    names = tuple(names)
    while True:
        characters = "".join(secrets.choice("".join(_CHARACTERS)) for _ in range(12))
        password = "-".join(re.findall("....", characters))
        if all(set(part) & set(characters) for part in _CHARACTERS) and not faults_of(
            password, names
        ):
            return password


def faults_of(password: str, names: Iterable[str]) -> list[str]:
    """What is wrong with a new password, as sentences; none when it is good.

    ``names`` must not occur in it: the user's, the unit's, the area's.
    """
    return list(_faults(normal(password), names))


def is_repeated(password: str, former_hashes: Iterable[str]) -> bool:
    """Whether the password is one of those. Raises TooBusy."""
    return any(verify(former, password) for former in former_hashes)


def _faults(password: str, names: Iterable[str]) -> Iterator[str]:
    if len(password) < SHORTEST:
        yield f"密码至少 {SHORTEST} 个字符，现在是 {len(password)} 个。"
    if len(password) > LONGEST:
        yield f"密码最多 {LONGEST} 个字符，现在是 {len(password)} 个。"
    if sum(bool(re.search(kind, password)) for kind in _KINDS) < CLASSES:
        yield f"密码要含有大写字母、小写字母、数字、符号中的至少 {CLASSES} 种。"
    named = next((name for name in names if _holds(password, name)), None)
    if named:
        yield f"密码里不能有“{named}”，也不能倒着写。"
    if _is_common(password):
        yield "这个密码太常见，很容易被猜到，请换一个。"


_KINDS = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")


def _as_bytes(password: str) -> bytes:
    return normal(password).encode("utf-8", "surrogatepass")


def _holds(password: str, name: str) -> bool:
    """Whether the name, written either way, is in the password. One or two letters are no name."""
    folded, sought = password.casefold(), normal(name).strip().casefold()
    is_name = len(sought) >= (3 if sought.isascii() else 2)
    return is_name and (sought in folded or sought[::-1] in folded)


def _is_common(password: str) -> bool:
    """Whether little is left of it without digits, signs and the usual replacements of letters, or repeats."""
    folded = password.casefold()
    letters = {
        re.sub("[^a-z]", "", folded),
        re.sub("[^a-z]", "", folded.strip("0123456789!@#$%^&*._-+=~?").translate(_SIGNS)),
    }
    return bool(letters & _COMMON) or len(set(folded)) < 5


def _nobodys_hash() -> str:
    """A hash that no password fits, with today's parameters: checking it takes as long as any other."""
    salt, made = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    cost = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${made}"


@contextmanager
def _in_turn() -> Iterator[None]:
    if not _turn.acquire(timeout=PATIENCE_S):
        raise TooBusy
    try:
        yield
    finally:
        _turn.release()
