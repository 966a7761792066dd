"""What the styles of a Word document do to the text of a run: strike it through, hide it; and which of them number.

A style has what the style it is based on has. Struck through once, or hidden once, is a switch: a style of characters
turns back what the style of the paragraph turned on. What stands at the run itself goes before both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from domain.sheets.readers import numbers

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFF = ("0", "false", "off")
_HIDDEN, _STRUCK, _STRUCK_TWICE = "vanish", "strike", "dstrike"
_LOOKS = (_HIDDEN, _STRUCK, _STRUCK_TWICE)
_MOST_BASES = 20


def is_on(element: etree._Element | None) -> bool:
    """Whether a switch is there and not turned off."""
    return element is not None and (element.get(f"{W}val") or "1").lower() not in OFF


@dataclass(frozen=True)
class WordStyles:
    """By the id of a style what it turns on; the style of paragraphs that name none; the styles that number."""

    looks: dict[str, frozenset[str]] = field(default_factory=dict)
    usual: str = ""
    numbering: frozenset[str] = frozenset()

    def state(
        self, own: etree._Element | None, paragraph: str | None, characters: str | None
    ) -> str:
        """Why the text of a run is not read; '' if it is. ``own``: the run's own properties."""
        if own is None and not self.looks:
            return ""
        if self._has(_HIDDEN, own, paragraph, characters):
            return numbers.HIDDEN
        struck = (self._has(look, own, paragraph, characters) for look in (_STRUCK, _STRUCK_TWICE))
        return numbers.STRUCK if any(struck) else ""

    def _has(
        self, look: str, own: etree._Element | None, paragraph: str | None, characters: str | None
    ) -> bool:
        said = None if own is None else own.find(f"{W}{look}")
        if said is not None:
            return is_on(said)
        return (look in self.looks.get(paragraph or self.usual, ())) != (
            look in self.looks.get(characters or "", ())
        )


def styles_of(root: etree._Element | None) -> WordStyles:
    """What the part of the styles says; nothing where there is none."""
    if root is None:
        return WordStyles()
    styles = {style.get(f"{W}styleId") or "": style for style in root.iter(f"{W}style")}
    looks = {name: _looks(name, styles) for name in styles}
    usual = (
        name
        for name, style in styles.items()
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true")
    )
    numbering = (
        name
        for name, style in styles.items()
        if style.find(f"{W}pPr/{W}numPr/{W}numId") is not None
    )
    found = {name: own for name, own in looks.items() if own}
    return WordStyles(found, next(usual, ""), frozenset(numbering))


def _looks(name: str, styles: dict[str, etree._Element]) -> frozenset[str]:
    """What the style turns on, itself or by the styles that it is based on."""
    found: dict[str, bool] = {}
    for _ in range(_MOST_BASES):
        style = styles.get(name)
        if style is None:
            break
        for look in _LOOKS:
            said = style.find(f"{W}rPr/{W}{look}")
            if said is not None:
                found.setdefault(look, is_on(said))
        base = style.find(f"{W}basedOn")
        name = "" if base is None else base.get(f"{W}val") or ""
    return frozenset(look for look, is_turned_on in found.items() if is_turned_on)
