"""What every route is guarded with, asked of the routes themselves, so that a new one is covered by itself."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, abort
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from admin.frame.security import LARGEST_FORM
from admin.people.accounts import open_to_all
from tests.ground.door import Door, Visit, text_of
from tests.ground.places import ROOT

WRITING = {"POST", "PUT", "PATCH", "DELETE"}
OPEN = {"static", "account.log_in", "account.alive"}
POLICY = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def logged_in(app: Flask, username: str) -> Visit:
    visit = Visit(app)
    assert visit.log_in(username).status_code == 302
    return visit


def rules(app: Flask, methods: set[str]) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if methods & set(rule.methods or ())]


def address(app: Flask, rule: Rule) -> str:
    """An address of the rule, with 1 for whatever it asks."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        values = dict.fromkeys(rule.arguments, 1)
        return str(adapter.build(rule.endpoint, {**(rule.defaults or {}), **values}))


def test_only_the_named_hosts_are_answered(door: Door) -> None:
    client = door.app(trusted_hosts="banli.office.lan, 10.1.2.3").test_client()
    for host in ("banli.office.lan", "10.1.2.3:8000", "127.0.0.1:8000", "localhost"):
        assert client.get("/login", headers={"Host": host}).status_code == 200, host
    for host in ("evil.example", "banli.office.lan.evil.example"):
        refused = client.get("/login", headers={"Host": host})
        assert refused.status_code == 400, host
        assert text_of(refused) == "请用单位公布的地址打开办理系统。"
    anywhere = door.app().test_client()
    assert anywhere.get("/login", headers={"Host": "any.office.lan"}).status_code == 200


def test_not_even_pictures_come_from_the_address_bar(door: Door) -> None:
    policy = Visit(door.app()).get("/login").headers["Content-Security-Policy"]
    assert "data:" not in policy
    assert "unsafe" not in policy


# ---- CSRF


def test_no_route_writes_without_a_token_of_this_very_browser(door: Door) -> None:
    app = door.app()
    visit, other = logged_in(app, "admin"), logged_in(app, "admin")
    foreign, before = other.token(), door.counts()
    asked = 0
    for rule in rules(app, WRITING):
        for method in sorted(WRITING & set(rule.methods or ())):
            for sent in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": foreign}):
                data = {"id": "1", "rowid": "1", "action": "delete", "confirmed": "1", **sent}
                answer = visit.client.open(address(app, rule), method=method, data=data)
                assert answer.status_code == 400, (rule.rule, method, sent)
                asked += 1
    assert asked > 200
    assert door.counts() == before
    assert visit.is_in


def test_no_route_takes_the_token_from_the_address(door: Door) -> None:
    app = door.app()
    visit = logged_in(app, "admin")
    token, before = visit.token(), door.counts()
    for rule in rules(app, {"POST"}):
        answer = visit.client.post(f"{address(app, rule)}?csrf_token={token}", data={"name": "x"})
        assert answer.status_code == 400, rule.rule
    assert door.counts() == before


def test_a_refused_token_is_explained_in_the_users_words(door: Door) -> None:
    visit = logged_in(door.app(), "admin")
    page = text_of(visit.client.post("/units/new/", data={"name": "x"}))
    assert "安全标记失效" in page
    assert "CSRF" not in page


def test_a_form_left_open_all_morning_is_still_taken(door: Door) -> None:
    visit = logged_in(door.app(), "admin")
    token = visit.token()
    for _ in range(10):
        door.clock.pass_(minutes=25)
        assert visit.get("/account/alive").json["logged_in"] is True
    sent = {"csrf_token": token, "name": "鱼峰区水利局", "kind": "政府部门", "sort_order": "9"}
    assert visit.client.post("/units/new/", data=sent).status_code == 302
    assert door.counts()["units"] == 3


# ---- deny by default


def test_every_route_asks_a_stranger_to_log_in_unless_it_is_marked_open(door: Door) -> None:
    app = door.app()
    stranger, found_open = Visit(app), set()
    for rule in rules(app, {"GET"}):
        answer = stranger.get(address(app, rule))
        if answer.status_code != 302 or not answer.location.startswith("/login"):
            found_open.add(rule.endpoint)
    assert found_open == OPEN


def test_a_new_view_is_closed_until_it_is_marked(door: Door) -> None:
    app = door.app()
    app.add_url_rule("/closed", "closed", lambda: "closed")
    app.add_url_rule("/open", "open", open_to_all(lambda: "open"))
    assert Visit(app).get("/closed").status_code == 302
    assert text_of(Visit(app).get("/open")) == "open"


def test_no_address_of_the_panel_fails_for_who_sees_most(door: Door) -> None:
    app = door.app()
    visit = logged_in(app, "office")
    for rule in rules(app, {"GET"}):
        assert visit.get(address(app, rule)).status_code < 500, rule.rule


# ---- what is too much


