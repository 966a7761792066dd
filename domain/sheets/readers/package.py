"""The parts of an Office Open XML file, found as Office finds them: by relation, whatever their case and slashes."""

from __future__ import annotations

import io
import posixpath
import zipfile
from pathlib import Path

from lxml import etree

_OFFICE_DOCUMENT = "/officeDocument"
WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


def parse(data: bytes) -> etree._Element:
    """An XML part, without entities and the net. Raises XML errors."""
    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    )


class Package:
    """Names of parts are given and taken in lower case with slashes: xl/workbook.xml."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = {
            name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()
        }

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """The part's bytes. Raises KeyError and zip errors."""
        return self._archive.read(self.names[name])

    def main_part(self, usual: str) -> str:
        """The document or workbook itself: xl/workbook2.xml where the relations say so, else the usual name."""
        found = (target for kind, target in self.relations("").values() if kind == _OFFICE_DOCUMENT)
        return next((target for target in found if target in self), usual)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Id -> the last word of its type (/styles) and the part it leads to. None if the part has no relations."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations not in self:
            return {}
        return {
            one.get("Id", ""): (_last_word(one.get("Type", "")), _target(folder, one))
            for one in parse(self.read(relations)).iter("{*}Relationship")
        }


def with_usual_names(path: Path) -> bytes:
    """The bytes of a workbook whose main part is xl/workbook.xml, as libraries want it: repacked where it is not."""
    with zipfile.ZipFile(path) as archive:
        package = Package(archive)
        main = package.main_part(WORKBOOK)
        is_usual = main == WORKBOOK and not any(n.startswith("/") for n in archive.namelist())
        return path.read_bytes() if is_usual or main not in package else _repacked(package, main)


def _repacked(package: Package, main: str) -> bytes:
    folder, name = posixpath.split(main)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part, written in package.names.items():
            data = package.read(part)
            if part == relations:
                archive.writestr(_RELATIONS, _absolute(folder, data))
            else:
                usual = written.replace("\\", "/").lstrip("/")
                archive.writestr(WORKBOOK if part == main else usual, data)
    return packed.getvalue()


def _absolute(folder: str, relations: bytes) -> bytes:
    """The relations of a part of this folder, with whole paths: they hold wherever the part is moved to."""
    root = parse(relations)
    for one in root.iter("{*}Relationship"):
        if one.get("TargetMode") != "External":
            target = one.get("Target", "").replace("\\", "/")
            one.set("Target", posixpath.normpath(posixpath.join("/", folder, target)))
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return data


def _last_word(kind: str) -> str:
    return "/" + kind.rsplit("/", 1)[-1]


def _target(folder: str, relation: etree._Element) -> str:
    target = relation.get("Target", "").replace("\\", "/").lower()
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
