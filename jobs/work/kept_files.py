"""The files that background work and people leave in DATA_DIR, how long they are kept, and their sweeping at night."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from domain.files.uploads import sweep_uploads
from domain.time.clock import SHANGHAI
from jobs.runs.context import JobContext

KEPT = timedelta(days=7)
"""How long the file of an export may be fetched, and what was read from a plan waits to be written."""

_log = logging.getLogger(__name__)


def exports_folder(data_dir: Path) -> Path:
    """Where the files wait; made if it is not there."""
    folder = data_dir / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def as_read(data_dir: Path, import_id: int) -> Path:
    """The file in which the preview of an import keeps what it read, for the writing."""
    return data_dir / "as-read" / f"{import_id}.json"


def sweep_expired(folder: Path, now: datetime) -> None:
    """Delete the files that nobody may fetch, or needs, any more."""
    for path in folder.glob("*"):
        written_at = datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI).replace(tzinfo=None)
        if written_at < now - KEPT:
            path.unlink(missing_ok=True)
            _log.info("deleted the expired file %s", path.name)


def sweep_files(context: JobContext) -> None:
    """Delete expired exports and readings, and uploads whose row never came or is gone."""
    data_dir, now = context.settings.data_dir, context.now()
    for folder in (exports_folder(data_dir), as_read(data_dir, 0).parent):
        sweep_expired(folder, now)
    with context.session() as session:
        for name in sweep_uploads(session, data_dir / "uploads", now):
            _log.info("deleted the upload %s, which no record names", name)
