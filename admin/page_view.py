"""A page of the panel that is no table: who may open it, and errors as they are."""

from collections.abc import Callable
from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue
from flask_admin import BaseView

from admin import edge


class PageView(BaseView):
    """A page for the roles in ``roles``; for anybody else it does not exist."""

    roles: frozenset[str] = frozenset()

    def is_accessible(self) -> bool:
        """Whether this page is the acting person's business."""
        return edge.actor().role in self.roles

    def inaccessible_callback(self, name: str, **kwargs: Any) -> ResponseReturnValue:
        """A page that is not for this person is as good as not there."""
        abort(404)

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a view once. Flask-Admin would run it again after a TypeError and hide the cause."""
        return fn(self, *args, **kwargs)
