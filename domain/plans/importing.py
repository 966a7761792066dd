"""A 分工方案 from its file into the database, as the background and the command both do it: open, preview, write.

Commits nothing: whoever imports keeps the transaction or takes it back. Not the import's own row
(domain/imports/record.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from domain.imports.corrections import NOTHING_SAID, Corrected, Corrections
from domain.imports.outcomes import FAILED, INVALID
from domain.plans import answers, newcomers
from domain.plans.apply import Progress, import_plan
from domain.plans.due_look import look_at_dues
from domain.plans.kept import Said, read_plan_once
from domain.plans.lookups import PlanMeeting, load_overrides, load_unit_book
from domain.plans.recognising.outcomes import Plan
from domain.plans.recognising.reading import read_plan, refusal
from domain.plans.recognising.tables import Overrides
from domain.plans.second_look import Place, leave_out, other_titles, place_of
from domain.plans.steps import PlanStep
from domain.storing.session import ActorSession


@dataclass(frozen=True)
class Chosen:
    """What a person said of a file: which unit a written name means, what its columns are, which rows stay out, and
    what its cells should read.
    """

    units: Mapping[str, int] = field(default_factory=dict)
    columns: Overrides = field(default_factory=dict)
    skipped: frozenset[Place] = frozenset()
    said: Corrections = NOTHING_SAID


@dataclass(frozen=True)
class PlanFile:
    """A plan as read from its file, and the meeting that it is for."""

    meeting: PlanMeeting
    plan: Plan

    @property
    def refusal(self) -> str:
        """Why no row could be read, as one sentence; '' where there are rows."""
        return refusal(self.plan)


@dataclass(frozen=True)
class PlanImport:
    """What an import of a plan did, or would do. ``skipped`` are rows left out because they change a title."""

    plan: Plan
    steps: list[PlanStep]
    skipped: frozenset[Place] = frozenset()

    @property
    def refusal(self) -> str:
        """Why no row could be read, as one sentence; '' where there are rows."""
        return refusal(self.plan)

    @property
    def bad(self) -> list[PlanStep]:
        """The rows that cannot be written, the skipped ones among them."""
        return [step for step in self.steps if step.outcome in (INVALID, FAILED)]

    @property
    def corrected(self) -> Sequence[Corrected]:
        """What came of the cells that a person corrected."""
        return self.plan.corrected

    @property
    def is_clean(self) -> bool:
        """Whether every row is usable, but for those that were to be skipped."""
        return all(place_of(step.row) in self.skipped for step in self.bad)

    def keep(self, session: ActorSession, import_id: int) -> dict[str, Any]:
        """Store the rows of the import; returns the columns of `imports` that tell its result."""
        result = answers.keep_rows(session, import_id, self.plan, self.steps)
        people = newcomers.as_json(newcomers.newcomers(self.steps))
        return {**result, "findings": people}

    def as_json(self, file_name: str) -> dict[str, Any]:
        """The answer of `import-plan --json`."""
        return answers.as_json(file_name, self.plan, self.steps)


def open_plan(
    session: ActorSession,
    path: Path,
    meeting: PlanMeeting,
    chosen: Chosen | None = None,
    kept: Path | None = None,
) -> PlanFile:
    """Read the file. Ends the transaction of ``session`` first: reading takes a second, and nobody should wait for it.

    With ``kept``, what was read is kept there for the next time. Raises UnreadableFile.
    """
    chosen = chosen or Chosen()
    book = load_unit_book(session, chosen.units)
    overrides = {**load_overrides(session), **chosen.columns}
    session.rollback()
    if kept is None:
        plan = read_plan(path, meeting.facts, book, overrides)
    else:
        plan = read_plan_once(path, meeting.facts, book, Said(overrides, chosen.said), kept)
    return PlanFile(meeting, leave_out(plan, chosen.skipped))


def write(session: ActorSession, file: PlanFile, progress: Progress | None = None) -> PlanImport:
    """Compare and write all usable rows, in the caller's transaction. The session is the program's own."""
    today = session.now().date()
    steps = import_plan(session, file.meeting, file.plan, today, progress)
    look_at_dues(session, file.meeting, steps)
    return PlanImport(file.plan, steps)


def preview(session: ActorSession, file: PlanFile, progress: Progress | None = None) -> PlanImport:
    """The same, for real and then taken back, with the whole transaction; so preview and run cannot disagree."""
    with session.rehearsal():
        return write(session, file, progress)


def write_same_titles(session: ActorSession, file: PlanFile) -> PlanImport:
    """Write all usable rows but those that would give the item of their number another title.

    Which ones these are is known once they are compared, so what was written is taken back until none is left.
    """
    skipped: frozenset[Place] = frozenset()
    while True:
        with session.begin_nested() as attempt:
            done = write(session, PlanFile(file.meeting, leave_out(file.plan, skipped)))
            others = other_titles(done.steps)
            if others:
                attempt.rollback()
        if not others:
            return replace(done, plan=file.plan, skipped=skipped)
        skipped |= others
