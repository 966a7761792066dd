"""Which tables a file may fill, and who may fill them. Not how a file is read (domain/tables)."""

from domain import models
from domain.access.rule import everything
from domain.access.scopes import rule_of
from domain.actors import Actor
from domain.schema.words import Table


def find_table(name: str) -> Table | None:
    """The table of this name or label that an import may fill; None where there is none. See `is_fillable`."""
    found = (t for t in models.schema.tables.values() if name in (t.name, t.label))
    return next((words for words in found if is_fillable(words)), None)


def is_fillable(words: Table) -> bool:
    """Whether a file may fill the table: people who import keep all of it, and no column is the program's to fill.

    The screens and the command both ask here. Accounts and settings, for one, are not the importers' to keep.
    """
    locked = any(
        c.is_hidden and c.is_required and c.default is None for c in words.columns.values()
    )
    kept = any(_keeps_whole(role, words.name) for role in rule_of("imports").create)
    return kept and not words.is_read_only and not locked


def may_import(actor: Actor, table: str) -> bool:
    """Whether the actor may import this table at all: only who sees, makes and changes every row of it."""
    return actor.is_system or _keeps_whole(actor.role, table)


def _keeps_whole(role: str, table: str) -> bool:
    rule = rule_of(table)
    whole = all(verbs.get(role) is everything for verbs in (rule.read, rule.create, rule.update))
    return whole and role not in rule.writable and role not in rule.hidden
