"""What other rooms of the panel add to the generated screens when they start, so that these need not know them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from admin.frame.links import Link
from admin.tables.desk import Desk
from admin.tables.finding.addresses import Address
from admin.tables.screens import Section, Whole
from domain.schema.row import Row
from domain.schema.words import Column

FILES = "form.files"
"""The field of a form for files that go with its row."""


@dataclass(frozen=True)
class FieldDoubt:
    """Something that can be saved and may still be wrong, and the field that it is about."""

    column: str
    sentence: str


@dataclass
class Additions:
    """Links above every list and beside every row's name, sections below a row, sentences after a save."""

    list_links: list[Callable[[Desk, Address], Link | None]] = field(default_factory=list)
    row_links: list[Callable[[Desk, Row], Link | None]] = field(default_factory=list)
    sections: dict[str, Callable[[Desk, Column, Row], Section | None]] = field(default_factory=dict)
    """By table: who draws its rows below the record they hang on, instead of the usual rows."""
    wholes: dict[str, Callable[[Desk, Row], Whole]] = field(default_factory=dict)
    """By table: who draws everything about a row on its own page."""
    next_steps: dict[str, Callable[[Desk, Row], Link]] = field(default_factory=dict)
    """By table: what is left to do once a row has been made, in a sentence, and the page to do it on."""
    doubts: dict[str, Callable[[Desk, Mapping[str, Any], Row | None], Iterable[FieldDoubt]]] = (
        field(default_factory=dict)
    )
    """By table: what a person should look at twice before he saves these values, as a new row or into the one given."""
    enclosing: Callable[[Desk, Row | None], Section | None] | None = None
    """Draws where a form takes files that go with its row, which may be a new one."""
    enclose: Callable[..., Callable[[], None]] | None = None
    """Attaches ``files`` to a row in the transaction of its save; returns how to be rid of them after all."""
    saved_notes: dict[str, Callable[[], Iterable[str]]] = field(default_factory=dict)
    """By table: what follows for others from a row having been made, changed or deleted, in sentences."""


def additions(app: Flask) -> Additions:
    """The app's additions, to be added to at the start."""
    added: Additions = app.extensions.setdefault("banli-additions", Additions())
    return added
