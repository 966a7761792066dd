"""All letters of a meeting as one zip, by a background run: what they say is read for all items together.

The template is looked up as if it stood in a block of items; each row of that is an item's paper, and a paper that is
nothing but letters, as an answer of several units, is taken apart into one file for each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Flask

from admin.files.attachments import uploads_folder
from admin.papers.filling import PaperFiller
from admin.papers.making import check
from admin.papers.shelf import ShelvedPaper, papers_for
from admin.papers.subjects import PaperSubject
from admin.tables.desk import Desk
from domain import models
from domain.papers.marks import BadMark, Filled, PaperMark, Value, Wanted
from domain.papers.paper import ITEM, MEETING, UNIT, PaperRefused
from domain.papers.templates import fill_all
from domain.sheets.grid import UnreadableFile
from domain.storing.session import ActorSession
from jobs.runs.context import JobContext, Kind
from jobs.work.exports import MadeFile, file_kind

BATCH = "批量公文"
AT_ONCE = 50
"""So many are filled in by one child process: starting one takes longer than filling in a letter."""
_EVERY_ITEM = "建议提案 撤回日期=空 排序=案号"
_NUMBER, _TITLE, _UNIT = "案号", "标题", "承办单位.单位全称"
_LONGEST = 60
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')


def batch_kind(app: Flask) -> Kind:
    """The kind of work; the papers are the screens' knowledge, so it is handed to the workers with the app."""

    def write(session: ActorSession, context: JobContext, path: Path) -> MadeFile:
        with app.test_request_context():  # the addresses of numbers are made as in a page
            return _write(session, context, path)

    return file_kind(BATCH, ".zip", write)


def may_be_batched(shelved: ShelvedPaper) -> bool:
    """Whether it is made for one item, so that a meeting has many."""
    return shelved.paper.needs == (ITEM,)


def _write(session: ActorSession, context: JobContext, path: Path) -> MadeFile:
    shelved = papers_for(session, uploads_folder()).get(context.arguments["paper"])
    meeting = session.get(models.Meeting, context.arguments["meeting"])
    if shelved is None or meeting is None:
        raise PaperRefused("这种公文或这次会议，您现在看不到，没有打包。")
    letters = list(letters_of(session, shelved, meeting))
    if not letters:
        raise PaperRefused(f"{meeting.name}还没有可以出“{shelved.paper.name}”的件。")
    try:
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for done, letter, content in _filled_in(shelved, letters):
                archive.writestr(f"{letter.name}{shelved.paper.ending}", content)
                context.progress(done, len(letters))
    except (UnreadableFile, BadMark) as fault:
        raise PaperRefused(f"{shelved.paper.name}的模板：{fault}") from None
    return MadeFile(f"{shelved.paper.name}_{meeting.name}", len(letters), meeting.name)


def _filled_in(
    shelved: ShelvedPaper, letters: Sequence[BatchLetter]
) -> Iterator[tuple[int, BatchLetter, bytes]]:
    template = shelved.template
    for start in range(0, len(letters), AT_ONCE):
        some = letters[start : start + AT_ONCE]
        contents = fill_all(template, [letter.filled for letter in some])
        for place, (letter, content) in enumerate(zip(some, contents, strict=True), start + 1):
            yield place, letter, content


@dataclass(frozen=True)
class BatchLetter:
    """One file of a batch: its name without the ending, and what its marks stand for."""

    name: str
    filled: Filled


def letters_of(
    session: ActorSession, shelved: ShelvedPaper, meeting: models.Meeting
) -> Iterator[BatchLetter]:
    """The letters on the items of a meeting, as the session's actor may see them. Raises PaperRefused."""
    desk = Desk(models.schema.tables["proposals"], session.actor, session)
    asks = check(desk, _of_every_item(shelved.wanted), (MEETING, UNIT))
    subject = PaperSubject({MEETING: meeting})
    whole = PaperFiller(desk, subject, session.now().date()).fill(asks)
    met = Counter[str]()
    for row in whole.blocks[_EVERY_ITEM]:
        for one in _apart(shelved.wanted, replace(row, values={**whole.values, **row.values})):
            name = _name_of(one)
            met[name] += 1
            yield BatchLetter(f"{name}_{met[name]}" if met[name] > 1 else name, one)


def _of_every_item(wanted: Wanted) -> Wanted:
    named = {name: PaperMark(name, "") for name in (_NUMBER, _TITLE)}
    return Wanted(blocks={_EVERY_ITEM: Wanted({**named, **wanted.marks}, wanted.blocks)})


def _apart(wanted: Wanted, paper: Filled) -> Iterator[Filled]:
    """The papers of an item: one, or of a paper that is one block alone one for each of its rows."""
    if wanted.marks or len(wanted.blocks) != 1:
        yield paper
        return
    for name, rows in paper.blocks.items():
        yield from (Filled(paper.values, {name: [row]}) for row in rows)


def _name_of(letter: Filled) -> str:
    """第009号_区教育局_关于……: number, whose it is where it is one unit's, title."""
    said: list[Value] = [f"第{letter.values[_NUMBER]}号"]
    said += [
        row.values[_UNIT]
        for rows in letter.blocks.values()
        for row in rows[:1]
        if _UNIT in row.values
    ]
    said.append(letter.values[_TITLE])
    return _NOT_IN_NAMES.sub("", "_".join(str(one) for one in said))[:_LONGEST]
