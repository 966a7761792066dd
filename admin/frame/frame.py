"""What stands around every page: the menu in the schema's groups, the search, the bell, the person.

Each request gets it as `frame` in the templates; a page without a logged-in person gets an empty one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_admin import Admin, BaseView

from admin.frame.links import Link
from domain import models

SEARCHED = "proposals"
MENU_FITS = 16

CountUnread = Callable[[], int]


@dataclass(frozen=True)
class MenuLink:
    """One entry of the menu."""

    text: str
    url: str
    is_here: bool


@dataclass(frozen=True)
class MenuGroup:
    """A group of the menu."""

    label: str
    links: tuple[MenuLink, ...]
    is_open: bool


@dataclass(frozen=True)
class Frame:
    """Everything around the content of a page."""

    area: str = ""
    here: str = ""
    menu: tuple[MenuGroup, ...] = ()
    user: str = ""
    user_id: int | None = None
    role: str = ""
    search_url: str = ""
    search_label: str = ""
    bell_url: str = ""
    bell_count: int = 0
    account_links: tuple[Link, ...] = ()
    logout_url: str = ""


@dataclass
class Bell:
    """Where the reminders are listed, how many the acting person has not read, and whether he gets any."""

    endpoint: str
    count_unread: CountUnread
    is_for: Callable[[], bool]


@dataclass
class FrameParts:
    """What other rooms of the panel put into the frame when they start."""

    bell: Bell | None = None
    account_links: list[tuple[str, str]] = field(default_factory=list)
    logout_endpoint: str = ""
    area: Callable[[], str] = lambda: ""


def parts(app: Flask) -> FrameParts:
    """The app's frame parts, to be added to at the start."""
    given: FrameParts = app.extensions.setdefault("banli-frame", FrameParts())
    return given


def init_frame(app: Flask) -> None:
    """Give every template its `frame`."""
    parts(app)
    app.context_processor(lambda: {"frame": _make_frame()})


def _make_frame() -> Frame:
    actor = g.get("actor")
    given = parts(current_app)
    if actor is None:
        return Frame()
    admin = current_app.extensions["admin"][0]
    search = _searched_view(admin)
    bell = given.bell if given.bell and given.bell.is_for() else None
    return Frame(
        area=given.area(),
        here=(request.blueprint or ""),
        menu=tuple(_menu(admin)),
        user=actor.name,
        user_id=actor.user_id,
        role=actor.role,
        search_url=url_for(f"{SEARCHED}.index_view") if search else "",
        search_label=search.name if search else "",
        bell_url=url_for(bell.endpoint) if bell else "",
        bell_count=bell.count_unread() if bell else 0,
        account_links=tuple(
            Link(text, url_for(endpoint)) for text, endpoint in given.account_links
        ),
        logout_url=url_for(given.logout_endpoint) if given.logout_endpoint else "",
    )


def _menu(admin: Admin) -> Iterator[MenuGroup]:
    """The groups that hold something for this person, in the schema's order.

    Open are the first ones, as far as they fit on a screen, and the one with the present page.
    """
    views = [view for view in admin._views[1:] if view.is_accessible() and view.is_visible()]
    fits = MENU_FITS
    for group in models.schema.groups:
        links = tuple(_menu_link(view) for view in views if view.category == group)
        fits -= len(links)
        if links:
            is_here = any(link.is_here for link in links)
            yield MenuGroup(group, links, is_here or fits >= 0)


def _menu_link(view: BaseView) -> MenuLink:
    return MenuLink(
        view.name,
        url_for(f"{view.endpoint}.{view._default_view}"),
        request.blueprint == view.endpoint,
    )


def _searched_view(admin: Admin) -> Any:
    """The table that the box in the top bar searches: the items themselves, where the person may see them."""
    return next((v for v in admin._views if v.endpoint == SEARCHED and v.is_accessible()), None)
