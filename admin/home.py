"""The front page: what needs this person today, each number opening the list that it counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from flask_admin import BaseView, expose

from admin import edge


@dataclass(frozen=True)
class Tile:
    """A number and the list that it counts."""

    label: str
    count: int
    url: str
    tone: str = ""
    note: str = ""


class HomeView(BaseView):
    """The front page of every role."""

    def __init__(self) -> None:
        super().__init__(name="首页", endpoint="home", url="/", static_url_path="/static/admin")

    def is_accessible(self) -> bool:
        """Everybody who has logged in has a front page."""
        return edge.actor() is not None

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What needs me today."""
        return self.render("home.html", tiles=())
