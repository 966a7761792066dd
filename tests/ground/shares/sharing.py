"""How the tests are shared out between processes: by file, the longest first by what was recorded of them.

What a file makes for itself, an app or a world, is then made once. Each kind of database has its own, so that a long
file is two shares, one for each kind.
"""

from collections import Counter
from typing import Any

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

from tests.ground.shares.durations import kind_of, recorded

LONG_S = 30.0
"""A file that takes longer is shared out by kind of database."""

UNKNOWN_S = 0.1
"""What a test of a file counts of which nothing is recorded."""

_LONG = {file for file, seconds in recorded().items() if sum(seconds.values()) > LONG_S}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long shares first, else one process would still be at them when the others have nothing left to do."""
    sizes = Counter(share_of(item.nodeid) for item in items)
    known = recorded_shares()
    lengths = {share: known.get(share, UNKNOWN_S * size) for share, size in sizes.items()}
    items.sort(key=lambda item: (-lengths[share_of(item.nodeid)], share_of(item.nodeid)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "_ByShare":
    """Ours instead of what --dist names."""
    config.option.loadscopereorder = False
    return _ByShare(config, log)


def share_of(nodeid: str) -> str:
    """The tests that stay together with this one."""
    file = nodeid.partition("::")[0]
    return f"{file} {kind_of(nodeid)}".rstrip() if file in _LONG else file


def recorded_shares() -> dict[str, float]:
    """How many seconds each share took."""
    shares: dict[str, float] = {}
    for file, seconds in recorded().items():
        if file in _LONG:
            shares.update({f"{file} {kind}".rstrip(): s for kind, s in seconds.items()})
        else:
            shares[file] = sum(seconds.values())
    return shares


class _ByShare(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)
