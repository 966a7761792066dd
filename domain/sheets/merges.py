"""A grid with its merged cells spread: what a person sees in each cell. Unmerged blanks stay blank."""

from __future__ import annotations

from domain.sheets.grid import Cell, Grid, Problem, UnreadableFile


class Merged:
    """Values as seen. `top_of` tells for a covered cell which cell holds its value."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.covered: dict[tuple[int, int], tuple[int, int]] = {}
        room = len(grid.cells) * max(grid.width, 1) + 1_000
        for top, left, low, far in grid.merges:
            bottom, right = min(low, len(grid.cells) - 1), min(far, max(grid.width - 1, left))
            room -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
            if room < 0:
                raise UnreadableFile(
                    "表格里的合并单元格互相重叠，请用 WPS 或 Excel 打开检查后另存再上传。"
                )
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self.covered[row, column] = (top, left)

    def at(self, row: int, column: int) -> Cell:
        if not self.covered:
            return self.grid.at(row, column)
        top = self.covered.get((row, column))
        return self.grid.at(*top) if top else self.grid.at(row, column)

    def is_continued(self, row: int, column: int) -> bool:
        """Whether the cell only continues a merged cell that began in a row above."""
        top = self.covered.get((row, column))
        return top is not None and top[0] < row

    def problem_at(self, row: int, column: int) -> Problem | None:
        """What keeps the cell, or the one that covers it, from being read."""
        return self.grid.problems.get(self.top_of(row, column))

    def remark_at(self, row: int, column: int) -> Problem | None:
        """What was left out of the cell, or of the one that covers it."""
        return self.grid.remarks.get(self.top_of(row, column))

    def unseen_at(self, row: int, column: int) -> Problem | None:
        """What was read of the cell, or of the one that covers it, although nobody sees it."""
        return self.grid.unseen.get(self.top_of(row, column))

    def top_of(self, row: int, column: int) -> tuple[int, int]:
        """The cell that holds the value of this one: itself, unless it is covered."""
        return self.covered.get((row, column), (row, column))
