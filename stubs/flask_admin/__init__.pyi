"""The names of Flask-Admin 2.2.1 that the panel uses, with the types they really have; it ships none itself."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask
from flask.typing import ResponseReturnValue
from flask_admin.theme import Theme

_View = TypeVar("_View", bound=Callable[..., ResponseReturnValue])

def expose(url: str = "/", methods: Iterable[str] = ("GET",)) -> Callable[[_View], _View]: ...

class BaseView:
    name: str
    category: str | None
    endpoint: str
    url: str
    _default_view: str
    def __init__(
        self,
        name: str | None = None,
        category: str | None = None,
        endpoint: str | None = None,
        url: str | None = None,
        static_folder: str | None = None,
        static_url_path: str | None = None,
    ) -> None: ...
    def render(self, template: str, **kwargs: Any) -> str: ...
    def is_visible(self) -> bool: ...
    def is_accessible(self) -> bool: ...
    def inaccessible_callback(self, name: str, **kwargs: Any) -> ResponseReturnValue: ...

class Admin:
    _views: list[BaseView]
    def __init__(
        self,
        app: Flask | None = None,
        name: str | None = None,
        url: str | None = None,
        *,
        index_view: BaseView | None = None,
        theme: Theme | None = None,
    ) -> None: ...
    def add_view(self, view: BaseView) -> None: ...
    def add_views(self, *args: BaseView) -> None: ...
