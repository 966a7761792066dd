"""The names of Flask-Login 0.6.3 that the panel uses; it ships no types."""

from collections.abc import Callable
from typing import Any

from flask import Flask

class UserMixin:
    @property
    def is_authenticated(self) -> bool: ...
    def get_id(self) -> str: ...

class LoginManager:
    session_protection: str | None
    def __init__(self, app: Flask | None = None) -> None: ...
    def user_loader(self, callback: Callable[[str], UserMixin | None]) -> object: ...
    def _update_remember_cookie(self, response: object) -> object: ...

current_user: Any  # the loaded user, or an anonymous one, by way of a proxy

def login_user(user: UserMixin) -> bool: ...
