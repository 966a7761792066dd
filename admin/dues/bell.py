"""The bell: its count in the top bar, the list of unread reminders, and reading them."""

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin.frame import edge
from admin.frame.frame import Bell, parts
from admin.frame.keys import read_key
from admin.frame.page_view import PageView
from domain.actors import LEADER, LIAISON, OFFICE
from domain.dues import bell

TONES = {"蓝": "blue", "黄": "amber", "红": "red"}
SHOWN = 100


class BellView(PageView):
    """未读提醒."""

    roles = frozenset({OFFICE, LIAISON, LEADER})

    def __init__(self) -> None:
        super().__init__(name="未读提醒", category="督办", endpoint="bell", url="/bell")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The unread reminders, the most pressing first."""
        rings = bell.rings(edge.session(), SHOWN + 1)
        return self.render(
            "dues/bell.html",
            rings=rings[:SHOWN],
            is_cut=len(rings) > SHOWN,
            tones=TONES,
            title="未读提醒",
        )

    @expose("/read/", methods=("POST",))
    def read(self) -> ResponseReturnValue:
        """Mark the named reminders, or all of them, as read."""
        named = [read_key(key) for key in request.form.getlist("id")]
        number = bell.read(edge.session(), named or None)
        edge.session().commit()
        flash(f"{number} 条提醒已标为已读。", "good")
        return redirect(url_for("bell.index"))


def _count_unread() -> int:
    return bell.count(edge.session())


def _is_for() -> bool:
    return edge.actor().role in BellView.roles


def init_bell(app: Flask) -> None:
    """Put the bell into the top bar and its page into the menu."""
    app.extensions["admin"][0].add_view(BellView())
    parts(app).bell = Bell("bell.index", _count_unread, _is_for)
