"""The rich texts of an old workbook: of each shared string that has runs, its pieces and their fonts.

Facts of the format: [MS-XLS] 2.4.265 (SST), 2.5.293 (XLUnicodeRichExtendedString), 2.4.58 (Continue).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence

from domain.sheets.readers import numbers
from domain.sheets.readers.marks import Runs, runs_from

_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08
_HEADER = 8
Piece = tuple[str, int | None]
"""A text and the number of its font; None for the font of the cell."""


def rich_texts(parts: Sequence[bytes]) -> dict[int, list[Piece]]:
    """By index the shared strings that have runs. ``parts``: the body of the SST record, then those that continue it.

    A table that is cut short gives what comes before the cut.
    """
    if not parts or len(parts[0]) < _HEADER:
        return {}
    reader = _TextReader(parts)
    (count,) = struct.unpack("<4xI", reader.take(_HEADER))
    found: dict[int, list[Piece]] = {}
    try:
        for index in range(count):
            if pieces := reader.text():
                found[index] = pieces
    except (EOFError, struct.error):
        pass
    return found


def runs_of(
    pieces: Iterable[Piece],
    is_struck: Callable[[int], bool],
    is_raised: Callable[[int], bool],
    cell_is_struck: bool,
) -> Runs | None:
    """The text by what is struck in it; what stands before the first run looks like its cell. None if there is
    nothing to say."""
    return runs_from(
        (text, cell_is_struck, False)
        if font is None
        else (numbers.raised(text) if is_raised(font) else text, is_struck(font), is_raised(font))
        for text, font in pieces
    )


class _TextReader:
    """Reads on through the parts; a text that goes on in the next part begins there with a new byte of flags."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self.parts = parts
        self.part = 0
        self.at = 0

    def _left(self) -> int:
        while self.at >= len(self.parts[self.part]):
            if self.part + 1 >= len(self.parts):
                raise EOFError
            self.part, self.at = self.part + 1, 0
        return len(self.parts[self.part]) - self.at

    def take(self, size: int) -> bytes:
        """So many bytes, wherever parts end. Raises EOFError."""
        found = bytearray()
        while len(found) < size:
            some = min(self._left(), size - len(found))
            found += self.parts[self.part][self.at : self.at + some]
            self.at += some
        return bytes(found)

    def text(self) -> list[Piece]:
        """The next string's pieces, if it has runs."""
        length, flags = struct.unpack("<HB", self.take(3))
        (runs,) = struct.unpack("<H", self.take(2)) if flags & _RICH else (0,)
        (extra,) = struct.unpack("<I", self.take(4)) if flags & _EXTENDED else (0,)
        text = self._characters(length, flags)
        starts = [struct.unpack("<HH", self.take(4)) for _ in range(runs)]
        self.take(extra)
        return _pieces(text, starts) if starts else []

    def _characters(self, length: int, flags: int) -> str:
        found: list[str] = []
        while length:
            if self.at >= len(self.parts[self.part]):
                self._left()
                flags = self.take(1)[0]
            width = 2 if flags & _WIDE else 1
            some = min(length, self._left() // width)
            if not some:
                raise EOFError
            found.append(
                self.take(some * width).decode("utf-16-le" if width == 2 else "latin-1", "replace")
            )
            length -= some
        return "".join(found)


def _pieces(text: str, starts: Sequence[tuple[int, ...]]) -> list[Piece]:
    """The text cut where runs start; positions count the halves of characters beyond the first plane."""
    halves = text.encode("utf-16-le", "surrogatepass")
    ends = [start for start, _ in starts[1:]] + [len(halves) // 2]
    fonts: list[tuple[int, int, int | None]] = [(0, starts[0][0], None)]
    fonts += [(start, end, font) for (start, font), end in zip(starts, ends, strict=True)]
    cut = ((halves[2 * a : 2 * b].decode("utf-16-le", "replace"), font) for a, b, font in fonts)
    return [(piece, font) for piece, font in cut if piece]
