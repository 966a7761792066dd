"""What every mapped row has, whatever its table: its words, its id, its natural name and what that is made of.

The classes of the tables are made in domain/schema/classes.py.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Table
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, joinedload, load_only

from domain.schema.words import Table as TableWords
from domain.schema.words import fields_of


class Row(DeclarativeBase):
    """A row of any table. ``words`` are its table's labels; ``str()`` is its natural name."""

    __table__: ClassVar[Table]
    words: ClassVar[TableWords]
    if TYPE_CHECKING:
        id: Mapped[int]  # every table has one; the reflected table brings it

    def __str__(self) -> str:
        return self._called(self.words.name_format)

    @property
    def brief_name(self) -> str:
        """Its natural name where the row that refers to it tells the rest."""
        return self._called(self.words.short_format)

    def _called(self, name_format: str) -> str:
        values = {field: getattr(self, field) for field in fields_of(name_format)}
        return name_format.format_map(
            {k: "" if v is None else v for k, v in values.items()}
        ).strip()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__dict__.get('id')}>"


def name_fields(words: TableWords) -> tuple[str, ...]:
    """The fields of a row's natural name: columns and relationship names."""
    return fields_of(words.name_format)


def name_columns(cls: type[Row]) -> Iterator[InstrumentedAttribute[Any]]:
    """Yield the mapped columns that a row's natural name is made of."""
    for field in name_fields(cls.words):
        yield getattr(cls, field if field in cls.words.columns else f"{field}_id")


@lru_cache(maxsize=1000)
def name_options(cls: type[Row], depth: int = 3) -> tuple[Any, ...]:
    """What to load with a row so that its natural name costs no further query.

    Of the rows beside it only the columns of their names are read: never a long text. Kept: a page asks for dozens.
    """
    links = [field for field in name_fields(cls.words) if field not in cls.words.columns]
    return tuple(named(cls, link, depth - 1) for link in links) if depth else ()


@lru_cache(maxsize=1000)
def named(cls: type[Row], link: str, depth: int = 3) -> Any:
    """What to load with a row so that the row that it refers to by this ``link`` can be named."""
    attribute = getattr(cls, link)
    beside = attribute.property.mapper.class_
    return joinedload(attribute).options(
        load_only(*name_columns(beside)), *name_options(beside, depth)
    )
