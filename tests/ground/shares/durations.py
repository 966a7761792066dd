"""How long each file of tests takes: told at the end of every run, and kept in durations.json for sharing them out.

Only the order of what is kept matters: the seconds are those of the machine that recorded them. Written anew by
`make durations`, a run of all tests.
"""

import json
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("durations.json")
TOLD = 10
KINDS = re.compile(r"\[(?:[^\]]*-)?(sqlite|postgresql)(?:-[^\]]*)?\]$")
_seconds: dict[str, Counter[str]] = defaultdict(Counter)


@cache
def recorded() -> dict[str, dict[str, float]]:
    """Seconds by file and by kind of database; of tests that need none, the kind is empty."""
    kept: dict[str, dict[str, float]] = json.loads(FILE.read_text()) if FILE.exists() else {}
    return kept


def kind_of(nodeid: str) -> str:
    """The kind of database that a test runs on, or nothing."""
    found = KINDS.search(nodeid)
    return found[1] if found else ""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-durations", action="store_true", help="keep how long each file took")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Making ready and clearing up belong to the test."""
    _seconds[report.nodeid.partition("::")[0]][kind_of(report.nodeid)] += report.duration


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The slowest files, what was recorded of them, and the sum of all."""
    totals = Counter({file: sum(kinds.values()) for file, kinds in _seconds.items()})
    terminalreporter.section(f"the {TOLD} slowest files")
    for file, seconds in totals.most_common(TOLD):
        before = sum(recorded().get(file, {}).values())
        terminalreporter.write_line(f"{seconds:8.1f} s (recorded {before:.1f} s)  {file}")
    whole = sum(sum(recorded().get(file, {}).values()) for file in totals)
    terminalreporter.write_line(
        f"{totals.total():8.1f} s (recorded {whole:.1f} s)  in all {len(totals)} files"
    )
    if config.getoption("--record-durations"):
        FILE.write_text(json.dumps(_rounded(), indent=1, sort_keys=True) + "\n")


def _rounded() -> dict[str, dict[str, float]]:
    return {
        file: {kind: round(seconds, 1) for kind, seconds in kinds.items()}
        for file, kinds in _seconds.items()
    }
