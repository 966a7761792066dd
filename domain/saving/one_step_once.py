"""A route asks for a step once: two lines for the same step and the same replies would be signed by one alone."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from domain import models
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, WriteRule

_EVERY = "全部"
_ANSWERS = ("kind", "items")


class StepTwice(Implausible):
    """A route has two lines for one step of the same replies."""


class OneStepOnce(WriteRule):
    """Raises StepTwice where a written line of a route stands for the same step and replies as another one."""

    def concerns(self, table: str) -> bool:
        return table == "review_route_steps"

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        one, other = (models.alias_of(table, name) for name in ("one", "other"))
        overlaps = (
            or_(one.c[name] == other.c[name], one.c[name] == _EVERY, other.c[name] == _EVERY)
            for name in _ANSWERS
        )
        twice = select(one.c.id).where(
            one.c.id.in_([row.new["id"] for row in rows if row.new]),
            one.c.review_route_id == other.c.review_route_id,
            one.c.step == other.c.step,
            one.c.id != other.c.id,
            *overlaps,
        )
        if save.connection.scalar(twice.limit(1)) is not None:
            column = models.schema.tables[table].columns["step"]
            why = "这套流程里同样的答复已有这个环节；重点件和非重点件走法不同的，各写一行。"
            raise StepTwice(table, column, why)
