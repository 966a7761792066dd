"""Small files that spreadsheet programs write, made in the test."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from domain.sheets.child import read_grids
from domain.sheets.grid import Grid

_ODS = "urn:oasis:names:tc:opendocument:xmlns:"
_SS = "urn:schemas-microsoft-com:office:spreadsheet"


def one_grid(path: Path) -> Grid:
    """The file's only table."""
    [grid] = read_grids(path)
    return grid


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def repacked(source: Path, path: Path, changes: Mapping[str, tuple[str, str] | str]) -> Path:
    """The parts of a zip again, each by its new name, or with one text in it replaced by another."""
    with zipfile.ZipFile(source) as archive:
        parts: dict[str, str | bytes] = {}
        for name in archive.namelist():
            change, data = changes.get(name, name), archive.read(name)
            if isinstance(change, tuple):
                assert change[0].encode() in data
                data = data.replace(change[0].encode(), change[1].encode())
                change = name
            parts[change] = data
    return zipped(path, parts)


def ods(path: Path, rows: str, styles: str = "", columns: str = "") -> Path:
    names = {"office": "office", "table": "table", "text": "text", "style": "style"}
    spaces = " ".join(f'xmlns:{short}="{_ODS}{long}:1.0"' for short, long in names.items())
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f'<office:body><office:spreadsheet><table:table table:name="建议">{columns}{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(path, {"mimetype": kind, "content.xml": content})


def xml2003(path: Path, rows: str, styles: str = "", columns: str = "") -> Path:
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><Workbook xmlns="{_SS}" xmlns:ss="{_SS}" '
        f'xmlns:html="http://www.w3.org/TR/REC-html40"><Styles>{styles}</Styles>'
        f'<Worksheet ss:Name="建议"><Table>{columns}{rows}</Table></Worksheet></Workbook>',
        encoding="utf-8",
    )
    return path


def html(path: Path, rows: str, styles: str = "") -> Path:
    path.write_text(
        f"<html><head><style>{styles}</style></head><body><table>{rows}</table></body></html>",
        encoding="utf-8",
    )
    return path


def records(*parts: tuple[int, bytes]) -> bytes:
    """Records of an old workbook, one after the other."""
    return b"".join(
        kind.to_bytes(2, "little") + len(body).to_bytes(2, "little") + body for kind, body in parts
    )
