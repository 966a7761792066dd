"""The kinds of background work there are, each with its function and how often it may be tried.

A kind's name is stored in job_runs and shown to people. The functions live in modules of their own.
"""

from dataclasses import dataclass

from jobs.context import JobFunction

NIGHTLY_CHECK = "每日检查"


@dataclass(frozen=True)
class Kind:
    """`attempts`: how often a run may be started by itself; a person may always start it again.

    More than 1 only for work that changes nothing when it is done twice.
    """

    name: str
    run: JobFunction
    attempts: int = 1


_ALL: list[Kind] = []

KINDS = {kind.name: kind for kind in _ALL}
