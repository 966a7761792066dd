"""The panel: the front page, a view of every table, the frame around them and the error pages.

The last module of its floor: it knows every room, and only app.py knows it.
"""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Theme

from admin.frame.faults import init_faults
from admin.frame.frame import init_frame
from admin.home.home import HomeView
from admin.tables.table_view import table_views


def init_admin(app: Flask) -> Admin:
    """Give the app its front page, a view of every table, the frame around them and the error pages."""
    init_faults(app)
    init_frame(app)
    admin = Admin(
        app, name="办理", url="/", index_view=HomeView(), theme=Theme("banli", "frame/layout.html")
    )
    admin.add_views(*table_views())
    return admin
