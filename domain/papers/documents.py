"""A Word document as a template: what it asks for, and it filled. Everything that opens it runs in a limited child.

The same two functions for a spreadsheet are in `sheets`.
"""

from collections.abc import Sequence

from domain.papers.child import Template, fill_in_child, lying, wanted_in_child
from domain.papers.marks import Filled, Wanted

_CHILD = "domain.papers.word"


def wanted_of(template: Template) -> Wanted:
    """What a .docx template asks for. Raises UnreadableFile for the file, BadMark for a mark, each with a sentence."""
    with lying(template) as path:
        return wanted_in_child(_CHILD, path)


def fill_all(template: Template, every: Sequence[Filled]) -> list[bytes]:
    """The template filled in, once for each of ``every``: opened once. Raises as `wanted_of`."""
    with lying(template) as path:
        return fill_in_child(_CHILD, path, every)


def fill(template: Template, filled: Filled) -> bytes:
    """The template with what its marks stand for. Raises as `wanted_of`."""
    return fill_all(template, [filled])[0]
