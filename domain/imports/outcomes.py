"""What can become of a row of an imported file, and what is wrong with one of its cells. Values only."""

from dataclasses import dataclass
from typing import Any

NEW, UPDATED, UNCHANGED, INVALID, FAILED = "new", "updated", "unchanged", "invalid", "failed"
CHINESE = {NEW: "新增", UPDATED: "更新", UNCHANGED: "未变", INVALID: "无效", FAILED: "失败"}
OUTCOMES = (NEW, UPDATED, UNCHANGED, INVALID, FAILED)
FAULTS = "问题"
"""The column that a marked workbook carries beside its data; never a column of the file's own."""

MOST_LEFT_OUT = 200
"""How many lines that are no row an import keeps of each sheet, to be shown; it keeps their number in any case."""

HIDDEN_ROWS = "行是隐藏的（或被筛选掉、看不见）"
"""How hidden rows are told of, behind their number."""


@dataclass(frozen=True)
class CellError:
    """What is wrong with one cell, or to be looked at twice, for a person.

    `column` is canonical, `cell` is as Excel names it ('F8'); `kind` tells doubts about the same column apart, '' where
    there is one kind alone.
    """

    column: str
    label: str
    value: str
    message: str
    suggestions: tuple[str, ...] = ()
    cell: str = ""
    kind: str = ""


def error_as_json(error: CellError) -> dict[str, Any]:
    """One error or warning; `cell` is where to mark it in the user's own workbook, '' where no cell is to blame."""
    return {
        "column": error.column,
        "label": error.label,
        "value": error.value,
        "message": error.message,
        "suggestions": list(error.suggestions),
        "cell": error.cell,
        "kind": error.kind,
    }
