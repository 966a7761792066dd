"""A table out as .xlsx, as the command writes it: scoped, titled, saved whole."""

import tempfile
from pathlib import Path

from bench.child import Stopwatch
from bench.ours.databases import NOW, open_panel
from domain.actors import Actor
from domain.exports.reports import named_sheet
from domain.exports.workbook import write_file
from domain.storing.database import read_only
from domain.storing.session import actor_session


def export(watch: Stopwatch, database: str, table: str) -> dict[str, int]:
    """Write every row of ``table``; returns the rows and the size of the file in bytes."""
    engine = read_only(open_panel(database))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.xlsx")
        with actor_session(engine, Actor.system("bench"), lambda: NOW) as session, watch:
            rows = write_file(out, named_sheet(session, table))
        size = out.stat().st_size
    engine.dispose()
    return {"rows": rows, "bytes": size}
