"""What limits every statement of an actor, as one option that SQLAlchemy applies to all classes in it.

Which rows those are is said in rules.py and asked in scopes.py; session.py gives the option to each statement.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement
from sqlalchemy.orm import LoaderCriteriaOption
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.sql.elements import False_

from domain import models
from domain.access import scopes
from domain.actors import Actor


@lru_cache(maxsize=200)
def criteria_of(actor: Actor) -> "_Scopes":
    """What limits every statement of this actor. Kept, because building it takes some 100 ms; of a unit's people it
    weighs about 2 MiB."""
    return _Scopes(tuple(_scopes_of(actor)))


class _Scope(LoaderCriteriaOption):
    """Loader criteria that also fit an alias which is joined by an ON clause.

    SQLAlchemy 2.1.9 leaves the criterion on the class's own table there, where it limits another row. It also marks
    the criterion as its own anew for each statement, which takes half of the time of making the SQL: here, once.
    """

    _traverse_internals = LoaderCriteriaOption._traverse_internals  # by these a statement is cached

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        if ext_info.is_aliased_class and not isinstance(self._marked, False_):
            return cast(ColumnElement[bool], ext_info._adapt_element(self._marked))
        return self._marked

    @cached_property
    def _marked(self) -> ColumnElement[bool]:
        return super()._resolve_where_criteria(cast(Any, self.entity))


def _scopes_of(actor: Actor) -> Iterator[_Scope]:
    cls: Any  # as its columns
    for name, cls in models.by_table.items():
        if not scopes.sees_all(actor, name):
            yield _Scope(
                cls,
                scopes.criterion_for(actor, name, "read", cls),
                include_aliases=True,
                propagate_to_loaders=True,  # without it joined loads are not scoped
            )


_shapes: dict[tuple[Any, ...], object] = {}


class _Scopes(CriteriaOption):
    """The criteria of all classes, known to SQLAlchemy's cache of statements by one word.

    As options of their own they would all be gone through for the cache key of every statement, which takes 4 ms and
    makes a key of 8,000 parts. Here that is done once: ``_binds`` are their values, in order, and two actors whose
    criteria differ in those alone have the same ``_shape``. A loaded row does not carry it along: what it loads later
    is limited for who asks then, once.
    """

    def __init__(self, each: Sequence[_Scope]) -> None:
        self._each = each
        self._binds: list[BindParameter[Any]] = []
        parts = []
        for scope in each:
            key = scope._generate_cache_key()
            if key is None:
                raise RuntimeError(f"No statement with this criterion can be kept: {scope.entity}")
            parts.append(key.key)
            self._binds += key.bindparams
        self._shape = _shapes.setdefault(tuple(parts), object())

    def _gen_cache_key(self, seen: Any, binds: list[BindParameter[Any]]) -> tuple[Any, ...]:
        binds += self._binds
        return (_Scopes, self._shape)

    def process_compile_state(self, compile_state: Any) -> None:
        self.get_global_criteria(compile_state.global_attributes)

    def process_compile_state_replaced_entities(self, compile_state: Any, _entities: Any) -> None:
        self.process_compile_state(compile_state)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        for scope in self._each:
            scope.get_global_criteria(attributes)
