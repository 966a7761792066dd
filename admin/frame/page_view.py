"""What every view of the panel shares: one that is not for this person does not exist, and errors stay as they are."""

from collections.abc import Callable
from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue
from flask_admin import BaseView

from admin.frame import edge


class PanelView(BaseView):
    """A view of the panel; ``is_accessible`` says who may open it."""

    def inaccessible_callback(self, name: str, **kwargs: Any) -> ResponseReturnValue:
        """A view that is not for this person is as good as not there."""
        abort(404)

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a view once. Flask-Admin would run it again after a TypeError and hide the cause."""
        return fn(self, *args, **kwargs)


class PageView(PanelView):
    """A page for the roles in ``roles``."""

    roles: frozenset[str] = frozenset()

    def is_accessible(self) -> bool:
        """Whether this page is the acting person's business."""
        return edge.actor().role in self.roles
