"""The files that background work and people leave in DATA_DIR, how long they are kept, and their sweeping at night."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from domain.clock import SHANGHAI
from domain.files.uploads import sweep_uploads
from jobs.context import JobContext

KEPT = timedelta(days=7)
"""How long the file of an export may be fetched."""

_log = logging.getLogger(__name__)


def exports_folder(data_dir: Path) -> Path:
    """Where the files wait; made if it is not there."""
    folder = data_dir / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sweep_exports(folder: Path, now: datetime) -> None:
    """Delete the files that nobody may fetch any more."""
    for path in folder.iterdir():
        written_at = datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI).replace(tzinfo=None)
        if written_at < now - KEPT:
            path.unlink(missing_ok=True)
            _log.info("deleted the expired export %s", path.name)


def sweep_files(context: JobContext) -> None:
    """Delete expired exports, and uploads whose row never came or is gone."""
    data_dir, now = context.settings.data_dir, context.now()
    sweep_exports(exports_folder(data_dir), now)
    with context.session() as session:
        for name in sweep_uploads(session, data_dir / "uploads", now):
            _log.info("deleted the upload %s, which no record names", name)
