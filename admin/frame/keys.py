"""Ids in addresses and forms: whole numbers that a row may have, anything else is a page that is not there."""

from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""Ids are INTEGER, for which PostgreSQL has 32 bits."""


def read_key(text: str) -> int:
    """The id in an address. Raises NotFound on anything else: such a row cannot be there."""
    if not is_key(text):
        raise NotFound
    return int(text)


def is_key(text: str) -> bool:
    """Whether a row may have this id."""
    plain = text.isascii() and text.isdecimal() and len(text) <= 10
    return plain and 0 < int(text) <= LARGEST


class KeyConverter(IntegerConverter):
    """`<int:…>` in a route takes no number that a database could not compare with."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST)
