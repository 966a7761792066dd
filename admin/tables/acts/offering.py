"""Which acts are offered: beside a row those that are open, with their forms and what they still miss; below a list
those that may be done on several rows; on the page of an act, what will become of the chosen rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from wtforms.form import BaseForm

from admin.frame.links import Link
from admin.tables.acts.forms import act_form
from admin.tables.desk import Desk
from admin.tables.drawing import row_url
from admin.tables.screens import Action, RowLink
from domain import models
from domain.lifecycle.acts.act import Act
from domain.lifecycle.acts.register import acts_of
from domain.lifecycle.doing import sort_out, to_mind
from domain.lifecycle.judging import Standing

SHOWN = 20
ASKED_OF_ALL = "asked"
"""The field that carries the list's question, where an act is for all rows that it finds."""


@dataclass(frozen=True)
class Offered:
    """An act beside a row: its button, its form where it asks for something, and what is missing for it."""

    name: str
    label: str
    tone: str
    help: str
    url: str
    form: BaseForm | None
    missing: tuple[str, ...]
    to_explain: tuple[str, ...]
    """What is missing too, but may be explained in the form."""
    to_mind: tuple[str, ...]
    """What had better be there, and is not in the way."""


@dataclass(frozen=True)
class ChosenRows:
    """The rows that an act is for. ``asked``: the list's question, where it is for all that it finds; ``question`` the
    same of the list in which they were ticked, and ``list_url`` where either list is; None for one row by itself."""

    rows: tuple[models.Row, ...]
    asked: str | None = None
    question: str | None = None
    list_url: str | None = None

    @property
    def one(self) -> models.Row | None:
        """The row, where it is one alone."""
        return self.rows[0] if len(self.rows) == 1 and self.asked is None else None


@dataclass(frozen=True)
class PassedBy:
    """A chosen row on which the act cannot be done, or of which something is to be minded, and why."""

    row: RowLink
    why: str


@dataclass(frozen=True)
class ActPage:
    """Asks before an act is done on several rows, or again for what was missing."""

    title: str
    help: str
    table_label: str
    list_url: str
    url: str
    cancel_url: str
    label: str
    tone: str
    form: BaseForm | None
    keys: tuple[int, ...]
    asked: str | None
    """The list's question, where the act is for all rows that it finds."""
    question: str | None
    """The question of the list in which the rows were ticked."""
    ready: tuple[RowLink, ...]
    ready_count: int
    passed_by: tuple[PassedBy, ...]
    passed_by_count: int
    minded: tuple[PassedBy, ...]
    minded_count: int


def find_act(desk: Desk, name: str) -> Act | None:
    """The act of this name, where it is for this person's role."""
    return next((act for act in acts_of(desk.actor, desk.words.name) if act.name == name), None)


def bulk_actions(desk: Desk) -> Iterator[Action]:
    """The acts that may be done on several rows of the list at once."""
    for act in acts_of(desk.actor, desk.words.name):
        if act.in_bulk:
            yield Action(act.name, f"{act.label}所选")


def actions_on_all(desk: Desk, asked: str) -> Iterator[Link]:
    """The same for all rows that a list finds, by its question."""
    for act in acts_of(desk.actor, desk.words.name):
        if act.in_bulk:
            place: dict[str, Any] = {"act": act.name, ASKED_OF_ALL: asked}
            yield Link(act.label, url_for(f"{desk.words.name}.act_view", **place))


def offered_beside(
    desk: Desk, row: models.Row, standings: Mapping[str, Standing]
) -> tuple[Offered, ...]:
    """The acts that are open for a row, as its ``standings`` say: none of one that has gone."""
    acts = acts_of(desk.actor, desk.words.name)
    return tuple(
        Offered(
            act.name,
            act.label,
            act.tone,
            act.help,
            url_for(f"{desk.words.name}.act_view", act=act.name, rowid=row.id),
            act_form(desk, act, row),
            missing=tuple(_said(desk, row, standings[act.name], can_be_explained=False)),
            to_explain=tuple(_said(desk, row, standings[act.name], can_be_explained=True)),
            to_mind=tuple(n.said_of(desk.session, row) for n in standings[act.name].to_mind),
        )
        for act in acts
        if standings and standings[act.name].is_open
    )


def _said(
    desk: Desk, row: models.Row, standing: Standing, *, can_be_explained: bool
) -> Iterator[str]:
    """The sentences of what is missing: of what stands in the way, or of what an answer may explain."""
    for need in standing.missing:
        if bool(need.unless) == can_be_explained:
            yield need.said_of(desk.session, row)


def act_page(desk: Desk, act: Act, chosen: ChosenRows, form: BaseForm | None) -> ActPage:
    """The page of an act on these rows: how many it will be done on, and which not and why."""
    rows = chosen.rows
    ready, passed_over = sort_out(desk.session, act, rows)
    minded, name = to_mind(desk.session, act, ready), desk.words.name
    listed = chosen.list_url or url_for(f"{name}.index_view")
    return ActPage(
        title=f"{act.label}：{rows[0]}" if len(rows) == 1 else f"{act.label}{desk.words.label}",
        help=act.help,
        table_label=desk.words.label,
        list_url=listed,
        url=url_for(f"{name}.act_view", act=act.name),
        cancel_url=_back(name, chosen) or listed,
        label=act.label,
        tone=act.tone,
        form=form,
        keys=tuple(row.id for row in rows),
        asked=chosen.asked,
        question=chosen.question,
        ready=tuple(_link(name, row) for row in ready[:SHOWN]),
        ready_count=len(ready),
        passed_by=tuple(
            PassedBy(RowLink(one.row_id, one.name, row_url(name, one.row_id)), one.why)
            for one in passed_over[:SHOWN]
        ),
        passed_by_count=len(passed_over),
        minded=tuple(
            PassedBy(RowLink(one.row_id, one.name, row_url(name, one.row_id)), one.sentence)
            for one in minded[:SHOWN]
        ),
        minded_count=len(minded),
    )


def _back(table: str, chosen: ChosenRows) -> str | None:
    """Where one who leaves the page came from: the list, or the page of the one row."""
    is_by_itself = len(chosen.rows) == 1 and chosen.list_url is None
    return row_url(table, chosen.rows[0].id) if is_by_itself else chosen.list_url


def _link(table: str, row: models.Row) -> RowLink:
    return RowLink(row.id, str(row), row_url(table, row.id))
