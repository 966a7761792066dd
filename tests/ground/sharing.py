"""How the tests are shared out between processes: whole files, the long ones first, all of the browser's together.

What a file makes for itself, an app or a site at work, is then made once.
"""

from typing import Any

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

BROWSER = "tests/browser/"
LONG = (
    BROWSER,
    "tests/jobs/running/test_serve.py",
    "tests/admin/tables/test_door",
    "tests/jobs/work/test_import_worker.py",
    "tests/jobs/queue/test_worker.py",
    "tests/admin/imports/test_import_screens.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, else one process would still be at them when the other has nothing left to do."""
    items.sort(key=lambda item: _place(item.nodeid))


def _place(nodeid: str) -> int:
    return next((i for i, start in enumerate(LONG) if nodeid.startswith(start)), len(LONG))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "_ByFile":
    """Ours instead of what --dist names."""
    config.option.loadscopereorder = False
    return _ByFile(config, log)


class _ByFile(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)
