"""The dictionary of units: which unit a written name means, and which ones a misspelt name may mean.

Exact names and aliases first; then the same name with or without the area's prefix and with the usual short forms of
towns and subdistricts, where that leaves exactly one unit. Likeness only ever suggests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.texts.text import half_width, similar, squeeze

_AREA = re.compile(r"^(?:中共)?([\u4e00-\u9fff]{1,8}?[市区县旗])")
MAX_LOOKS, MAX_NAME = 5_000, 60
_ENDINGS = (
    ("街道办事处", ("街道办事处", "街道", "街道办", "办事处")),
    ("人民政府", ("人民政府", "政府", "")),
)


@dataclass(frozen=True)
class UnitEntry:
    """One unit as the dictionary has it; `aliases` are other ways people write its name."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()
    is_active: bool = True


class UnitBook:
    """Looks units up by what people write. `areas`: 柳州市, 鱼峰区; guessed from the names if absent.

    `chosen`: what a person said that a written name means, by the unit's id; that goes before everything else.
    `basis` is what two books that read alike have in common.
    """

    def __init__(
        self,
        units: Iterable[UnitEntry],
        areas: Collection[str] = (),
        chosen: Mapping[str, int] | None = None,
    ) -> None:
        self.by_id = {unit.id: unit for unit in units}
        self.basis = (sorted(self.by_id.items()), sorted(areas), sorted((chosen or {}).items()))
        self._chosen = {
            squeeze(written): frozenset((unit_id,))
            for written, unit_id in (chosen or {}).items()
            if unit_id in self.by_id
        }
        self._classes = _prefix_classes(tuple(areas) or _common_areas(self.by_id.values()))
        self._ids = self._exact_keys()
        self._written = list(self._ids)
        self._add_derived_keys()
        self.longest = max(map(len, self._ids), default=0)
        self._suggestions: dict[str, tuple[str, ...]] = {}
        self._looked = 0

    def _exact_keys(self) -> dict[str, frozenset[int]]:
        keys: dict[str, set[int]] = {}
        for unit in self.by_id.values():
            for written in (unit.name, *unit.aliases):
                keys.setdefault(squeeze(written), set()).add(unit.id)
        keys.pop("", None)
        names = {
            squeeze(unit.name): frozenset((unit.id,)) for unit in self.by_id.values() if unit.name
        }
        return {key: frozenset(ids) for key, ids in keys.items()} | names | self._chosen

    def _add_derived_keys(self) -> None:
        """Other spellings of each name, unless two units would share one: then nobody gets it."""
        derived: dict[str, set[int]] = {}
        for key, ids in self._ids.items():
            for other in self._spellings(key):
                derived.setdefault(other, set()).update(ids)
        for key, found in derived.items():
            if key not in self._ids and len(found) == 1 and len(key) > 1:
                self._ids[key] = frozenset(found)

    def _spellings(self, key: str) -> Iterator[str]:
        plain = key.removeprefix("中共")
        variants = {plain}
        for ending, others in _ENDINGS:
            if plain.endswith(ending) or (ending == "街道办事处" and plain.endswith("街道")):
                stem = plain.removesuffix(ending).removesuffix("街道")
                forms = (
                    others
                    if ending == "街道办事处"
                    else tuple(o for o in others if o or stem[-1:] in "镇乡")
                )
                variants |= {stem + form for form in forms}
        for variant in variants:
            yield variant
            yield from self._with_other_prefixes(variant)

    def _with_other_prefixes(self, name: str) -> Iterator[str]:
        """The same name under each way to write its own level: 鱼峰区X, 区X, X; never across levels."""
        for prefixes in self._classes:
            own = next((prefix for prefix in prefixes if name.startswith(prefix)), None)
            if own is not None:
                core = name.removeprefix(own)
                bare = () if core.startswith(("委", "政府", "人大", "政协")) else ("",)
                yield from (prefix + core for prefix in (*prefixes, *bare))
                return
        if self._classes and re.search(r"(街道|办事处|街道办|镇|乡|镇政府|乡政府|人民政府)$", name):
            yield from (prefix + name for prefix in self._classes[-1])

    def find(self, written: str) -> frozenset[int]:
        """The ids of the units that the whole text may mean; one when it is clear, none when it is unknown."""
        return self._ids.get(squeeze(written), frozenset())

    def match_at(self, text: str, start: int) -> tuple[int, frozenset[int]]:
        """The longest known name in `text` (half-width) from `start` on: its length and ids; (0, none) if none."""
        for length in range(min(self.longest, len(text) - start), 1, -1):
            ids = self._ids.get(text[start : start + length])
            if ids:
                return length, ids
        return 0, frozenset()

    def suggestions(self, written: str) -> tuple[str, ...]:
        """Full names of active units whose name or alias is most like the text; for a person to choose from."""
        key = squeeze(written)
        if key not in self._suggestions:
            self._suggestions[key] = self._suggest(key)
        return self._suggestions[key]

    def nearest(self, written: str) -> str:
        """How the likeliest unit is usually written; '' when nothing is like the text."""
        near = self._like(squeeze(written), 1)
        return near[0] if near else ""

    def _like(self, key: str, limit: int) -> list[str]:
        """Looking for likeness costs; a file that is all strangers gets it for the first few thousand."""
        self._looked += 1
        if self._looked > MAX_LOOKS or len(key) > MAX_NAME:
            return []
        return similar(key, self._written, limit)

    def _suggest(self, key: str) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for near in self._like(key, 8):
            for unit_id in sorted(self._ids[near]):
                if self.by_id[unit_id].is_active:
                    names.setdefault(self.by_id[unit_id].name)
        return tuple(names)[:3]


def _common_areas(units: Iterable[UnitEntry]) -> tuple[str, ...]:
    """The areas that at least three units carry in front of their names: 鱼峰区, 柳州市."""
    found = Counter(
        match[1]
        for unit in units
        if (match := _AREA.match(half_width(unit.name))) and len(match[1]) > 1
    )
    return tuple(area for area, count in found.most_common(4) if count >= 3)


def _prefix_classes(areas: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Per level the ways to write it, longest first; the level whose name ends in 区 or 县 comes last."""
    last_words = {"市": 0, "区": 1, "县": 1, "旗": 1}
    ordered = sorted(areas, key=lambda area: last_words.get(area[-1:], 0))
    classes = []
    for area in ordered:
        full = [
            upper + area
            for upper in ordered
            if last_words.get(upper[-1:], 0) < last_words.get(area[-1:], 0)
        ]
        classes.append((*full, area, area[-1:]))
    return tuple(classes)
