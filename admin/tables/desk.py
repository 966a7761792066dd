"""One table as the acting person meets it: which columns, which rows, which actions.

Every generated screen goes through a Desk, so none can show, search, sort or change what the rules
(domain/access/rules.py, asked through scopes) do not give. The row rules themselves are held by the session, not here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, defer
from werkzeug.exceptions import NotFound

from admin.frame import edge
from admin.frame.keys import read_key
from domain import models
from domain.access import scopes
from domain.access.rule import Verb
from domain.actors import Actor
from domain.ordering import Order, own_order
from domain.schema.columns import SideColumn
from domain.schema.file import Column, Table
from domain.side_columns.offered import own_columns, shown_columns
from domain.storing.held import holds, those_held
from domain.storing.session import ActorSession


@dataclass(frozen=True)
class Desk:
    """A table, the acting person and the session that is theirs alone."""

    words: Table
    actor: Actor
    session: ActorSession
    fixed: frozenset[str] = frozenset()
    """The columns that stay as they are in the row at hand, whoever fills in its form (keeping.py)."""

    @property
    def model(self) -> type[models.Row]:
        """The mapped class."""
        return models.by_table[self.words.name]

    def attribute(self, name: str) -> InstrumentedAttribute[Any]:
        """The mapped column called so."""
        mapped: InstrumentedAttribute[Any] = getattr(self.model, name)
        return mapped

    @cached_property
    def readable(self) -> Mapping[str, Column]:
        """The columns this person may see, in the order of the schema."""
        return scopes.readable_columns(self.actor, self.words.name)

    @cached_property
    def shown(self) -> Mapping[str, Column]:
        """What a list of them may show: these columns, then what stands in other tables."""
        return shown_columns(self.actor, self.words.name)

    @cached_property
    def offered(self) -> tuple[Column, ...]:
        """Of the table's own, what is put before people: not what the program alone reads."""
        return tuple(column for column in self.readable.values() if not column.is_programs)

    @cached_property
    def listed(self) -> tuple[Column, ...]:
        """The columns of the list until the person chooses others."""
        return tuple(self.shown[name] for name in self.words.listed if name in self.shown)

    @cached_property
    def searched(self) -> tuple[Column, ...]:
        """What the search box looks into: the marked texts, else what this row is about."""
        marked = [c for c in self.readable.values() if c.is_searched]
        texts = tuple(c for c in marked if c.kind in ("text", "long text"))
        return texts or self.telling

    @cached_property
    def telling(self) -> tuple[Column, ...]:
        """The references that tell what a row is about: those that name it, and those that people must fill in."""
        return telling_columns(self.actor, self.words)

    @cached_property
    def writable(self) -> tuple[Column, ...]:
        """The columns this person may fill in; the program's own are not among them."""
        given = scopes.writable_columns(self.actor, self.words.name)
        left = given - self.fixed
        return tuple(c for c in self.readable.values() if c.name in left and _is_asked(c))

    def may(self, verb: Verb) -> bool:
        """Whether this person may read, or by a form create, update or delete any row here at all."""
        closed = (self.words.is_read_only or self.words.is_by_acts) and verb != "read"
        return not closed and scopes.may(self.actor, self.words.name, verb)

    def may_on(self, verb: Verb, *rows: models.Row) -> bool:
        """Whether this person may do that to each of these rows."""
        return self.may(verb) and holds(self.session, self.words.name, verb, [r.id for r in rows])

    def why_not(self, verb: Verb) -> str:
        """What is told of rows to which this person may not do that, where he may to others; '' where nothing is."""
        return scopes.rule_of(self.words.name).why.get(verb, "") if self.may(verb) else ""

    def those(self, verb: Verb, rows: Iterable[models.Row]) -> list[models.Row]:
        """Of these rows those to which this person may do that."""
        rows = list(rows)
        ids = those_held(self.session, self.words.name, verb, [row.id for row in rows])
        return [row for row in rows if self.may(verb) and row.id in ids]

    def keeping(self, fixed: Iterable[str]) -> "Desk":
        """The same, without asking for these columns."""
        return Desk(self.words, self.actor, self.session, frozenset(fixed))

    def beside(self, table: str) -> "Desk":
        """The same person at another table."""
        return Desk(models.schema.tables[table], self.actor, self.session)

    def query(self) -> Select[models.Row]:
        """The rows this person may see; the session adds the scope to it."""
        return select(self.model)

    def query_for(self, columns: Iterable[Column]) -> Select[models.Row]:
        """The rows with what drawing these columns takes: linked rows' names, and no long text that is not shown."""
        return _drawn(self.model, tuple(column.name for column in own_columns(columns)))

    def find(self, text: str, *, lock: bool = False) -> models.Row:
        """The row with this id. Raises NotFound where there is none, or none for this person."""
        query = (
            self.query()
            .where(self.model.id == read_key(text))
            .options(*models.name_options(self.model))
        )
        row = self.session.scalars(
            query.with_for_update(of=self.model) if lock else query
        ).one_or_none()
        if row is None:
            raise NotFound
        return row

    def is_there(self, keys: Iterable[int]) -> bool:
        """Whether any of these rows is (still) there for this person."""
        query = select(self.model.id).where(self.model.id.in_(keys)).limit(1)
        return self.session.scalar(query) is not None

    def find_all(self, texts: Iterable[str]) -> list[models.Row]:
        """The rows with these ids. Raises NotFound where one is not there, or not for this person."""
        keys = {read_key(text) for text in texts}
        query = (
            self.query().where(self.model.id.in_(keys)).options(*models.name_options(self.model))
        )
        rows = list(self.session.scalars(query.order_by(self.model.id)))
        if len(rows) < len(keys):
            raise NotFound
        return rows

    def linked(self, column: Column, key: int) -> models.Row | None:
        """The row with this id that a reference may point to, or None where it is not for them."""
        target = self.beside(column.target)
        query = (
            target.query().where(target.model.id == key).options(*models.name_options(target.model))
        )
        return self.session.scalars(query).one_or_none() if target.may("read") else None

    def linked_rows(self, column: Column, keys: Iterable[int]) -> dict[int, models.Row]:
        """The rows with these ids that a reference may point to, by id, as far as they are for them."""
        target, keys = self.beside(column.target), set(keys)
        query = target.query().where(target.model.id.in_(keys))
        rows = self.session.scalars(query.options(*models.name_options(target.model)))
        return {row.id: row for row in rows} if keys and target.may("read") else {}

    def name_of(self, column: Column, key: int) -> str | None:
        """The natural name of the row that a reference points to, or None where it is not for them."""
        row = self.linked(column, key)
        return None if row is None else str(row)

    def order(self, column: Column | None = None, *, descending: bool = False) -> Order:
        """The order by a column; without one, the table's own: its 次序, its sort_order, else the newest first."""
        own = own_order(self.words, self.readable)
        if column is None:
            return own
        then = own.then if own.column.key == column.name else ()
        return Order(getattr(self.model, column.name), self.model.id, descending, then)

    def is_sortable(self, column: Column) -> bool:
        """Whether a list may be ordered by a column: one short enough to compare, or that its own order begins with.

        Never by what stands in other tables: no index has the rows of this one in that order.
        """
        if isinstance(column, SideColumn):
            return False
        begins = any(step.column == column.name for step in self.words.order[:1])
        return begins or column.kind not in ("data", "long text", "link")


