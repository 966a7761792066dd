"""What a row may not say for a reason that no CHECK can see: the day, rows above, rows below. Only the refusal."""

from domain.schema.words import Column


class Implausible(ValueError):
    """A row of ``table`` says what cannot be. ``why`` is told beside the name of the cell, ``sentence`` names it."""

    def __init__(self, table: str, column: Column, why: str) -> None:
        self.table, self.column, self.why = table, column, why
        self.sentence = f"“{column.label}”：{why}"
        super().__init__(self.sentence)
