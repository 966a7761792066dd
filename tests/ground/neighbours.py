"""Three units and their items, for tests of who sees what: Alice's unit owns, Bob's is its partner, Carol's is neither.

item        led by      partner     texts of its rows hold
001         Alice's     Bob's       本件
002         Carol's     Bob's       外件: nothing of it is Alice's business
003         Bob's       Alice's     同件; Bob's own task there and its reply hold 外件, they are not hers to see
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from domain import models
from domain.actors import DEPUTY, LIAISON, OFFICE, Actor
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, actor_session, system_session
from tests.ground.serving.contents import create_tables

OWN, FOREIGN, SHARED = "本件", "外件", "同件"
NOW = datetime(2024, 4, 15, 9)
ALICE = Actor("Alice", LIAISON, user_id=1, unit_id=1)
BOB = Actor("Bob", LIAISON, user_id=2, unit_id=2)
CAROL = Actor("Carol", LIAISON, user_id=3, unit_id=3)
OLIVIA = Actor("Olivia", OFFICE, user_id=4)
DAVID = Actor("David", DEPUTY, user_id=5, deputy_id=1)
# Rows by what they are; ids are those of insertion.
ITEM, FOREIGN_ITEM, SHARED_ITEM = 1, 2, 3
TASK, PARTNERS_TASK, FOREIGN_TASK, SHARED_TASK, BOBS_TASK = 1, 2, 3, 5, 6
REPLY, PARTNERS_REPLY, FOREIGN_REPLY, BOBS_REPLY = 1, 2, 3, 4
HERS = {"proposals": {1, 3}, "assignments": {1, 2, 5}, "replies": {1, 2}, "ledger_entries": {1, 2}}


def build_neighbours(url: str) -> None:
    """Fill an empty database."""
    create_tables(url)
    engine = make_engine(url)
    with system_session(engine, "建立", now) as session:
        for rows in _rows():
            for row in rows:
                session.add(row)
                session.flush()
        session.commit()
    engine.dispose()


def now() -> datetime:
    return NOW


def working(engine: Engine, actor: Actor) -> ActorSession:
    """A session of ``actor``."""
    return actor_session(engine, actor, now)


def _rows() -> list[list[Any]]:
    m = models
    return [
        [m.Unit(name=f"{n}局", short_name=n) for n in ("甲", "乙", "丙")],
        [m.Deputy(name=f"{text}代表", body="人大", phone="13800000000") for text in (OWN, FOREIGN)],
        [
            m.User(username=name, full_name=name, role=role, unit_id=unit, deputy_id=deputy)
            for name, role, unit, deputy in (
                ("alice", LIAISON, 1, None),
                ("bob", LIAISON, 2, None),
                ("carol", LIAISON, 3, None),
                ("olivia", OFFICE, None, None),
                ("david", DEPUTY, None, 1),
            )
        ],
        [
            m.Meeting(
                name=f"{n}次会", body="人大", level="区县级", term=1, session=n, year=2023 + n
            )
            for n in (1, 2)
        ],
        [m.AnswerCategory(meeting_id=1, letter="A", definition="已解决", is_solved=True)],
        [
            m.Proposal(
                meeting_id=1, kind="建议", number=f"00{n}", title=f"{text}标题", note=f"{text}备注"
            )
            for n, text in ((1, OWN), (2, FOREIGN), (3, SHARED))
        ],
        [m.Sponsor(proposal_id=p, deputy_id=d, role="领衔") for p, d in ((1, 1), (2, 2), (3, 1))],
        [
            m.Assignment(proposal_id=proposal, unit_id=unit, role=role, leader=f"{text}领导")
            for proposal, unit, role, text in (
                (1, 1, "主办", OWN),
                (1, 2, "协办", OWN),
                (2, 3, "主办", FOREIGN),
                (2, 2, "协办", FOREIGN),
                (3, 1, "协办", SHARED),
                (3, 2, "主办", FOREIGN),
            )
        ],
        [
            m.Reply(assignment_id=task, kind=kind, title=f"{text}{kind}", body=f"{text}正文")
            for task, kind, text in (
                (1, "答复", OWN),
                (2, "协办意见", OWN),
                (3, "答复", FOREIGN),
                (6, "答复", FOREIGN),
            )
        ],
        [
            m.LedgerEntry(
                assignment_id=task,
                happened_on=date(2024, 4, 12),
                stage="办前",
                activity="其他",
                summary=f"{text}台账",
            )
            for task, text in ((1, OWN), (5, SHARED), (3, FOREIGN), (6, FOREIGN))
        ],
        [m.Delivery(reply_id=3, deputy_id=2, sent_on=date(2024, 4, 14))],
        [
            m.Commitment(assignment_id=task, content=f"{text}承诺", due_on=date(2024, 9, 1))
            for task, text in ((1, OWN), (3, FOREIGN))
        ],
    ]
