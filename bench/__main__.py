"""`python -m bench`: measure everything, or a part of it, at the usual sizes or at others."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from bench.measure import PANEL_PYTHON, PEER_PYTHON, StepFailed, measure
from bench.report import Report
from bench.runs import crowd, exports, nightly, pages, plan
from bench.sizes import FULL, Sizes

RUNS = {
    "plan": plan.run,
    "pages": pages.run,
    "nightly": nightly.run,
    "export": exports.run,
    "crowd": crowd.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for; 1 where a part could not be measured, else 0."""
    asked = _parser().parse_args(arguments)
    named = {name: value for name, value in vars(asked).items() if name in _SIZES and value}
    sizes = replace(FULL if asked.full else Sizes(), **named, with_peer=not asked.alone)
    report, started = Report(), time.perf_counter()
    _introduce(report)
    with tempfile.TemporaryDirectory(prefix="banli-bench-", dir=asked.folder) as folder:
        failed = [name for name in asked.only or RUNS if not _run(name, report, sizes, folder)]
    report.note(f"Measured in {time.perf_counter() - started:,.0f} s.")
    if asked.json:
        report.save(asked.json)
    return 1 if failed else 0


def _run(name: str, report: Report, sizes: Sizes, folder: str) -> bool:
    """Measure one part; whether it came to its end. The others are measured all the same."""
    try:
        RUNS[name](report, sizes, Path(folder))
    except StepFailed as failure:
        report.note(f"{name} could not be measured: {failure}")
        return False
    return True


_SIZES = {field.name: field.default for field in fields(Sizes) if field.name != "with_peer"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=RUNS, help="a part; may be repeated")
    parser.add_argument("--full", action="store_true", help="a million items and deadlines")
    parser.add_argument("--alone", action="store_true", help="without the other program")
    parser.add_argument("--json", type=Path, help="keep the numbers in this file as well")
    parser.add_argument("--folder", type=Path, help="where the databases are made, for a while")
    for name, default in _SIZES.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, metavar="N", help=f"usually {default:,}")
    return parser


def _introduce(report: Report) -> None:
    """What the numbers were measured on."""
    report.note(f"{os.cpu_count()} cores")
    ours = {"packages": ["flask", "flask-admin", "sqlalchemy"], "sqlite": "pysqlite3"}
    report.note(f"panel: {measure(PANEL_PYTHON, 'bench.about:about', ours).answer}")
    if PEER_PYTHON.exists():
        theirs = {"packages": ["django", "django-import-export"], "sqlite": "sqlite3"}
        report.note(f"peer: {measure(PEER_PYTHON, 'bench.about:about', theirs).answer}")


if __name__ == "__main__":
    sys.exit(main())