@lru_cache(maxsize=1000)
def _drawn(model: type[models.Row], names: tuple[str, ...]) -> Select[models.Row]:
    """The rows with what drawing these columns takes. Kept: to write it down takes longer than to ask it."""
    words, wanted = model.words, {*names, *models.name_fields(model.words)}
    links = [name.removesuffix("_id") for name in names if words.columns[name].references]
    unseen = [
        column.name
        for column in words.columns.values()
        if column.kind in ("long text", "data") and column.name not in wanted
    ]
    return (
        select(model)
        .options(*models.name_options(model))
        .options(*(models.named(model, link) for link in links))
        .options(*(defer(getattr(model, name)) for name in unseen))
    )


def telling_columns(actor: Actor, words: Table) -> tuple[Column, ...]:
    """The references that tell this person what a row of the table is about."""
    named = {f"{name}_id" for name in models.name_fields(words)}
    return tuple(
        column
        for column in scopes.readable_columns(actor, words.name).values()
        if column.references
        and (column.name in named or (column.is_required and not column.is_automatic))
        and scopes.may(actor, column.target, "read")
    )


def desk_at(table: str) -> Desk:
    """The acting person of this request at a table."""
    return Desk(models.schema.tables[table], edge.actor(), edge.session())


def _is_asked(column: Column) -> bool:
    closed = column.is_automatic or column.is_by_act or column.is_carried
    return not (column.is_key or closed or column.kind == "data")
