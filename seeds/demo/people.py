"""The demo's people: deputies, contacts of every unit, users of every role, and the demo's passwords.

All names are made up. No password is stored: each is made from the installation's secret key.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain import models
from domain.storing.session import ActorSession
from seeds.files import read, values

Hash = Callable[[str], str]
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_DUTIES = (("分管领导", "副职领导", ""), ("联络员", "科员", "办公室"))


def password_of(secret_key: str, username: str) -> str:
    """The demo password of a user on this installation, like `k7mq-2xhd-9fzt`."""
    digest = hmac.digest(secret_key.encode(), f"banli demo {username}".encode(), hashlib.sha256)
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:12])
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def add_deputies(session: ActorSession, term: int) -> dict[str, Any]:
    """Add the deputies of the term; returns them by name."""
    rows = [models.Deputy(term=term, **values(models.Deputy, row)) for row in read("demo/deputies")]
    for number, row in enumerate(rows, 1):
        if row.kind == "个人":
            row.phone, row.postcode = f"0772-000{number:04}", "545000"
            row.address = f"{row.delegation.removesuffix('代表团')}联络站"
    session.add_all(rows)
    session.flush()
    return {row.name: row for row in rows}


def add_users(
    session: ActorSession,
    rows: Iterable[Mapping[str, str]],
    deputies: Mapping[str, Any],
    hashed: Hash,
    now: datetime,
) -> None:
    """Add the users of these lines; `hashed` gives the hash to store for a username."""
    units = {unit.short_name: unit for unit in session.scalars(select(models.Unit))}
    for row in rows:
        unit, deputy = units.get(row["unit"]), deputies.get(row["deputy"].split("|")[-1])
        session.add(
            models.User(
                **{name: row[name] for name in ("username", "full_name", "role")},
                unit_id=unit and unit.id,
                deputy_id=deputy and deputy.id,
                body=row["body"] or None,
                password_hash=hashed(row["username"]),
                must_change_password=False,
                password_changed_at=now,
            )
        )
    session.flush()


def add_contacts(session: ActorSession) -> None:
    """Add two contacts of every unit (附件9): the leader in charge and the liaison."""
    liaisons = {
        row["unit"]: row["full_name"] for row in read("demo/users") if "联络员" in row["role"]
    }
    names = _names()
    for unit in session.scalars(select(models.Unit).order_by(models.Unit.sort_order)):
        for duty, post, office in _DUTIES:
            name = next(names)
            if duty == "联络员":
                name = liaisons.get(unit.short_name, name)
            phone = f"0772-001{unit.id:04}"
            words = {"duty": duty, "name": name, "post": post, "office": office}
            session.add(models.UnitContact(unit_id=unit.id, office_phone=phone, **words))
    session.flush()


def _names() -> Iterator[str]:
    """Full names, each once: every surname with one given name, then with the next."""
    rows = read("demo/names")
    for shift in range(len(rows)):
        for position, row in enumerate(rows):
            yield row["surname"] + rows[(position + shift) % len(rows)]["given"]
