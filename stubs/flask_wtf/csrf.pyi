"""The CSRF tokens of Flask-WTF."""

from flask import Flask
from werkzeug.exceptions import BadRequest

class CSRFError(BadRequest): ...

class CSRFProtect:
    def __init__(self, app: Flask | None = None) -> None: ...

def generate_csrf() -> str: ...
