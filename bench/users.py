"""The made-up people who open the pages: two of them, and a crowd."""

OFFICE_USER, LIAISON_USER = "bench-office", "bench-liaison"
PASSWORD = "Lamp-Mango-2024"

QUIET = "nobody imports"
"""What goes on around the crowd for a while."""


def crowd_user(place: int) -> str:
    """The log-in of one of the crowd, counted from 0."""
    return f"bench-{place + 1}"


def crowd_unit(place: int) -> int | None:
    """The unit that one of the crowd works for; None for every third, who is of the office."""
    return place + 1 if place % 3 else None
