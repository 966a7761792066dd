"""Which versions a Python runs, so that numbers can be read later."""

import importlib
import platform
from importlib.metadata import version

from bench.child import Stopwatch


def about(watch: Stopwatch, packages: list[str], sqlite: str) -> str:
    """Python, SQLite (through the module ``sqlite``) and these packages, in one line."""
    found = [f"{package} {version(package)}" for package in packages]
    driver = importlib.import_module(sqlite)
    return ", ".join(
        [f"Python {platform.python_version()}", f"SQLite {driver.sqlite_version}", *found]
    )
