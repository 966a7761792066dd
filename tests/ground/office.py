"""The office program that opens and saves our files as people do: LibreOffice, where the machine has it."""

import os
import shutil

import pytest

NO_OFFICE = "NO LIBREOFFICE FOUND: ITS TESTS DID NOT RUN (install libreoffice-calc)"


def find_office() -> str:
    """The program; where there is none the test is skipped with a word, or fails where OFFICE_REQUIRED says so."""
    found = shutil.which("soffice")
    if found is None:
        if os.environ.get("OFFICE_REQUIRED") == "1":
            pytest.fail(NO_OFFICE)
        pytest.skip(NO_OFFICE)
    return found
