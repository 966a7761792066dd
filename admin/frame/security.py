"""What every answer is guarded with: CSRF tokens, headers, cookies, limits, and which proxies are believed.

Nothing is loaded from elsewhere, nothing is framed, nothing private is kept by the browser. Who may come in is in
admin/people/accounts.py.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from admin.frame.keys import KeyConverter
from jobs.running.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000"
NOT_KEPT = "no-store"
KEPT_A_YEAR = "public, max-age=31536000, immutable"

LARGEST_FORM = 4 * 1024 * 1024
"""Bytes of what comes without a file: some 450,000 Chinese characters, nine bytes each as a form sends them."""
MOST_FIELDS = 5000


def init_security(app: Flask) -> None:
    """Guard every route of the app, those that are added later included."""
    settings: Settings = app.extensions["settings"]
    app.config.update(
        TRUSTED_HOSTS=settings.hosts(),
        SESSION_COOKIE_NAME="banli",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https_only,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,  # of the text beside a file
        MAX_FORM_PARTS=MOST_FIELDS,
        WTF_CSRF_TIME_LIMIT=None,  # as old as the session: a text typed for hours must not be lost
    )
    app.url_map.converters["int"] = KeyConverter
    app.before_request(_refuse_other_names)
    app.before_request(
        _refuse_long_forms
    )  # before the CSRF token is looked for, which reads the form
    CSRFProtect(app)
    _believe_proxies(app, settings.trusted_proxies)
    app.url_defaults(_add_version)
    app.after_request(_set_headers)


def _believe_proxies(app: Flask, count: int) -> None:
    """Take address, scheme and host from what so many reverse proxies say; from nobody else."""
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def _refuse_other_names() -> Response | None:
    """Refuse a request under a name that is not ours, in words alone: no page of ours can be made under it."""
    if not isinstance(request.routing_exception, SecurityError):
        return None
    return Response(
        "请用单位公布的地址打开办理系统。", 400, content_type="text/plain; charset=utf-8"
    )


def _refuse_long_forms() -> None:
    """Refuse more text than a form may hold before any of it is read, from whomever it comes."""
    if request.mimetype == "multipart/form-data":
        return
    request.max_content_length = LARGEST_FORM
    if (request.content_length or 0) > LARGEST_FORM:
        abort(413, "表单里的文字太多，没有保存。")


def _set_headers(response: Response) -> Response:
    """Set the headers; an answer that set its own policy keeps it."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.extensions["settings"].https_only:
        response.headers["Strict-Transport-Security"] = HSTS
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = NOT_KEPT
    elif request.args.get("v") == version_of(request.path.removeprefix("/static/")):
        response.headers["Cache-Control"] = KEPT_A_YEAR
    return response


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Name static files together with their contents, so that a browser may keep them until they change."""
    version = version_of(values.get("filename", "")) if endpoint == "static" else None
    if version:
        values.setdefault("v", version)


def version_of(filename: str) -> str | None:
    """A mark of the static file's contents; None where there is no such file."""
    return _version(current_app.static_folder or "", filename)


@cache
def _version(folder: str, filename: str) -> str | None:
    path = Path(folder, filename)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else None