@pytest.mark.parametrize("name", ["", "office"])
def test_a_form_of_megabytes_is_refused_unread_also_from_strangers(door: Door, name: str) -> None:
    app = door.app()
    visit = logged_in(app, name) if name else Visit(app)
    token = visit.token()
    for path in ("/login", "/proposals/new/"):
        sent = {"csrf_token": token, "username": "长" * 500_000, "password": "x"}
        answer = visit.client.post(path, data=sent)
        assert answer.status_code == 413, path
        assert "表单里的文字太多，没有保存。" in text_of(answer)
    answer = visit.client.post("/login", input_stream=BytesIO(b"username=" + b"x" * LARGEST_FORM),
                               content_type="application/x-www-form-urlencoded",
                               environ_overrides={"wsgi.input_terminated": True})  # fmt: skip
    assert answer.status_code == 413, "in pieces, without saying how long it is"


def test_a_long_reply_is_taken(door: Door) -> None:
    visit = logged_in(door.app(), "office")
    answer = visit.post("/proposals/new/", title="新件", body="长" * 100_000)
    assert answer.status_code == 200 and "请填写案号" in text_of(answer)


# ---- headers


def every_kind_of_answer(app: Flask) -> dict[str, TestResponse]:
    """An answer of each kind that there is."""
    app.add_url_rule("/fails", "fails", lambda: 1 / 0)
    app.add_url_rule("/busy", "busy", lambda: abort(503))
    app.add_url_rule("/much", "much", lambda: abort(413))
    office, liaison, stranger = logged_in(app, "office"), logged_in(app, "school"), Visit(app)
    return {
        "page": office.get("/proposals/"),
        "script's answer": office.get("/assignments/ajax/lookup/?name=unit_id&query=教"),
        "redirect": stranger.get("/proposals/"),
        "log-in page": stranger.get("/login"),
        "log-in refused": stranger.log_in("office", "wrong"),
        "script refused": stranger.get("/proposals/", Accept="application/json"),
        "400": office.client.post("/units/new/"),
        "403": liaison.get("/proposals/new/"),
        "404": office.get("/no-such-page"),
        "405": office.get("/logout"),
        "413": office.get("/much"),
        "500": office.get("/fails"),
        "503": office.get("/busy"),
        "static": stranger.get("/static/frame/panel.css"),
        "static missing": stranger.get("/static/none.css"),
    }


def test_every_kind_of_answer_carries_the_headers(door: Door) -> None:
    for kind, answer in every_kind_of_answer(door.app()).items():
        if kind.isdigit():
            assert answer.status_code == int(kind), kind
        policy = dict(
            part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ")
        )
        assert policy.items() >= POLICY.items(), kind
        assert "unsafe" not in str(policy), kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["X-Frame-Options"] == "DENY", kind
        assert answer.headers["Referrer-Policy"] == "same-origin", kind
        assert "geolocation=()" in answer.headers["Permissions-Policy"], kind
        assert "Strict-Transport-Security" not in answer.headers, kind
        if kind != "static":
            assert answer.headers["Cache-Control"] == "no-store", kind


def test_no_error_page_shows_what_went_wrong_inside(door: Door) -> None:
    answers = every_kind_of_answer(door.app())
    page = text_of(answers["500"])
    assert re.search("故障编号：<b>[0-9A-F]{8}</b>", page)
    for kind, answer in answers.items():
        for word in ("Traceback", "ZeroDivision", "sqlalchemy", "werkzeug", "SELECT "):
            assert word not in text_of(answer), kind


def test_behind_https_cookies_and_pages_stay_on_https(door: Door) -> None:
    app = door.app(https_only=True)
    answer = app.test_client().get("/login", base_url="https://banli.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "; Secure" in answer.headers["Set-Cookie"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(door: Door) -> None:
    visit = Visit(door.app())
    answer = visit.log_in("office")
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    assert "; HttpOnly" in cookies[0]
    assert "; SameSite=Lax" in cookies[0]
    assert "; Path=/" in cookies[0]
    assert "Expires" not in cookies[0]
    assert "Max-Age" not in cookies[0]


def test_a_forged_cookie_is_worth_nothing(door: Door) -> None:
    app = door.app()
    cookie = logged_in(app, "office").cookie
    with app.app_context():
        app.secret_key = "another" * 6
    assert not Visit(app).take(cookie).is_in
    assert not Visit(app).take(cookie[:-2] + "xx").is_in
    assert not Visit(app).take("x").is_in


# ---- static files


def test_static_files_are_kept_until_they_change(door: Door) -> None:
    app = door.app()
    page = text_of(Visit(app).get("/login"))
    styles = re.search(r'href="(/static/frame/panel\.css\?v=\w{10})"', page)
    assert styles
    kept = Visit(app).get(styles.group(1))
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in kept.headers.get("Vary", "")
    assert "Set-Cookie" not in kept.headers
    for old in ("/static/frame/panel.css?v=0000000000", "/static/frame/panel.css"):
        assert "immutable" not in Visit(app).get(old).headers["Cache-Control"]


# ---- proxies


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "10.9.9.9")])
def test_only_told_proxies_are_believed(door: Door, proxies: int, address: str) -> None:
    app = door.app(trusted_proxies=proxies)
    visit = Visit(app)
    visit.client.environ_base["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 10.9.9.9"
    visit.log_in("office")
    page = text_of(visit.get("/account/sessions"))
    assert f"<td>{address}</td>" in page


# ---- nothing inline, nothing from elsewhere

TEMPLATES = sorted((ROOT / "admin" / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style_or_asks_another_host(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_writes_carries_a_token(path: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), re.S):
        if re.search(r'method="?post', form, re.I):
            assert "csrf_token()" in form, form[:120]
