"""A place to go, as the templates are given it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A place to go, with its words and perhaps an icon."""

    text: str
    url: str
    icon: str = ""
