"""Prints what was measured, as it comes, and keeps it for a JSON file. Judges nothing."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_MIB = 1024 * 1024


@dataclass
class Report:
    """The numbers of one run, in the order they came."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    title: str = ""

    def open(self, title: str, *notes: str) -> None:
        """Begin a table."""
        self.title = title
        self._print(f"\n{title}")
        for note in notes:
            self._print(f"  {note}")
        self._print(f"  {'':<44}{'time':>12}{'rows/s':>12}{'peak MiB':>10}")

    def line(self, name: str, seconds: float, rows: int = 0, peak_bytes: int = 0) -> None:
        """One step: its time, ``rows`` by that time, and the largest process."""
        rate = f"{rows / seconds:,.0f}" if rows else ""
        peak = f"{peak_bytes / _MIB:,.0f}" if peak_bytes else ""
        self._print(f"  {name:<44}{_time(seconds):>12}{rate:>12}{peak:>10}".rstrip())
        self._keep(name, seconds=seconds, rows=rows, peak_bytes=peak_bytes)

    def ratio(self, name: str, value: float) -> None:
        """How many times as much."""
        self._print(f"  {name:<44}{f'{value:,.2f} x':>12}")
        self._keep(name, ratio=value)

    def note(self, text: str) -> None:
        """A sentence under a table."""
        self._print(f"  {text}")
        self._keep(text)

    def save(self, path: Path) -> None:
        """Keep everything as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.lines, ensure_ascii=False, indent=1), "utf-8")

    def _keep(self, name: str, **numbers: float) -> None:
        self.lines.append({"table": self.title, "name": name, **numbers})

    @staticmethod
    def _print(text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def _time(seconds: float) -> str:
    return f"{seconds:,.2f} s" if seconds >= 1 else f"{seconds * 1000:,.1f} ms"
