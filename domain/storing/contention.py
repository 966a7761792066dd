"""Two who write are in each other's way: how one sees that the database refused for that, not for what was written."""

from sqlalchemy.exc import DBAPIError

BUSY = "数据库正在处理别的写入，这次没有写入，请过一会儿再试。"
_STATES = frozenset({"40P01", "40001", "55P03"})
"""SQLSTATE of a deadlock, of a transaction that cannot be serialized, of a lock that was waited for in vain."""
_SQLITE_SAYS = "database is locked"


def gave_in(error: BaseException) -> bool:
    """Whether this transaction was the one that had to give in; nothing of it is kept, and it may be tried again.

    PostgreSQL says so in whatever language it speaks, so its code is asked; SQLite knows English alone.
    """
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    return state in _STATES if state else _SQLITE_SAYS in str(error.orig)
