"""Prints what was measured, as it comes, and keeps it for a JSON file. Judges nothing."""

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.measure import Measured

Times = tuple[float, float]
"""Seconds by the clock, and of the processors."""

_MIB = 1024 * 1024


@dataclass
class Report:
    """The numbers of one run, in the order they came."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    title: str = ""

    def open(self, title: str) -> None:
        """Begin a table."""
        self.title = title
        self._print(f"\n{title}")
        self._print(f"  {'':<44}{'time':>12}{'of the CPU':>12}{'rows/s':>10}{'MiB':>6}")

    def step(self, name: str, measured: Measured, rows: int = 0) -> None:
        """One step: its time, ``rows`` by that time, and its largest process at its peak."""
        self._line(name, (measured.seconds, measured.cpu_seconds), rows, measured.peak_bytes)

    def lap(self, name: str, measured: Measured, place: int, rows: int = 0) -> None:
        """One lap of a step."""
        self._line(name, (measured.laps[place], measured.cpu_laps[place]), rows)

    def middle(self, name: str, measured: Measured, laps: slice) -> Times:
        """The lap in the middle of some; returns its times."""
        clock, cpu = measured.laps[laps], measured.cpu_laps[laps]
        times = statistics.median(clock), statistics.median(cpu)
        self._line(name, times)
        return times

    def _line(self, name: str, times: Times, rows: int = 0, peak_bytes: int = 0) -> None:
        clock, cpu = times
        rate = f"{rows / clock:,.0f}" if rows else ""
        peak = f"{peak_bytes / _MIB:,.0f}" if peak_bytes else ""
        self._print(f"  {name:<44}{_time(clock):>12}{_time(cpu):>12}{rate:>10}{peak:>6}".rstrip())
        self._keep(name, seconds=clock, cpu_seconds=cpu, rows=rows, peak_bytes=peak_bytes)

    def open_spread(self, title: str) -> None:
        """Begin a table of spreads."""
        self.title = title
        self._print(f"\n{title}")
        self._print(f"  {'':<44}{'times':>8}{'middle':>12}{'95 of 100':>12}{'longest':>12}")

    def spread(self, name: str, seconds: Sequence[float]) -> None:
        """How long the same thing took, done many times: in the middle, for 95 of 100, at the longest."""
        ordered = sorted(seconds)
        middle, late, longest = (
            statistics.median(ordered),
            ordered[len(ordered) * 95 // 100],
            ordered[-1],
        )
        shown = "".join(f"{_time(value):>12}" for value in (middle, late, longest))
        self._print(f"  {name:<44}{len(ordered):>8,}{shown}")
        self._keep(name, times=len(ordered), middle=middle, late=late, longest=longest)

    def ratio(self, name: str, clock: float, cpu: float | None = None) -> None:
        """How many times as much, by the clock and of the processors."""
        shown = "".join(f"{f'{value:,.2f} x':>12}" for value in (clock, cpu) if value is not None)
        self._print(f"  {name:<44}{shown}")
        self._keep(name, ratio=clock, **({} if cpu is None else {"cpu_ratio": cpu}))

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
