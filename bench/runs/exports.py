"""A whole table out as .xlsx, at a tenth of the size and at the size."""

from pathlib import Path

from bench.measure import PANEL_PYTHON, measure
from bench.report import Report
from bench.sizes import Sizes

TABLE = "proposals"


def run(report: Report, sizes: Sizes, folder: Path) -> None:
    """Time and memory of both."""
    report.open("Export of a table as .xlsx")
    peaks = []
    for count in (sizes.exported // 10, sizes.exported):
        database = folder / f"exported-{count}.db"
        arguments = {"database": str(database), "proposals": count}
        measure(PANEL_PYTHON, "bench.ours.databases:fill", arguments)
        job = {"database": str(database), "table": TABLE}
        measured = measure(PANEL_PYTHON, "bench.ours.export:export", job)
        rows = measured.answer["rows"]
        report.step(f"{rows:,} rows", measured, rows)
        peaks.append(measured.peak_bytes)
        database.unlink()
    report.ratio("peak memory at ten times the size", peaks[1] / peaks[0])
