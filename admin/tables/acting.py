"""What is told of an act on several rows at once: what was done, what was passed over and why.

The acts themselves: domain/lifecycle/acts.py.
"""

from collections.abc import Sequence
from typing import Any

from domain.lifecycle.acts import Act

NAMED = 3


def tell(act: Act, done: int, unneeded: int, others: Sequence[Any]) -> str:
    """How many rows were done, how many did not wait for it, and which are for somebody else to do."""
    passed_over = [f"{unneeded} 条不需要{act.label}"] if unneeded else []
    if others:
        names = "".join(f"“{row}”" for row in others)
        which = names if len(others) <= NAMED else f"{len(others)} 条"
        passed_over.append(f"{which}不由您{act.label}")
    begins = f"{act.done} {done} 条" if done else f"没有{act.label}"
    return "；".join([begins, *passed_over]) + ("，没有改动。" if passed_over else "。")
