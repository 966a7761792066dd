"""One stream out of an OLE compound file ([MS-CFB]). Bounded by the file's own size, whatever its header claims."""

from __future__ import annotations

import struct

_END = 0xFFFFFFFA
"""Sector numbers from here on are marks (free, end of chain, table), not sectors."""


def stream(data: bytes, name: str) -> bytes | None:
    """The stream's bytes, or None when the file has no such stream or its tables do not hold together."""
    try:
        return _Compound(data).stream(name)
    except (struct.error, IndexError, ValueError):
        return None


class _Compound:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.shift = struct.unpack_from("<H", data, 30)[0]
        if self.shift not in (9, 12):
            raise ValueError("sector size")
        self.table = self._table()
        self.directory = self._chain(struct.unpack_from("<I", data, 0x30)[0])

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self.shift
        return self.data[start : start + (1 << self.shift)]

    def _table(self) -> list[int]:
        numbers = list(struct.unpack_from("<109I", self.data, 0x4C))
        following = struct.unpack_from("<I", self.data, 0x44)[0]
        for _ in range(len(self.data) >> self.shift):
            if following >= _END:
                break
            entries = _integers(self._sector(following))
            numbers += entries[:-1]
            following = entries[-1]
        limit = len(self.data) >> self.shift
        return [
            entry
            for number in numbers
            if number < limit
            for entry in _integers(self._sector(number))
        ]

    def _chain(self, number: int) -> bytes:
        sectors: list[bytes] = []
        while number < len(self.table) and len(sectors) <= len(self.data) >> self.shift:
            sectors.append(self._sector(number))
            number = self.table[number]
        return b"".join(sectors)

    def stream(self, name: str) -> bytes | None:
        wanted = (name + "\0").encode("utf-16-le")
        root = self.directory[:128]
        for at in range(0, len(self.directory), 128):
            entry = self.directory[at : at + 128]
            if entry.startswith(wanted) and struct.unpack_from("<H", entry, 64)[0] == len(wanted):
                first, size = struct.unpack_from("<II", entry, 0x74)
                if size < struct.unpack_from("<I", self.data, 0x38)[0]:
                    return self._small(root, first)[:size]
                return self._chain(first)[:size]
        return None

    def _small(self, root: bytes, number: int) -> bytes:
        """A stream below the cut-off lies in 64-byte pieces inside the root entry's own stream."""
        container = self._chain(struct.unpack_from("<I", root, 0x74)[0])
        table = _integers(self._chain(struct.unpack_from("<I", self.data, 0x3C)[0]))
        pieces: list[bytes] = []
        while number < len(table) and len(pieces) <= len(table):
            pieces.append(container[number << 6 : (number + 1) << 6])
            number = table[number]
        return b"".join(pieces)


def _integers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
