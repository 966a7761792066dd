"""The nightly check over many open deadlines: the first night, and the same night again."""

from pathlib import Path

from bench.measure import PANEL_PYTHON, measure
from bench.report import Report
from bench.sizes import Sizes


def run(report: Report, sizes: Sizes, folder: Path) -> None:
    """At a tenth of the size and at the size, so that memory can be compared as well."""
    report.open("The nightly check")
    peaks = []
    for count in (sizes.deadlines // 10, sizes.deadlines):
        database = folder / f"deadlines-{count}.db"
        arguments = {"database": str(database), "deadlines": count}
        measure(PANEL_PYTHON, "bench.ours.databases:fill_deadlines", arguments)
        measured = measure(PANEL_PYTHON, "bench.ours.nightly:check", {"database": str(database)})
        for seconds, new, again in zip(measured.laps, measured.answer, ("", " again"), strict=True):
            name = f"{count:,} open{again}: {new:,} reminders"
            report.line(name, seconds, count, measured.peak_bytes)
        peaks.append(measured.peak_bytes)
        database.unlink()
    report.ratio("peak memory at ten times the size", peaks[1] / peaks[0])
