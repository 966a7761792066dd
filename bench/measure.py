"""Runs one step in a process of its own and says how long it took and how much memory it needed.

The standard library alone: both programs are measured by this, each with its own Python.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PANEL_PYTHON = Path(sys.executable)
PEER_PYTHON = ROOT / "bench/.venv/bin/python"


class StepFailed(RuntimeError):
    """A step ended with an error; the text holds the end of what it said."""


@dataclass(frozen=True)
class Measured:
    """What came of one step: seconds of each lap by the clock and of the processors, the largest process in bytes."""

    laps: tuple[float, ...]
    cpu_laps: tuple[float, ...]
    peak_bytes: int
    answer: Any

    @property
    def seconds(self) -> float:
        """All laps together, by the clock."""
        return sum(self.laps)

    @property
    def cpu_seconds(self) -> float:
        """All laps together, of the processors."""
        return sum(self.cpu_laps)


def measure(python: Path, step: str, arguments: Mapping[str, Any]) -> Measured:
    """Run ``step`` ("bench.ours.plan:preview") in a new process of ``python``. Raises StepFailed.

    ``arguments`` must be plain JSON. Keep the measuring process small: on Linux a child's peak memory starts
    from that of the process that started it.
    """
    told = json.loads(run_step(python, step, json.dumps(arguments)))
    laps, cpu_laps = tuple(told["laps"]), tuple(told["cpu_laps"])
    return Measured(laps, cpu_laps, told["peak_bytes"], told["answer"])


def run_step(python: Path, step: str, arguments: str) -> str:
    """What the new process says in its last line. Raises StepFailed."""
    command = [str(python), "-m", "bench.child", step, arguments]
    done = subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, encoding="utf-8", env=_environment()
    )
    if done.returncode != 0:
        raise StepFailed(f"{step}: {done.stderr.strip()[-2000:] or done.returncode}")
    return done.stdout.splitlines()[-1]


def _environment() -> dict[str, str]:
    """The environment without settings of the panel: a measurement must not touch the office's data."""
    ours = {"DATABASE_URL", "REDIS_URL", "DATA_DIR", "SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}
