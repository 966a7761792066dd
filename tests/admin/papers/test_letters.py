"""The letters that ship with the panel, made of the demo district and opened by other programs."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select

from admin.frame.db import db
from admin.papers.making import make_paper
from admin.papers.shelf import papers_for
from admin.papers.subjects import PaperSubject
from domain import models
from domain.actors import LIAISON, OFFICE, Actor
from domain.papers.paper import ITEM, MEETING, UNIT, OfficePaper, PaperRefused
from domain.storing.session import ActorSession, actor_session, system_session
from seeds.papers.letters.register import LETTERS
from tests.admin.on_demo import first_of, opened_demo
from tests.ground.kept_apps import KeptApps
from tests.ground.office import as_pdf, pages_of
from tests.ground.serving.databases import Databases
from tests.seeds.test_seed_demo import A_DAY

NOT_OF_DEMO = "再次答复函（政协提案）"
"""The demo has answered no item of 政协 again; its text is that of 人大, with other words."""
NAMES = [paper.name for paper in LETTERS if paper.name != NOT_OF_DEMO]


@pytest.fixture(scope="module")
def demo_app(
    databases: Databases, kept_apps: KeptApps, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The panel on the demo as of A_DAY, for tests that only read."""
    with opened_demo(databases, kept_apps, tmp_path_factory.mktemp("letters")) as app:
        yield app


def reply_of(session: ActorSession, kind: str, body: str) -> models.Reply:
    """The first letter of a kind to an item of 人大 or 政协."""
    reply = models.Reply
    query = select(reply).where(reply.kind == kind, reply.meeting.has(body=body))
    return session.scalars(query.order_by(reply.id).limit(1)).one()


def subject_for(session: ActorSession, paper: OfficePaper) -> PaperSubject:
    """An item, a meeting or a unit for which there is something to say."""
    body = "政协" if "政协" in paper.name else "人大"
    if paper.per == "件":
        again = "再次" in paper.name
        kind = "再次答复" if again else "协办意见" if "协办" in paper.name else "答复"
        reply = reply_of(session, kind, body)
        return PaperSubject({ITEM: reply.proposal})
    if paper.per == "单位":
        return PaperSubject({UNIT: reply_of(session, "答复", body).unit})
    return PaperSubject({MEETING: reply_of(session, "答复", body).meeting})


def made(session: ActorSession, name: str, subject: PaperSubject | None = None) -> bytes:
    shelved = papers_for(session, Path())[name]
    return make_paper(session, shelved, subject or subject_for(session, shelved.paper)).content


def text_of(content: bytes) -> str:
    return "\n".join(every_text(Document(io.BytesIO(content))))


def every_text(holder: Any) -> Iterator[str]:
    yield from (paragraph.text for paragraph in holder.paragraphs)
    for table in holder.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from every_text(cell)


@pytest.fixture(scope="module")
def letters(demo_app: Flask) -> Mapping[str, bytes]:
    """All of them: a mark that nothing answers to would be refused here."""
    with first_of(demo_app, OFFICE) as session:
        return {name: made(session, name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_is_filled_and_opened_by_another_program(
    letters: Mapping[str, bytes], name: str
) -> None:
    text = text_of(letters[name])
    assert not [word for word in ("{{", "None", "True", "、：", "、。", "，。") if word in text]


def test_an_answer_says_what_its_reply_says(demo_app: Flask) -> None:
    with first_of(demo_app, OFFICE) as session:
        reply = reply_of(session, "答复", "人大")
        text = text_of(made(session, "答复函（人大建议）", PaperSubject({ITEM: reply.proposal})))
        signed = sorted(reply.proposal.sponsors, key=lambda sponsor: sponsor.position)
        people = [s.deputy.name for s in signed if s.role in ("领衔", "联名")]
        assert f"{'、'.join(people)}代表：" in text
        assert f"第{reply.proposal.number}号建议的答复" in text
        assert f"《{reply.proposal.title}》（第{reply.proposal.number}号）收悉" in text
        assert reply.unit.name in text and reply.document_no in text
        assert all(line.strip() in text for line in reply.body.splitlines())
        assert f"{reply.answer_category.letter}类" in text


def test_a_group_is_not_addressed_as_a_member(demo_app: Flask) -> None:
    office = Actor("办公室", OFFICE)
    with (
        demo_app.test_request_context(),
        actor_session(db.engine, office, lambda: A_DAY) as session,
    ):
        item = reply_of(session, "答复", "政协").proposal
        subject = PaperSubject({ITEM: item})
        assert "委员：" in text_of(made(session, "答复函（政协提案）", subject))
        next(s for s in item.sponsors if s.role == "领衔").deputy.kind = "团体"
        session.flush()
        assert "委员：" not in text_of(made(session, "答复函（政协提案）", subject))
        session.rollback()


def test_of_several_rounds_the_last_is_printed_drafts_too(demo_app: Flask) -> None:
    with (
        demo_app.test_request_context(),
        system_session(db.engine, "测试", lambda: A_DAY) as session,
    ):
        first = reply_of(session, "答复", "人大")
        session.add(
            models.Reply(
                assignment_id=first.assignment_id,
                kind="答复",
                round=2,
                body="重新研究以后，答复如下。",
            )
        )
        session.flush()
        subject = PaperSubject({ITEM: first.proposal})
        text = text_of(made(session, "答复函（人大建议）", subject))
        session.rollback()
    assert "重新研究以后，答复如下。" in text
    assert text.count("收悉，现答复如下：") == 1


def test_a_letter_that_nobody_has_written_yet_is_not_made(demo_app: Flask) -> None:
    with first_of(demo_app, OFFICE) as session:
        item = models.Proposal
        query = select(item).where(~item.replies.any()).limit(1)
        nothing = PaperSubject({ITEM: session.scalars(query).one()})
        with pytest.raises(PaperRefused, match="没有内容可填：这里还没有相应的答复"):
            made(session, "答复函（人大建议）", nothing)


def test_a_unit_gets_its_own_letters_alone(demo_app: Flask) -> None:
    with first_of(demo_app, LIAISON) as session:
        own = session.actor.unit_id
        reply = models.Reply
        query = select(reply).where(reply.unit_id == own, reply.kind == "答复").limit(1)
        found = session.scalars(query).one()
        text = text_of(
            made(
                session,
                "答复函（人大建议）" if found.meeting.body == "人大" else "答复函（政协提案）",
                PaperSubject({ITEM: found.proposal}),
            )
        )
        assert found.unit.name in text
        assert "协办意见函（人大建议）" in papers_for(session, Path())


def test_every_letter_is_printed_by_another_program(
    letters: Mapping[str, bytes], tmp_path: Path
) -> None:
    documents = [tmp_path / f"{number}.docx" for number in range(len(NAMES))]
    for document, name in zip(documents, NAMES, strict=True):
        document.write_bytes(letters[name])
    for name, pdf in zip(NAMES, as_pdf(documents, tmp_path), strict=True):
        pages = pages_of(pdf)
        numbers = ["".join(page[-1].split()) for page in pages]
        assert numbers == [f"—{number}—" for number in range(1, len(pages) + 1)], name
        assert all(len(page) > 1 for page in pages), name
