"""The office program that opens and saves our files as people do: LibreOffice, where the machine has it."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

NO_OFFICE = "NO LIBREOFFICE FOUND: ITS TESTS DID NOT RUN (install libreoffice-calc)"
NO_WRITER = "NO LIBREOFFICE WRITER FOUND: ITS TESTS DID NOT RUN (install libreoffice-writer)"
_WRITER = "libswlo.so"
"""What the program reads documents with; without it, it opens spreadsheets alone."""


def find_office() -> str:
    """The program; where there is none the test is skipped with a word, or fails where OFFICE_REQUIRED says so."""
    found = shutil.which("soffice")
    return found or _missing(NO_OFFICE)


def find_writer() -> str:
    """The program, where it reads documents too; else as `find_office`."""
    found = find_office()
    return found if (Path(found).resolve().parent / _WRITER).exists() else _missing(NO_WRITER)


def as_pdf(documents: Sequence[Path], folder: Path) -> list[Path]:
    """The documents as the program would print them."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [find_writer(), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, documents)], check=True, capture_output=True, timeout=240)
    return [folder / f"{document.stem}.pdf" for document in documents]


def pages_of(pdf: Path) -> list[list[str]]:
    """The lines of each page that are not empty."""
    done = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    )
    pages = done.stdout.split("\f")[:-1]
    return [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]


def _missing(what: str) -> NoReturn:
    if os.environ.get("OFFICE_REQUIRED") == "1":
        pytest.fail(what)
    pytest.skip(what)
