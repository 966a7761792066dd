"""Delimited text (.csv, .tsv): delimiter told by the content; quoted cells may hold line breaks."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from domain.sheets.grid import (
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Grid,
    UnreadableFile,
)
from domain.sheets.readers import numbers
from domain.sheets.readers.decoding import decode

_DELIMITERS = ",\t;，；|"


def read(path: Path) -> list[Grid]:
    """One unnamed grid; its rows are records as Excel counts them. Raises UnreadableFile."""
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    csv.field_size_limit(MAX_CELL_CHARACTERS * 4)
    try:
        return [Grid(None, _records(text, _delimiter(text)))]
    except csv.Error:
        raise UnreadableFile(
            "文本表格里有引号没有成对，请用 WPS 或 Excel 打开检查后再上传。"
        ) from None


def _records(text: str, delimiter: str) -> list[list[Cell]]:
    cells: list[list[Cell]] = []
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        while record and not record[-1].strip():
            record.pop()
        if len(cells) >= MAX_ROWS:
            raise UnreadableFile(f"文件超过了 {MAX_ROWS} 行，请删去多余的行后再上传。")
        if len(record) > MAX_COLUMNS:
            raise UnreadableFile(f"第{len(cells) + 1}行超过了 {MAX_COLUMNS} 列，请检查分隔符。")
        values = [numbers.plain_text(value) for value in record]
        cells.append([value if isinstance(value, str) else "" for value in values])
    return cells


def _delimiter(text: str) -> str:
    """The delimiter that cuts the most of the first records into the same number of two or more columns."""
    sample = text[:200_000]

    def agreement(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = Counter(
            len(record) for record, _ in zip(reader, range(200), strict=False) if len(record) > 1
        )
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        return count * min(width, 6), width

    return max(_DELIMITERS, key=agreement)
