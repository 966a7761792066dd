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
        first, again = measured.answer
        report.lap(f"{count:,} open: {first:,} reminders", measured, 0, count)
        report.lap(f"{count:,} open again: {again:,} reminders", measured, 1, count)
        report.step("both nights", measured)
        peaks.append(measured.peak_bytes)
        database.unlink()
    report.ratio("peak memory at ten times the size", peaks[1] / peaks[0])
