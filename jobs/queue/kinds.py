"""The kinds of background work there are, each with its function and how often it may be tried.

A kind's name is stored in job_runs and shown to people. The functions live in modules of their own; an export's
kind is added by admin/exports/exporting.py, which knows the lists.
"""

from jobs.runs.context import Kind
from jobs.work.deliveries import DELIVERY as DELIVERY
from jobs.work.deliveries import run_delivery
from jobs.work.imports import APPLY, PREVIEW, UNDO, apply_import, preview_import, undo_whole_import
from jobs.work.nightly import NIGHTLY_CHECK as NIGHTLY_CHECK
from jobs.work.nightly import run_nightly_check

_ALL = [
    Kind(NIGHTLY_CHECK, run_nightly_check, attempts=3),
    Kind(DELIVERY, run_delivery),
    Kind(PREVIEW, preview_import, attempts=2),
    Kind(APPLY, apply_import),
    Kind(UNDO, undo_whole_import),
]

KINDS = {kind.name: kind for kind in _ALL}
