"""A person's browser, as far as measuring needs one: cookies, pages, forms and files over HTTP on this machine."""

import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Mapping
from http.cookiejar import CookieJar
from pathlib import Path

PATIENCE_S = 60
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class NotAPage(RuntimeError):
    """The panel answered with something else than what was asked for; the text says what."""


class Browser:
    """One person at ``address``; knows the last page that he saw."""

    def __init__(self, address: str) -> None:
        self.address, self.path, self.page = address, "/", ""
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        directly = urllib.request.ProxyHandler({})
        self._opener = urllib.request.build_opener(directly, cookies)

    def get(self, path: str) -> str:
        """The page at this path. Raises NotAPage."""
        return self._open(path, None, {})

    def post(self, path: str, form: Mapping[str, str], file: Path | None = None) -> str:
        """What a form of the page last seen leads to. Raises NotAPage."""
        token = _TOKEN.search(self.page)
        if token is None:
            raise NotAPage(f"{self.path} has no form")
        fields = {**form, "csrf_token": token[1]}
        if file is None:
            return self._open(path, urllib.parse.urlencode(fields).encode(), {})
        border = uuid.uuid4().hex
        kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
        return self._open(path, _multipart(border, fields, file), kind)

    def log_in(self, username: str, password: str) -> None:
        """Be this user from now on. Raises NotAPage."""
        self.get("/login")
        self.post("/login", {"username": username, "password": password})
        if self.path == "/login":
            raise NotAPage(f"{username} cannot log in")

    def _open(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> str:
        request = urllib.request.Request(self.address + path, body, dict(headers))
        try:
            with self._opener.open(request, timeout=PATIENCE_S) as answer:
                self.page = answer.read().decode()
                self.path = answer.geturl().removeprefix(self.address)
        except urllib.error.HTTPError as error:
            said = re.sub(r"<[^>]+>|\s+", " ", error.read().decode(errors="replace"))
            raise NotAPage(f"{path} answers {error.code}: {said[-200:]}") from None
        except OSError as error:
            raise NotAPage(f"{path}: {error}") from None
        return self.page


def _multipart(border: str, fields: Mapping[str, str], file: Path) -> bytes:
    named = "Content-Disposition: form-data; name="
    texts = [f'{named}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    head = f'{named}"file"; filename="{file.name}"\r\n\r\n'.encode()
    parts = [*texts, head + file.read_bytes() + b"\r\n"]
    edge = f"--{border}\r\n".encode()
    return b"".join(edge + part for part in parts) + f"--{border}--\r\n".encode()
