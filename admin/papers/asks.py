"""What a template asks for, looked up: which columns, numbers and blocks are read, and how blocks hang together."""

from __future__ import annotations

from dataclasses import dataclass, field

from admin.papers.figures import FigureMark
from admin.papers.paths import LabelPath
from admin.tables.desk import Desk
from admin.tables.finding.asking import Asked
from domain.statistics.dimensions import Dimension, DimensionPath


@dataclass
class Asks:
    """What a template, or a block of it, asks for: ``paths`` at the rows at hand, ``figures`` of them or of the whole.

    ``named``: the marks that say the value of a dimension itself. ``general`` and ``about`` stand in the whole alone:
    what may be said at any place, and what is said of the chosen meeting, unit or item (without a path its name).
    """

    paths: dict[str, LabelPath] = field(default_factory=dict)
    figures: dict[str, FigureMark] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    general: set[str] = field(default_factory=set)
    about: dict[str, tuple[str, LabelPath | None]] = field(default_factory=dict)
    rows: dict[str, RowsPlan] = field(default_factory=dict)
    lines: dict[str, LinesPlan] = field(default_factory=dict)


@dataclass
class RowsPlan:
    """A block with a row for each row of a table. ``way``: by which they are those of the row of the block around."""

    desk: Desk
    asked: Asked
    asks: Asks
    way: DimensionPath | None = None
    ordered: LabelPath | None = None
    is_descending: bool = False


@dataclass
class LinesPlan:
    """A block with a row for each value of a dimension, perhaps those alone of which a number is not 0."""

    dimension: Dimension
    asks: Asks
    ordered: FigureMark | None = None
    only: FigureMark | None = None
