"""A Word template opened: its marks, and the document when they are filled in.

Header, footer, notes and text boxes are read as well as the text. Whatever is no mark stays as it was.
"""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

from domain.papers.marks import Filled, PaperMark, wanted_by
from domain.papers.word.blocks import block_between, closing_of
from domain.papers.word.cutting import cut_out_marks
from domain.papers.word.filling import DocumentFilling
from domain.papers.word.names import NAME, SIGN, WHERE, Element, marks_of
from domain.papers.word.parts import WordFile, open_word_file
from domain.papers.word.tidying import tidy


class DocumentTemplate:
    """A template opened once, to be filled in as often as wanted.

    Raises UnreadableFile for a file that is broken, hostile or no .docx, and BadMark for a mark with its place.
    """

    def __init__(self, path: Path) -> None:
        self._file: WordFile = open_word_file(path)
        self.marks = list[PaperMark]()
        for part in self._file.texts:
            cut_out_marks(part)
            self.marks += _checked(part.root)

    def fill(self, filled: Filled) -> bytes:
        """The document. Raises UnreadableFile if it gets too long, BadMark for a mark that is not among ``filled``."""
        filling = DocumentFilling()
        texts = tuple(replace(part, root=deepcopy(part.root)) for part in self._file.texts)
        for part in texts:
            filling.fill(part.root, filled)
            tidy(part.root)
        return self._file.packed(texts)


def _checked(root: Element) -> list[PaperMark]:
    """The marks of a part, whose blocks begin and end in it, each around something that can be repeated."""
    runs = marks_of(root)
    marks = [PaperMark(run.get(NAME), run.get(WHERE), run.get(SIGN)) for run in runs]
    wanted_by(marks)
    for at, mark in enumerate(marks):
        if mark.opens:
            block_between(runs, at, closing_of(runs, at))
    return marks
