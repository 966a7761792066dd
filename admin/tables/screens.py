"""What the templates of the generated screens are given: one frozen value per screen, no logic left to do there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wtforms.form import BaseForm

from admin.frame.links import Link
from admin.tables.cells import Cell
from admin.tables.drawing import DrawnTable

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chip:
    """A filter in force, in words, and the address without it."""

    words: str
    remove_url: str
    fault: str = ""
    """Why it means nothing, where it does."""
    about: str = ""
    """What it means, where its words are a name."""


@dataclass(frozen=True)
class Suggestion:
    """What a search may have meant: the filtered list in words, and how many it has or where the page asks for that."""

    words: str
    url: str
    count_text: str
    count_url: str | None


@dataclass(frozen=True)
class FilterField:
    """One question of the filter form, with the answers in force."""

    name: str
    label: str
    kind: str
    input_type: str = "text"
    value: str = ""
    text: str = ""
    low: str = ""
    high: str = ""
    choices: Pairs = ()
    lookup_url: str = ""
    emptiness: str | None = None
    empty_words: tuple[str, ...] = ()
    """The question whether it is empty, and its two answers."""
    faults: tuple[str, ...] = ()
    """Why what was typed means nothing."""


@dataclass(frozen=True)
class FilterGroup:
    """Questions about the row itself, or, with a label, about a row that it names."""

    label: str
    fields: tuple[FilterField, ...]


@dataclass(frozen=True)
class ColumnChoice:
    """A column that may be shown."""

    name: str
    label: str
    is_shown: bool


@dataclass(frozen=True)
class Action:
    """Something to do with the ticked rows, or with the row of a details page."""

    name: str
    text: str
    tone: str = ""


@dataclass(frozen=True)
class ListPage:
    """A list."""

    title: str
    about: str
    url: str
    sheet: DrawnTable
    count_text: str
    count_url: str | None
    search: str
    search_hint: str
    suggestions: tuple[Suggestion, ...]
    conditions: tuple[Chip, ...]
    misread: tuple[Chip, ...]
    """The filters that mean nothing: as long as there is one, the list is empty."""
    filters: tuple[FilterGroup, ...]
    column_choices: tuple[ColumnChoice, ...]
    kept_without_search: Pairs
    kept_without_filters: Pairs
    kept_without_columns: Pairs
    url_without_search: str
    url_without_columns: str
    clear_url: str
    first_url: str | None
    previous_url: str | None
    next_url: str | None
    last_url: str | None
    new_url: str | None
    links: tuple[Link, ...]
    actions: tuple[Action, ...]
    actions_on_all: tuple[Link, ...]
    """Acts on all rows that the list finds, not only on the ticked ones."""
    action_url: str
    question: str
    """What the list asks, as what is done with its rows carries it along to lead back to it."""
    empty_hint: str


@dataclass(frozen=True)
class Fact:
    """One column of a row, in full."""

    label: str
    help: str
    value: Cell
    is_wide: bool


@dataclass(frozen=True)
class Children:
    """The rows of another table that hang on this one: the first few."""

    title: str
    count_text: str
    sheet: DrawnTable
    more_url: str | None
    new_url: str | None


@dataclass(frozen=True)
class Section:
    """A part of a details page that another module draws: its template, and what that is given as `section`."""

    template: str
    section: Any


@dataclass(frozen=True)
class Whole:
    """What another module draws of a row besides: above and below the rows that hang on it, and the tables of which
    it tells enough to leave them out there."""

    above: Section | None = None
    below: Section | None = None
    tells: frozenset[str] = frozenset()
    told_columns: frozenset[str] = frozenset()
    """The columns of the row itself that it tells of in full."""


@dataclass(frozen=True)
class DetailsPage:
    """One row, in full, with what hangs on it."""

    row_id: int
    title: str
    table_label: str
    list_url: str
    facts: tuple[Fact, ...]
    unfilled: tuple[str, ...]
    badges: tuple[Cell, ...]
    children: tuple[Children, ...]
    missing: tuple[Link, ...]
    acts: tuple[Any, ...]
    """The acts that are open, as admin/tables/acts/offering.py has them."""
    edit_url: str | None
    delete_url: str | None
    links: tuple[Link, ...] = ()
    sections: tuple[Section, ...] = ()
    beside: Any = None
    """The rows beside it in the list that it was opened from (admin/tables/list/neighbours.py)."""
    above: Section | None = None
    below: Section | None = None
    """Parts above and below the rows that hang on it, where another module draws the whole of such a row."""
    notes: tuple[str, ...] = ()
    """Why what a person may want to change stays as it is."""
    why_held: str = ""
    """Why the row is not offered for deletion to somebody who may delete such rows."""
    told: tuple[Fact, ...] = ()
    """What rows that it refers to say, folded."""


@dataclass(frozen=True)
class FormBlock:
    """The rows of another table in a form: those that are filled in, and those that only stand there."""

    block: Any
    title: str
    about: str
    kept: DrawnTable | None
    more_url: str | None
    seen: Mapping[str, str]
    """By the name of a line: the mark of its row as it is now."""


@dataclass(frozen=True)
class FormPage:
    """A form for a new row or for one that exists."""

    title: str
    about: str
    table_label: str
    list_url: str
    cancel_url: str
    form: BaseForm
    fields: tuple[Any, ...]
    further: tuple[Any, ...]
    """The fields behind the rows below."""
    faults: int
    """How many fields have to be put right."""
    blocks: tuple[FormBlock, ...] = ()
    doubts: tuple[str, ...] = ()
    """What the person should look at before he saves once more."""
    sure: str = ""
    """What the form sends when he has been told of them."""
    row_name: str = ""
    row_url: str = ""
    seen: str = ""
    word: str = ""
    enclosing: Section | None = None
    """Where files are taken along."""
    acts: tuple[Action, ...] = ()
    """What may be done with the row in the same click as it is saved."""
    fixed: tuple[Fact, ...] = ()
    """What stands there and is not asked for: with the names of its columns, and why."""
    fixed_names: str = ""
    why_fixed: tuple[str, ...] = ()
    another: str = ""
    """What the button says that goes on to the next new row."""


@dataclass(frozen=True)
class RowLink:
    """A row, by name."""

    id: int
    name: str
    url: str


@dataclass(frozen=True)
class DeletePage:
    """Asks before rows are deleted and says what hangs on them."""

    title: str
    table_label: str
    list_url: str
    action_url: str
    cancel_url: str
    rows: tuple[RowLink, ...]
    hangs: tuple[Link, ...]
    is_possible: bool
    """Not where something hangs on the rows that keeps them."""
    action: str = ""
    question: str = ""
    """Of the list in which they were ticked."""
