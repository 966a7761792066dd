"""What a plan left in a database, whichever program wrote it: counted and fingerprinted, to compare the two."""

import hashlib
import sqlite3
from typing import Any

from bench.child import Stopwatch

_ITEMS = (
    "SELECT kind, number, title, state, delegation, due_on FROM proposals ORDER BY kind, number"
)
_PEOPLE = """
    SELECT p.kind, p.number, s.role, s.position, d.name, d.body, d.level, d.term
    FROM sponsors s JOIN proposals p ON p.id = s.proposal_id JOIN deputies d ON d.id = s.deputy_id
    ORDER BY p.kind, p.number, s.position, d.name
"""
_TASKS = """
    SELECT p.kind, p.number, a.role, a.state, u.name
    FROM assignments a JOIN proposals p ON p.id = a.proposal_id JOIN units u ON u.id = a.unit_id
    ORDER BY p.kind, p.number, u.name
"""


def contents(watch: Stopwatch, database: str) -> dict[str, Any]:
    """The number of items, signatures and assignments, and one fingerprint of all of them."""
    connection = sqlite3.connect(database)
    told: dict[str, Any] = {}
    fingerprint = hashlib.sha256()
    for name, query in (("proposals", _ITEMS), ("sponsors", _PEOPLE), ("assignments", _TASKS)):
        rows = connection.execute(query).fetchall()
        told[name] = len(rows)
        fingerprint.update(repr(rows).encode())
    connection.close()
    return {**told, "fingerprint": fingerprint.hexdigest()}
