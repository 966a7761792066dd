"""Two who write are in each other's way: how one sees that the database refused for that, not for what was written."""

from sqlalchemy.exc import DBAPIError

_SAID = ("database is locked", "lock timeout", "deadlock detected")


def gave_in(error: DBAPIError) -> bool:
    """Whether this transaction was the one that had to give in; nothing of it is kept, and it may be tried again."""
    return any(words in str(error.orig) for words in _SAID)
