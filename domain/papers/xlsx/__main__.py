"""The child process for workbooks; its libraries are imported after its limits are set."""

from collections.abc import Sequence
from pathlib import Path

from domain.papers.answering import TemplateReader, answer_as_child
from domain.papers.marks import Filled, PaperMark
from domain.sheets.preflight import BROKEN


def _marks(template: Path) -> Sequence[PaperMark]:
    from domain.papers.xlsx.asking import marks_of
    from domain.papers.xlsx.opening import open_template

    return marks_of(open_template(template))


def _fill(template: Path, every: Sequence[Filled], folder: Path) -> None:
    from domain.papers.xlsx.asking import marks_of
    from domain.papers.xlsx.filling import fill_book
    from domain.papers.xlsx.opening import open_template

    for number, filled in enumerate(every):
        book = open_template(template)
        marks_of(book)
        fill_book(book, filled)
        book.save(folder / str(number))


READER = TemplateReader(_marks, _fill, BROKEN)

if __name__ == "__main__":
    answer_as_child(READER)
