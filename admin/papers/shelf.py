"""Which papers there are for a person: those that ship with the panel, and the office's own templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from sqlalchemy import select

from domain import models
from domain.access import scopes
from domain.files.uploads import path_of
from domain.papers.marks import Wanted
from domain.papers.paper import Paper, PaperRefused
from domain.papers.templates import wanted_of
from domain.storing.session import ActorSession
from seeds.papers.register import SHIPPED


@dataclass(frozen=True)
class ShelvedPaper:
    """A paper as it is made now: ``own`` is the office's template for it, if it has one."""

    paper: Paper
    own: models.PaperTemplate | None = None

    @property
    def template(self) -> bytes:
        """What is filled. Raises PaperRefused where the file of the office is not there any more."""
        try:
            return self.paper.draw()
        except (OSError, ValueError):
            raise PaperRefused(
                f"“{self.paper.name}”的模板文件找不到了，请重新上传，或改回系统自带的模板。"
            ) from None

    @property
    def wanted(self) -> Wanted:
        """What it asks for. Raises UnreadableFile or BadMark."""
        return _wanted(self.template)


def papers_for(session: ActorSession, uploads: Path) -> Mapping[str, ShelvedPaper]:
    """The papers of the session's actor by name, those that ship first."""
    return {one.paper.name: one for one in _all(session, uploads) if _is_for(session, one.paper)}


def _all(session: ActorSession, uploads: Path) -> Iterator[ShelvedPaper]:
    own = {row.name: row for row in session.scalars(select(models.PaperTemplate))}
    for paper in SHIPPED.values():
        row = own.pop(paper.name, None)
        yield ShelvedPaper(_drawn_from(paper, row, uploads) if row else paper, row)
    for row in sorted(own.values(), key=lambda row: row.name):
        paper = Paper(row.name, row.about, row.per, bytes, reads=("proposals",))
        yield ShelvedPaper(_drawn_from(paper, row, uploads), row)


def _drawn_from(paper: Paper, row: models.PaperTemplate, uploads: Path) -> Paper:
    draw = partial(_read, uploads, row.stored_name)
    return replace(paper, draw=draw, ending=Path(row.file_name).suffix.lower())


def _read(uploads: Path, stored_name: str) -> bytes:
    return path_of(uploads, stored_name).read_bytes()


def _is_for(session: ActorSession, paper: Paper) -> bool:
    actor = session.actor
    return actor.is_system or all(scopes.may(actor, table, "read") for table in paper.reads)


@lru_cache(maxsize=100)
def _wanted(template: bytes) -> Wanted:
    """Kept: what a template asks for changes only with it, and a child process reads it."""
    return wanted_of(template)
