"""The parts of an Office Open XML file, found as Office finds them: by relation, whatever their case and slashes."""

from __future__ import annotations

import posixpath
import zipfile

from lxml import etree

_OFFICE_DOCUMENT = "/officeDocument"


def parse(data: bytes) -> etree._Element:
    """An XML part, without entities and the net. Raises XML errors."""
    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    )


class Package:
    """Names of parts are given and taken in lower case with slashes: xl/workbook.xml."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {
            name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()
        }

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str) -> bytes:
        """The part's bytes. Raises KeyError and zip errors."""
        return self._archive.read(self._names[name])

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


def _last_word(kind: str) -> str:
    return "/" + kind.rsplit("/", 1)[-1]


def _target(folder: str, relation: etree._Element) -> str:
    target = relation.get("Target", "").replace("\\", "/").lower()
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
