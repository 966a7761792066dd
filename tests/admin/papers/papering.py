"""Papers made in this process: what the limited child does, without starting one for each of hundreds."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.papers.marks import Filled, Wanted, wanted_by
from domain.papers.templates import kind_of
from domain.papers.word import __main__ as word
from domain.papers.xlsx import __main__ as xlsx

_READERS = {"xlsx": xlsx.READER, "docx": word.READER}


def fill_here(template: bytes, filled: Filled) -> bytes:
    """As domain.papers.templates.fill."""
    return fill_all_here(template, [filled])[0]


def fill_all_here(template: bytes, every: Sequence[Filled]) -> list[bytes]:
    """As domain.papers.templates.fill_all."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        path = place / "template"
        path.write_bytes(template)
        _READERS[kind_of(template)].fill(path, every, place)
        return [(place / str(number)).read_bytes() for number in range(len(every))]


def wanted_here(template: bytes) -> Wanted:
    """As domain.papers.templates.wanted_of."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template"
        path.write_bytes(template)
        return wanted_by(_READERS[kind_of(template)].marks(path))
