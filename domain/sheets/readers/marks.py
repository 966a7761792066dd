"""What a second look at a workbook found beside calamine's values: error cells and zero-padding formats."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from domain.sheets.grid import Problem


@dataclass
class Marks:
    """Of one sheet, by (row, column) counted from 0."""

    problems: dict[tuple[int, int], Problem] = field(default_factory=dict)
    paddings: dict[tuple[int, int], re.Match[str]] = field(default_factory=dict)
