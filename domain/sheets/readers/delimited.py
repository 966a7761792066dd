"""Delimited text (.csv, .tsv): delimiter told by the content; quoted cells may hold line breaks."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
_END = "\ue0fe"


def read(path: Path) -> list[Grid]:
    """One unnamed grid; its rows are records as Excel counts them. Raises UnreadableFile."""
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    csv.field_size_limit(MAX_CELL_CHARACTERS * 4)
    return [Grid(None, _cells(text, _delimiter(text)))]


def _cells(text: str, delimiter: str) -> list[list[Cell]]:
    cells: list[list[Cell]] = []
    for record in _records(text, delimiter):
        while record and not record[-1].strip():
            record.pop()
        if len(cells) >= MAX_ROWS:
            raise UnreadableFile(f"文件超过了 {MAX_ROWS} 行，请删去多余的行后再上传。")
        if len(record) > MAX_COLUMNS:
            raise UnreadableFile(f"第{len(cells) + 1}行超过了 {MAX_COLUMNS} 列，请检查分隔符。")
        values = [numbers.plain_text(numbers.without_formula(value)) for value in record]
        cells.append([value if isinstance(value, str) else "" for value in values])
    return cells


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records. A line put after the last one shows whether a quote is still open there."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    reader = _reader((line + "\n" for line in (*lines, _END)), delimiter)
    first = 0
    try:
        for record in reader:
            if record == [_END]:
                return
            if reader.line_num - first > 1:
                _check_quotes(lines[first : reader.line_num], delimiter, first)
            yield record
            first = reader.line_num
    except csv.Error:
        pass
    raise UnreadableFile(_open_quote(lines, first))


def _reader(lines: Iterator[str], delimiter: str, is_strict: bool = False) -> Any:
    """Of csv, with its `line_num`; a space before a quote is none of the cell's."""
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=is_strict)


def _check_quotes(lines: list[str], delimiter: str, first: int) -> None:
    """A cell over several lines must end at its quote: what follows a stray one is the next row's own text."""
    try:
        closed = list(_reader((line + "\n" for line in lines), delimiter, is_strict=True))
    except csv.Error:
        closed = []
    if not closed:
        raise UnreadableFile(_open_quote(lines, 0, first))


def _open_quote(lines: list[str], start: int, before: int = 0) -> str:
    line = next((at for at in range(start, len(lines)) if lines[at].count('"') % 2), start)
    shown = lines[line].strip()[:30] if line < len(lines) else ""
    return (
        f"第{before + line + 1}行（“{shown}…”）有引号没有成对，后面的行都会被当成这一格的内容，"
        "请补上或删去这个引号，或用 WPS 或 Excel 打开检查、另存为 .xlsx 后再上传。"
    )


def _delimiter(text: str) -> str:
    """The delimiter that cuts the most of the first records into the same number of two or more columns."""
    sample = text[:200_000]

    def agreement(delimiter: str) -> tuple[int, int]:
        reader = _reader(io.StringIO(sample, newline=""), delimiter)
        widths: Counter[int] = Counter()
        try:
            for record, _ in zip(reader, range(200), strict=False):
                widths.update([len(record)] if len(record) > 1 else [])
        except csv.Error:  # a quote that is never closed; the records before it tell enough
            pass
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        return count * min(width, 6), width

    return max(_DELIMITERS, key=agreement)
