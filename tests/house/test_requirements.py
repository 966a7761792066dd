"""The lists of packages are complete: a fresh installation gets exactly what was tested."""

import re
from importlib.metadata import distributions

from tests.ground.places import ROOT

PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*])?==([^;\s]+)", re.MULTILINE)
COMES_WITH_PYTHON = {"pip", "setuptools", "wheel"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> dict[str, str]:
    lists = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    return {normal(n): v for path in lists for n, v in PIN.findall(path.read_text("utf-8"))}


def test_every_installed_package_is_pinned_at_its_version() -> None:
    installed = {normal(d.metadata["Name"]): d.version for d in distributions()}
    here = {name: v for name, v in installed.items() if name not in COMES_WITH_PYTHON}
    assert here.items() <= pinned().items()
