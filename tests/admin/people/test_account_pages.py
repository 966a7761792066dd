"""The door of the panel: who comes in, where he lands, what ends his visit, what an administrator does for others."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from admin.frame.safe_next import safe_next
from admin.people.screens import name_of_browser
from domain import models
from domain.actors import ADMIN, AUDITOR
from tests.ground.district import PEOPLE
from tests.ground.door import NEW_PASSWORD, PASSWORD, Door, Visit, text_of
from tests.ground.kept_apps import KeptApps


@pytest.fixture
def app(door: Door, kept_apps: KeptApps) -> Iterator[Flask]:
    with kept_apps.opened(door.url, door.folder, door.clock) as app:
        yield app


@pytest.fixture
def visit(app: Flask) -> Visit:
    return Visit(app)


def logged_in(app: Flask, username: str) -> Visit:
    visit = Visit(app)
    assert visit.log_in(username).status_code == 302
    return visit


# ---- coming in


def test_a_stranger_is_asked_to_log_in_and_then_lands_where_he_wanted(visit: Visit) -> None:
    answer = visit.get("/proposals/?q=斑马线&sort=-number")
    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")
    answer = visit.log_in("office", path=answer.location)
    assert answer.location == "/proposals/?q=%E6%96%91%E9%A9%AC%E7%BA%BF&sort=-number"
    assert "关于增设校门口斑马线的建议" in text_of(visit.get(answer.location))


def test_the_front_page_needs_no_next(visit: Visit) -> None:
    assert visit.get("/").location == "/login"
    assert visit.log_in("office").location == "/"


def test_a_stranger_learns_not_even_which_pages_exist(visit: Visit) -> None:
    assert visit.get("/no-such-page").location.startswith("/login?next=")


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json"},
        {"X-Requested-With": "XMLHttpRequest"},
        {"Sec-Fetch-Dest": "empty"},
    ],
)
def test_a_script_of_a_stranger_gets_401(visit: Visit, headers: dict[str, str]) -> None:
    answer = visit.get("/units/ajax/lookup/?name=unit_id", **headers)
    assert answer.status_code == 401
    assert answer.json == {"error": "请先登录。", "login": "/login"}


def test_a_wrong_password_keeps_the_name_and_shows_no_password(visit: Visit) -> None:
    answer = visit.log_in('school"><b>', "My-wrong-password-1")
    assert answer.status_code == 401
    page = answer.get_data(as_text=True)
    assert "登录名或密码不对" in page
    assert "My-wrong-password-1" not in page
    assert 'value="school&#34;&gt;&lt;b&gt;"' in page
    assert not visit.is_in


def test_who_is_in_is_not_asked_again(app: Flask) -> None:
    assert logged_in(app, "office").get("/login?next=/units/").location == "/units/"


def test_logging_in_as_somebody_else_ends_the_first_session(app: Flask) -> None:
    visit = logged_in(app, "office")
    first = visit.cookie
    token = visit.token()
    visit.client.post(
        "/login", data={"csrf_token": token, "username": "school", "password": PASSWORD}
    )
    assert "承办单位联络员" in text_of(visit.get("/"))
    assert not Visit(app).take(first).is_in


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/proposals/?q=1&sort=-number", "/proposals/?q=1&sort=-number"),
        ("/proposals/?q=斑马线", "/proposals/?q=斑马线"),
        ("/%2F/evil.example", "/%2F/evil.example"),
        (None, "/"),
        ("", "/"),
        ("proposals/", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/x\\..\\..", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("\t//evil.example", "/"),
        (" //evil.example", "/"),
        ("/\x00", "/"),
        ("/\x7f", "/"),
        ("/\u2028", "/"),
        ("/\u202e", "/"),
        ("http://evil.example", "/"),
        ("https:evil.example", "/"),
        ("http:///evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("data:text/html,x", "/"),
        ("/" + "x" * 3000, "/"),
    ],
)
def test_the_log_in_leads_to_pages_of_our_own_only(wanted: str | None, goes_to: str) -> None:
    assert safe_next(wanted) == goes_to


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_a_tempting_link_to_the_log_in_leads_to_the_front_page(visit: Visit, wanted: str) -> None:
    assert visit.log_in("office", path=f"/login?next={wanted}").location == "/"


# ---- going out


def test_the_cookie_from_before_the_log_in_is_worth_nothing_after_it(app: Flask) -> None:
    visit = Visit(app)
    planted = visit.token()
    before = visit.cookie
    visit.log_in("office")
    assert visit.cookie != before
    assert not Visit(app).take(before).is_in
    sent = {"csrf_token": planted, "name": "新单位"}
    assert visit.client.post("/units/new/", data=sent).status_code == 400


def leave(door: Door, visit: Visit) -> None:
    assert visit.post("/logout").location == "/login"


def leave_everywhere(door: Door, visit: Visit) -> None:
    assert visit.post("/account/sessions/end-all").location == "/login"


def leave_by_the_list(door: Door, visit: Visit) -> None:
    with door.truth() as session:
        own = session.scalars(select(models.UserSession.id)).one()
    assert visit.post(f"/account/sessions/{own}/end").location == "/login"


def change_password(door: Door, visit: Visit) -> None:
    sent = {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert visit.post("/account/password", **sent).location == "/"


def be_put_out_of_use(door: Door, visit: Visit) -> None:
    door.change("office", is_active=False)


def be_given_another_role(door: Door, visit: Visit) -> None:
    door.change("office", role=AUDITOR)


def be_given_a_first_password(door: Door, visit: Visit) -> None:
    admin = logged_in(visit.client.application, "admin")
    admin.post(f"/account/of/{door.id_of('office')}/first-password")


def be_put_out_by_the_administrator(door: Door, visit: Visit) -> None:
    admin = logged_in(visit.client.application, "admin")
    admin.post(f"/account/of/{door.id_of('office')}/end-sessions")


def be_idle(door: Door, visit: Visit) -> None:
    door.clock.pass_(minutes=30)


def work_too_long(door: Door, visit: Visit) -> None:
    for _ in range(48):
        assert visit.is_in
        door.clock.pass_(minutes=15)


ENDS = [
    leave,
    leave_everywhere,
    leave_by_the_list,
    change_password,
    be_put_out_of_use,
    be_given_another_role,
    be_given_a_first_password,
    be_put_out_by_the_administrator,
    be_idle,
    work_too_long,
]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_the_cookie_is_worth_nothing_afterwards(
    door: Door, app: Flask, end: Callable[[Door, Visit], None]
) -> None:
    visit = logged_in(app, "office")
    cookie = visit.cookie
    assert Visit(app).take(cookie).is_in
    end(door, visit)
    replayed = Visit(app).take(cookie)
    assert replayed.get("/proposals/").status_code == 302
    assert replayed.get("/proposals/").location.startswith("/login")
    replayed.take(cookie)
    door.change("office", is_active=True, role="交办督查")
    assert not replayed.is_in


def test_who_was_put_out_is_told_why_he_must_log_in_again(door: Door, app: Flask) -> None:
    visit = logged_in(app, "office")
    be_idle(door, visit)
    assert "登录已结束" in text_of(visit.client.get("/units/", follow_redirects=True))


def test_who_sent_a_form_too_late_is_led_back_to_it_and_told_that_it_was_not_saved(
    door: Door, app: Flask
) -> None:
    visit = logged_in(app, "office")
    sent = {"csrf_token": visit.token(), "name": "鱼峰区水利局"}
    be_idle(door, visit)
    answer = visit.client.post("/units/new/?sort_order=9", data=sent)
    assert answer.location == "/login?next=/units/new/?sort_order%3D9"
    assert "没有保存" in text_of(visit.client.get(answer.location))
    assert visit.client.post("/units/action/", data=sent).location == "/login"  # it has no page


def test_a_page_learns_who_is_logged_in_and_with_which_token_his_forms_are_taken(
    app: Flask,
) -> None:
    visit = logged_in(app, "office")
    told = visit.get("/account/alive").json
    sent = {"csrf_token": told["csrf_token"], "name": "鱼峰区水利局", "sort_order": "9"}
    assert visit.client.post("/units/new/", data=sent | {"kind": "政府部门"}).status_code == 302
    page = text_of(visit.get("/units/new/"))
    assert f'data-user="{told["user"]}"' in page


def test_typing_keeps_the_session_alive(door: Door, app: Flask) -> None:
    visit = logged_in(app, "school")
    for _ in range(10):
        door.clock.pass_(minutes=20)
        assert visit.get("/account/alive").json["logged_in"] is True
    assert visit.is_in
    be_idle(door, visit)
    assert visit.get("/account/alive").json == {"logged_in": False}


def test_the_log_in_record_names_what_happened(door: Door, app: Flask) -> None:
    visit = Visit(app)
    visit.log_in("office", "wrong")
    visit.log_in("office")
    change_password(door, visit)
    leave(door, visit)
    visit.log_in("office", NEW_PASSWORD)
    be_idle(door, visit)
    assert not visit.is_in
    assert door.events("office") == ["失败", "登录", "改密", "退出", "登录", "超时"]


# ---- the own password and sessions


def test_a_first_password_reaches_nothing_but_its_own_change(door: Door, app: Flask) -> None:
    door.change("admin", must_change_password=True)
    visit = logged_in(app, "admin")
    with app.test_request_context():
        urls = {
            rule.rule
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments
        }
    reached = {url for url in urls if visit.get(url).status_code == 200}
    assert reached == {"/account/password", "/account/alive"}
    assert visit.get("/users/").location == "/account/password"
    assert visit.get("/users/", Accept="application/json").status_code == 401
    before = door.counts()["units"]
    assert visit.post("/units/new/", name="新单位").location == "/account/password"
    assert door.counts()["units"] == before
    change_password(door, visit)
    assert visit.get("/users/").status_code == 200


def test_faults_of_a_new_password_stand_at_their_field(app: Flask) -> None:
    visit = logged_in(app, "school")
    page = text_of(visit.post("/account/password", current=PASSWORD, new="short", again="short"))
    assert "密码至少 10 个字符，现在是 5 个。" in page
    page = text_of(visit.post("/account/password", current=PASSWORD, new=NEW_PASSWORD, again="x"))
    assert "两次输入的新密码不一样。" in page
    sent = {"current": "wrong", "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert "现用密码不对。" in text_of(visit.post("/account/password", **sent))
    assert visit.is_in


def test_a_person_sees_his_browsers_and_puts_one_out(door: Door, app: Flask) -> None:
    here, there = logged_in(app, "school"), logged_in(app, "school")
    page = text_of(here.get("/account/sessions"))
    assert page.count(">退出</button>") == 2
    with door.truth() as session:
        _, second = session.scalars(select(models.UserSession.id).order_by("id"))
    here.post(f"/account/sessions/{second}/end")
    assert here.is_in
    assert not there.is_in


def test_nobody_puts_out_another_persons_browser(door: Door, app: Flask) -> None:
    housing = logged_in(app, "housing")
    with door.truth() as session:
        theirs = session.scalars(select(models.UserSession.id)).one()
    assert logged_in(app, "school").post(f"/account/sessions/{theirs}/end").status_code == 404
    assert housing.is_in


# ---- what an administrator does for others


def test_a_new_user_gets_a_first_password_and_comes_in(door: Door, app: Flask) -> None:
    admin = logged_in(app, "admin")
    form = text_of(admin.get("/users/new/"))
    assert "password" not in re.sub(r"csrf_token|/account/password", "", form)
    made = admin.post(
        "/users/new/", username="ganbu", full_name="莫小兰", role="交办督查", is_active="y"
    )
    assert made.location == f"/account/of/{door.id_of('ganbu')}/"
    next_step = text_of(admin.get(made.location))
    assert "已保存：莫小兰。下一步：在“登录与密码”里设初始密码，抄给本人。" in next_step
    assert "设初始密码</button>" in next_step
    assert "重置密码" not in next_step
    details = text_of(admin.get(f"/users/details/?id={door.id_of('ganbu')}"))
    link = re.search(r'href="(/account/of/\d+/)"', details)
    assert link
    assert "还没有密码，不能登录" in text_of(admin.get(link.group(1)))
    page = text_of(admin.post(f"{link.group(1)}first-password"))
    found = re.search(r"<code>(\S+)</code>", page)
    assert found
    first = found.group(1)
    assert "原来的登录" not in page  # there were none
    again = text_of(admin.get(link.group(1)))
    assert first not in again
    assert "重置密码</summary>" in again and "确定重置</button>" in again  # asked first
    newcomer = Visit(app)
    assert newcomer.log_in("ganbu", first).status_code == 302
    assert newcomer.get("/").location == "/account/password"


def test_the_auditor_reads_who_reset_whose_password(door: Door, app: Flask) -> None:
    admin, path = logged_in(app, "admin"), f"/account/of/{door.id_of('office')}/"
    admin.post(f"{path}first-password")
    admin.post(f"{path}end-sessions")
    page = text_of(logged_in(app, "auditor").get("/logins/?username=office"))
    rows = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in page.split("<tr")]
    for event in ("重置密码", "退出"):
        assert any("office" in row and f" {event} 系统管理员·admin " in row for row in rows)


def be_locked(visit: Visit) -> None:
    for _ in range(5):
        visit.log_in("office", "wrong")


def test_an_administrator_unlocks_on_the_screen(door: Door, app: Flask) -> None:
    be_locked(Visit(app))
    admin, path = logged_in(app, "admin"), f"/account/of/{door.id_of('office')}/"
    assert "已锁定至 09:15" in text_of(admin.get(path))
    admin.post(f"{path}unlock")
    assert "可以登录" in text_of(admin.get(path))
    assert logged_in(app, "office").is_in


def test_an_administrator_changes_his_own_password_like_everybody(door: Door, app: Flask) -> None:
    admin, path = logged_in(app, "admin"), f"/account/of/{door.id_of('admin')}/"
    assert "重置密码" not in text_of(admin.get(path))
    assert admin.post(f"{path}first-password").status_code == 403
    assert admin.is_in


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "admin"])
def test_nobody_else_touches_another_persons_password(door: Door, app: Flask, who: str) -> None:
    visit, path = logged_in(app, who), f"/account/of/{door.id_of('admin')}/"
    for action in ("first-password", "unlock", "end-sessions"):
        assert visit.post(path + action).status_code in (403, 404)
    assert visit.get(path).status_code in (403, 404)
    assert Visit(app).log_in("admin").status_code == 302


def test_the_last_administrator_stays_and_the_form_says_why(door: Door, app: Flask) -> None:
    admin = logged_in(app, "admin")
    path = f"/users/edit/?id={door.id_of('admin')}"
    seen = re.search(r'name="seen" value="([^"]+)"', text_of(admin.get(path)))
    assert seen
    sent = {"username": "admin", "full_name": "石磊", "role": "审计员", "is_active": "y"}
    answer = admin.post(path, seen=seen.group(1), **sent)
    assert "最后一位启用的系统管理员" in text_of(answer)
    assert admin.is_in


# ---- hashes


@pytest.mark.parametrize("who", ["admin", "office", "auditor"])
def test_no_page_shows_a_hash(door: Door, app: Flask, who: str) -> None:
    visit = logged_in(app, who)
    with door.truth() as session:
        tokens = set(session.scalars(select(models.UserSession.token_hash)))
    pages = []
    for name in models.by_table:
        every = ",".join(models.schema.tables[name].columns)
        pages.append(visit.get(f"/{name}/?columns={every}"))
        pages += [visit.get(f"/{name}/{page}/?id=1") for page in ("details", "edit")]
    texts = [text_of(page) for page in pages if page.status_code == 200]
    assert len(texts) > 10
    for text in texts:
        assert "argon2" not in text
        assert "密码摘要" not in text
        assert "令牌摘要" not in text
        assert not any(token in text for token in tokens)


@pytest.mark.parametrize(
    "trick", ["sort=password_hash", "password_hash=%24argon2", "sort=-token_hash"]
)
def test_a_hash_cannot_be_found_out_by_sorting_or_filtering(app: Flask, trick: str) -> None:
    admin = logged_in(app, "admin")
    for table in ("users", "user_sessions"):
        answer = admin.get(f"/{table}/?{trick}")
        assert answer.status_code == 400 or text_of(answer) == text_of(admin.get(f"/{table}/"))


# ---- commands


def test_the_first_administrator_is_made_by_a_command(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["create-admin", "boss", "--name", "石磊"])
    assert said.exit_code == 0
    first = re.search(r"初始密码：(\S+)", said.output)
    assert first
    visit = Visit(app)
    visit.log_in("boss", first.group(1))
    assert visit.get("/").location == "/account/password"
    again = app.test_cli_runner().invoke(args=["create-admin", "boss", "--name", "石磊"])
    assert again.exit_code == 1
    assert "登录名“boss”已被使用。" in again.output


def test_a_name_in_large_letters_is_refused_with_a_sentence(door: Door, app: Flask) -> None:
    before = door.counts()["users"]
    sent = {"username": "Office", "full_name": "石磊", "role": ADMIN, "is_active": "1"}
    page = text_of(logged_in(app, "admin").post("/users/new/", **sent))
    assert "登录名里的字母要用小写；登录时大小写都可以。" in page
    assert door.counts()["users"] == before


def test_a_forgotten_password_is_replaced_by_a_command_which_also_unlocks(app: Flask) -> None:
    for _ in range(5):
        Visit(app).log_in("admin", "wrong")
    assert Visit(app).log_in("admin", PASSWORD).status_code == 401
    said = app.test_cli_runner().invoke(args=["reset-password", "admin"])
    first = re.search(r"初始密码：(\S+)", said.output)
    assert first
    assert Visit(app).log_in("admin", first.group(1)).status_code == 302
    missing = app.test_cli_runner().invoke(args=["reset-password", "nobody"])
    assert (missing.exit_code, "没有登录名是“nobody”的用户。" in missing.output) == (1, True)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120.0 Safari/537 Edg/120.0",
            "Edge 120，Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko Firefox/115.0", "Firefox 115，Linux"),
        ("Mozilla/5.0 (Windows NT 6.1) Chrome/86.0 Safari/537.36", "Chrome 86，Windows"),
        ("curl/8.0", "未知浏览器"),
        ("", "未知浏览器"),
    ],
)
def test_a_browser_is_called_by_its_name(user_agent: str, name: str) -> None:
    assert name_of_browser(user_agent) == name
