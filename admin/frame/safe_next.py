"""Where to go after the log-in: only ever a page of this panel."""

LONGEST = 2000


def safe_next(wanted: str | None) -> str:
    """``wanted`` where it is a path of our own, else the front page.

    A path begins with one slash. Two slashes, or a backslash, which browsers read as a slash, would name another
    host; control characters are dropped by browsers before they read.
    """
    if not wanted or len(wanted) > LONGEST or not wanted.isprintable():
        return "/"
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return "/"
    return wanted
