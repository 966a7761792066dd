"""The Django project: one database, the apps that importing needs, SQLite set up as the panel sets it up."""

from pathlib import Path

import django
from django.conf import settings

# As in domain/storing/database.py, so that both wait for the disk alike.
_PRAGMAS = (
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
    "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;"
)


def open_project(database: str) -> None:
    """Make Django work on this SQLite file; once in a process."""
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "import_export", "bench.peer"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": Path(database),
                "OPTIONS": {"init_command": _PRAGMAS, "transaction_mode": "IMMEDIATE"},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=False,
    )
    django.setup()
