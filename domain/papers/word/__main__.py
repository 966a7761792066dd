"""The child process for Word files."""

from collections.abc import Sequence
from pathlib import Path

from domain.papers.answering import TemplateReader, answer_as_child
from domain.papers.marks import Filled, PaperMark
from domain.papers.word.judging import BROKEN
from domain.papers.word.template import DocumentTemplate


def _marks(template: Path) -> Sequence[PaperMark]:
    return DocumentTemplate(template).marks


def _fill(template: Path, every: Sequence[Filled], folder: Path) -> None:
    opened = DocumentTemplate(template)
    for number, filled in enumerate(every):
        (folder / str(number)).write_bytes(opened.fill(filled))


READER = TemplateReader(_marks, _fill, BROKEN)

if __name__ == "__main__":
    answer_as_child(READER)
