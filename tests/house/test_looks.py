"""What the templates write and what the style sheets know fit together."""

import re
from pathlib import Path

import pytest

from tests.ground.places import ROOT

ADMIN = ROOT / "admin"
TEMPLATES = sorted((ADMIN / "templates").rglob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_every_class_that_a_page_writes_is_one_that_a_style_or_script_knows(
    template: Path,
) -> None:
    files = (path for path in (ADMIN / "static").rglob("*") if path.suffix in (".css", ".js"))
    known = set(re.findall(r"\.([a-z][\w-]*)", "".join(path.read_text() for path in files)))
    written = re.findall(r'class="([^"{]*?)(?:"|\S*\{)', template.read_text())
    assert {name for words in written for name in words.split()} <= known
