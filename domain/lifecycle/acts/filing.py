"""报送, 受理, 退回: a paper that a unit files with the office, which accepts or returns it with a reason (S0 §三, §七).

The table says by its days where a paper stands: submitted_on, accepted_on, returned_on, and review_note beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_

from domain.access.rule import Columns, Criterion, everything
from domain.actors import LIAISON, OFFICE
from domain.lifecycle.acts.act import TODAY, Act, Answer, Asking, Doing, Need, When
from domain.lifecycle.acts.conditions import every
from domain.messages.telling import RETURNED, Tell

_OFFICE = {OFFICE: everything}


@dataclass(frozen=True)
class Paper:
    """A kind of paper. ``noun`` tells its acts' names from others, ``called`` is what people call it; ``whose`` says
    which are the own unit's, ``when`` when one may still be filed, ``needs`` what must stand in it."""

    table: str
    noun: str
    called: str
    whose: Criterion
    needs: tuple[Need, ...]
    when: When | None = None
    over: str = "已经报送"
    """What is the matter with one that cannot be filed."""


def acts_of_paper(paper: Paper) -> tuple[Act, ...]:
    """All that is done with such a paper, in the order in which it is offered."""
    units = {LIAISON: paper.whose, OFFICE: everything}
    file = Act(
        name=f"file_{paper.noun}",
        label="报送",
        table=paper.table,
        who=units,
        starts=(),
        when=every(_is_unfiled, paper.when) if paper.when else _is_unfiled,
        otherwise=paper.over,
        answers=(
            Answer("submitted_on", is_required=True, begins=TODAY, roles=frozenset({OFFICE})),
        ),
        needs=paper.needs,
        write=_file,
        says="已报送，等交办督查受理",
        todo=f"待报送的{paper.called}",
        begins_new=True,
        todo_of=(LIAISON,),
        tone="first",
    )
    unfile = Act(
        name=f"unfile_{paper.noun}",
        label="撤回报送",
        table=paper.table,
        who=units,
        starts=(),
        when=_waits,
        otherwise="还没有报送，或者已经受理",
        write=_unfile,
        says="已撤回报送，可以再改",
    )
    accept = Act(
        name=f"accept_{paper.noun}",
        label="受理",
        table=paper.table,
        who=_OFFICE,
        starts=(),
        when=_waits,
        otherwise="还没有报送，或者已经受理",
        answers=(Answer("accepted_on", is_required=True, begins=TODAY), Answer("review_note")),
        write=_accept,
        says="已受理",
        todo=f"待受理的{paper.called}",
        tone="first",
    )
    unaccept = Act(
        name=f"unaccept_{paper.noun}",
        label="撤回受理",
        table=paper.table,
        who=_OFFICE,
        starts=(),
        when=_is_accepted,
        otherwise="还没有受理",
        write=_unaccept,
        says="已撤回受理",
    )
    send_back = Act(
        name=f"return_{paper.noun}",
        label="退回",
        table=paper.table,
        who=_OFFICE,
        starts=(),
        when=_is_filed,
        otherwise="还没有报送",
        answers=(Answer("review_note", is_required=True, help="写明哪里要改，单位看得到。"),),
        write=_send_back,
        tells=Tell(RETURNED, f"{{row}}的{paper.called}被退回：{{review_note}}"),
        says="已退回",
        help="受理以后才发现要改的，也可以退回。",
    )
    return file, accept, send_back, unfile, unaccept


def _is_unfiled(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.submitted_on.is_(None)


def _is_filed(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.submitted_on.is_not(None)


def _is_accepted(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.accepted_on.is_not(None)


def _waits(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return and_(row.submitted_on.is_not(None), row.accepted_on.is_(None))


def _file(doing: Doing) -> None:
    for paper in doing.rows:
        paper.submitted_on, paper.returned_on = doing.answers["submitted_on"], None


def _unfile(doing: Doing) -> None:
    for paper in doing.rows:
        paper.submitted_on = None


def _accept(doing: Doing) -> None:
    for paper in doing.rows:
        paper.accepted_on = doing.answers["accepted_on"]
        paper.review_note = doing.answers.get("review_note") or ""


def _unaccept(doing: Doing) -> None:
    for paper in doing.rows:
        paper.accepted_on = None


def _send_back(doing: Doing) -> None:
    for paper in doing.rows:
        paper.submitted_on, paper.accepted_on = None, None
        paper.returned_on, paper.review_note = doing.asking.today, doing.answers["review_note"]
