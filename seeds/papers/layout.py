"""What a template of a paper holds, as values: an office changes it in WPS, we change it here."""

from dataclasses import dataclass

SUM = "sum"
"""In the line of totals: the sum of the column."""
SIGNED = "填报人：{{填报人}}　　　　审核人：　　　　　　　　签发人：　　　　　　　　填报日期：{{填报日期}}"
MADE_BY = "填报单位：{{填报单位}}（盖章）　　　　{{填报日期}}"


@dataclass(frozen=True)
class PaperHead:
    """A column, or several under one head. ``kind``: text, code (short, in the middle), date, number or share."""

    text: str
    mark: str = ""
    width: float = 10
    kind: str = "text"
    total: str = ""
    """What stands in the line of totals: SUM, or a text with marks."""
    under: tuple["PaperHead", ...] = ()

    @property
    def columns(self) -> tuple["PaperHead", ...]:
        """The columns below it."""
        return tuple(c for head in self.under for c in head.columns) if self.under else (self,)


@dataclass(frozen=True)
class PaperTable:
    """A table with one row for each row of ``block``; with ``around`` once for each row of that block.

    ``leads`` are lines above the heads, over the whole width; a block may stand in one. ``late``: the head of the
    column by which a row turns red where there is something in it.
    """

    block: str
    heads: tuple[PaperHead, ...]
    around: str = ""
    leads: tuple[str, ...] = ()
    late: str = ""

    @property
    def columns(self) -> tuple[PaperHead, ...]:
        """All columns, from the left."""
        return tuple(column for head in self.heads for column in head.columns)

    @property
    def has_total(self) -> bool:
        """Whether it ends with a line of totals."""
        return any(column.total for column in self.columns)


@dataclass(frozen=True)
class PaperPage:
    """A sheet: its title, a line below it, its tables one below the other, a line to sign."""

    name: str
    title: str
    tables: tuple[PaperTable, ...]
    notes: str = MADE_BY
    foot: str = SIGNED
    is_landscape: bool = True
