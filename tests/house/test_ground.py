"""The ground the tests stand on: fresh databases of both kinds, a private queue, no way out."""

import smtplib
import socket
from itertools import product

import pytest
import redis
from sqlalchemy import Engine, text

from domain import models
from domain.actors import ROLES
from domain.schema.file import read_schema
from domain.upgrading.drift import table_names
from tests.ground.network import NotLoopback
from tests.ground.shares import proving


def test_every_test_starts_with_all_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        assert set(table_names(connection)) == set(read_schema().tables)


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_writes_the_next_does_not_see(engine: Engine, turn: int) -> None:
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM units")).scalar() == 0
        connection.execute(
            text("INSERT INTO units (name, short_name) VALUES ('区教育局', :turn)"), {"turn": turn}
        )


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_starts_with_an_empty_queue(redis_url: str, turn: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("turn", turn)


def test_no_test_reaches_another_machine() -> None:
    with pytest.raises(NotLoopback), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


def test_no_test_sends_mail_to_another_machine() -> None:
    with pytest.raises(NotLoopback):
        smtplib.SMTP("mail.example.org")


def test_in_part_every_door_is_still_tried_at_every_table_and_by_every_role() -> None:
    tables, doors = list(filter(proving.readers, models.schema.tables)), range(20)
    tried = {
        (role, table, door)
        for role in ROLES
        for place, table in enumerate(tables)
        for door in doors
        if proving.is_turn_of(role, table, door + place)
    }
    assert {(table, door) for _, table, door in tried} == set(product(tables, doors))
    assert {(role, door) for role, _, door in tried} == set(product(ROLES, doors))
    assert len(tried) < len(tables) * len(doors) * len(ROLES) / 3
