"""Who gets in at the desk, what they may do, and what every answer carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flows.model.load import load_text
from tests.support.desk_pages import PEOPLE, Shop, shop
from tests.support.small_shop import LINE
from webhooks.desk import sign_in_limit
from webhooks.desk.audit import audited
from webhooks.desk.desk import Desk, desk
from webhooks.desk.sessions import begin
from webhooks.desk.softphone import Softphone
from webhooks.store.switch_states import SwitchStates

PUBLIC = "https://desk.example"
GOOD = "correct horse battery"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
"""A hash that is looked at quickly: its settings are those that it was made with."""
LOCKED = re.sub(r"(ana|sue|ben): \{", rf'\1: {{password_hash: "{HASH}", ', PEOPLE)
SITE = {"base_url": PUBLIC}


@pytest.fixture
def public(tmp_path: Path) -> Iterator[Shop]:
    made = shop(tmp_path, public_url=PUBLIC, people=LOCKED, held_s=0.0)
    yield made
    made.store.close()


def signs_in(client: FlaskClient, name: str, password: str = GOOD, **headers: str) -> TestResponse:
    page = client.get("/desk/sign-in", **SITE).get_data(as_text=True)
    (token,) = re.findall(r'name="csrf" value="([^"]+)"', page)
    form = {"name": name, "password": password, "csrf": token}
    return client.post("/desk/sign-in", data=form, headers=headers, **SITE)


def token_of(client: FlaskClient) -> str:
    (token,) = re.findall(r'name="csrf" content="([^"]+)"', client.get("/desk", **SITE).get_data(as_text=True))
    return token


def does(client: FlaskClient, what: str, posted: dict[str, str] | None = None, **headers: str) -> TestResponse:
    return client.post(f"/desk/{what}", json=posted or {}, headers=headers, **SITE)


def test_a_password_opens_the_desk_and_a_cookie_keeps_it_open(public: Shop) -> None:
    client = public.app.test_client()
    assert client.get("/desk", **SITE).location == "/desk/sign-in"
    answer = signs_in(client, "ana")
    assert (answer.status_code, answer.location) == (303, "/desk")
    (cookie,) = (each for each in answer.headers.getlist("Set-Cookie") if each.startswith("ivr_desk="))
    kept = set(cookie.split("; ")[1:])
    assert kept >= {"HttpOnly", "SameSite=Strict", "Secure", "Path=/desk", "Max-Age=43200"}
    assert "Ana Ruiz" in client.get("/desk", **SITE).get_data(as_text=True)
    assert public.floor.state_of("ana").state == "paused"
    assert client.get("/desk/sign-in", **SITE).location == "/desk"


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "wrong horse battery"), ("nobody", GOOD), ("chi", ""), ("", "")]
)
def test_wrong_names_and_passwords_say_the_same(public: Shop, name: str, password: str) -> None:
    answer = signs_in(public.app.test_client(), name, password)
    assert answer.status_code == 403
    assert "Name or password is wrong." in answer.get_data(as_text=True)


def test_after_ten_failures_even_the_right_password_waits(public: Shop) -> None:
    client = public.app.test_client()
    client.get("/desk/sign-in", **SITE)
    for n in range(sign_in_limit.FOR_A_NAME):
        # As another worker would, whose tries count too.
        assert sign_in_limit.wait_s(public.store, "ana", f"192.0.2.{n}", public.floor.now_us) == 0
    answer = signs_in(client, "ana")
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 890) == (429, True)
    assert "Too many tries. Please wait 15 minutes." in answer.get_data(as_text=True)
    assert signs_in(client, "ben").status_code == 303


def test_the_address_is_the_one_that_the_proxy_of_this_machine_has_added(public: Shop) -> None:
    """What a client claims to be stands before it and counts for nothing."""
    client = public.app.test_client()
    for n in range(sign_in_limit.FOR_AN_ADDRESS):
        assert sign_in_limit.wait_s(public.store, f"name {n}", "198.51.100.7", public.floor.now_us) == 0
    assert signs_in(client, "ana", **{"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}).status_code == 429
    assert signs_in(client, "ana", **{"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}).status_code == 303


def test_a_form_of_another_site_signs_nobody_in(public: Shop) -> None:
    client = public.app.test_client()
    assert signs_in(client, "ana", Origin="https://evil.example").status_code == 403
    form = {"name": "ana", "password": GOOD, "csrf": "made up"}
    assert client.post("/desk/sign-in", data=form, **SITE).status_code == 403
    assert client.get("/desk", **SITE).status_code == 302


def test_every_post_needs_the_token_of_the_page(public: Shop) -> None:
    client = public.app.test_client()
    assert does(client, "do/ready").status_code == 401
    signs_in(client, "ana")
    token = token_of(client)
    assert does(client, "do/ready").status_code == 403
    assert does(client, "do/ready", **{"X-CSRF": "x" * 43}).status_code == 403
    assert does(client, "do/ready", **{"X-CSRF": token, "Origin": "https://evil.example"}).status_code == 403
    assert does(client, "do/ready", **{"X-CSRF": token, "Sec-Fetch-Site": "same-site"}).status_code == 403
    assert public.floor.state_of("ana").state == "paused"
    assert does(client, "do/ready", **{"X-CSRF": token, "Origin": PUBLIC}).status_code == 200
    assert public.floor.state_of("ana").state == "ready"
    assert client.post("/desk/sign-out", **SITE).status_code == 403
    assert client.post("/desk/do/ready", data="ready", headers={"X-CSRF": token}, **SITE).status_code == 415
    assert does(client, "do/no_such_thing", **{"X-CSRF": token}).status_code == 404


def test_signing_out_ends_the_sign_in_and_the_shift(public: Shop) -> None:
    client = public.app.test_client()
    signs_in(client, "ana")
    cookie = client.get_cookie("ivr_desk", path="/desk", domain="desk.example")
    assert cookie is not None
    client.post("/desk/sign-out", data={"csrf": token_of(client)}, **SITE)
    assert public.floor.state_of("ana").state == "signed_out"
    client.set_cookie("ivr_desk", cookie.value, path="/desk", domain="desk.example", secure=True)
    assert client.get("/desk", **SITE).location == "/desk/sign-in"  # the token is worth nothing any more


def test_agents_do_not_get_at_others(public: Shop) -> None:
    client = public.app.test_client()
    signs_in(client, "ana")
    token = token_of(client)
    assert client.get("/desk/floor", **SITE).status_code == 403
    assert client.get("/desk/floor/events", **SITE).status_code == 403
    for what in ("pause", "ready", "sign_out", "password", "switch"):
        assert does(client, f"floor/do/{what}", {"agent": "ben"}, **{"X-CSRF": token}).status_code == 403
    assert audited(public.store) == []


def test_the_call_of_another_agent_is_nobodys_business(public: Shop) -> None:
    client = public.app.test_client()
    public.floor.sign_in("sue")
    public.floor.ready("sue")
    public.caller("CA1")
    offer = public.offered()
    signs_in(client, "ana")
    token = {"X-CSRF": token_of(client)}
    for what in ("decline", "hang_up", "transfer", "note"):
        assert (
            does(
                client, f"do/{what}", {"offer": offer, "to": "repairs", "kind": "cold", "text": "x"}, **token
            ).status_code
            == 409
        )
    assert public.floor.state_of("sue").state == "offered"


def test_supervisors_act_on_others_and_it_is_kept(public: Shop) -> None:
    client = public.app.test_client()
    for agent in ("ana", "ben"):
        public.floor.sign_in(agent)
        public.floor.ready(agent)
    of_ana = begin(public.store, "ana")
    signs_in(client, "sue")
    token = {"X-CSRF": token_of(client)}
    assert does(client, "floor/do/pause", {"agent": "ben"}, **token).status_code == 200
    assert public.floor.state_of("ben").reason == "by Sue Park"
    assert does(client, "floor/do/ready", {"agent": "ben"}, **token).status_code == 200
    assert does(client, "floor/do/sign_out", {"agent": "ana"}, **token).status_code == 200
    assert public.floor.state_of("ana").state == "signed_out"
    other = public.app.test_client()
    other.set_cookie("ivr_desk", of_ana, path="/desk", domain="desk.example", secure=True)
    assert other.get("/desk/events", **SITE).status_code == 401
    assert does(client, "floor/do/pause", {"agent": "nobody"}, **token).status_code == 409
    kept = [(row["agent"], row["what"], row["about"]) for row in audited(public.store)]
    assert kept == [
        ("sue", "signed out", "ana"),
        ("sue", "made ready", "ben"),
        ("sue", "paused", "ben"),
        ("sue", "signed in", None),
    ]


def test_a_supervisor_turns_a_switch_and_it_is_kept(public: Shop) -> None:
    client = public.app.test_client()
    signs_in(client, "sue")
    token = {"X-CSRF": token_of(client)}
    on = {"name": "storm", "state": "on", "message": "Trees on the road.", "until": "2h"}
    assert does(client, "floor/do/switch", on).status_code == 403  # without the token of the page
    assert SwitchStates(public.store).now() == {}
    assert does(client, "floor/do/switch", on, **token).status_code == 200
    kept = SwitchStates(public.store).now()["storm"]
    assert (kept.turned_on, kept.messages, kept.by_whom) == (True, {"en-US": "Trees on the road."}, "Sue Park")
    assert kept.until_us == kept.at_us + 2 * 3_600_000_000
    page = client.get("/desk/floor", **SITE).get_data(as_text=True)
    assert 'id="switches"' in page
    events = client.get("/desk/floor/events", **SITE).get_data(as_text=True)
    assert '"name": "storm", "on": true' in events or '"name":"storm","on":true' in events
    for wrong, why in (
        ({"name": "strom"}, "The line has no switch 'strom': did you mean 'storm'?."),
        ({"name": "storm", "state": "on", "until": "noon"}, "Until 'noon' is not a time: "),
    ):
        answer = does(client, "floor/do/switch", wrong, **token)
        assert answer.status_code == 409
        assert answer.get_json()["said"].startswith(why.removesuffix("."))
    assert does(client, "floor/do/switch", {"name": "storm", "state": "off"}, **token).status_code == 200
    assert not SwitchStates(public.store).now()["storm"].turned_on
    assert [(row["agent"], row["what"]) for row in audited(public.store)][:2] == [
        ("sue", "switched off"),
        ("sue", "switched on"),
    ]


def test_every_answer_has_the_headers(public: Shop) -> None:
    client = public.app.test_client()
    signs_in(client, "ana")
    for path in ("", "/sign-in", "/events", "/static/desk.js", "/static/desk.css", "/look.css", "/floor"):
        headers = client.get(f"/desk{path}", buffered=True, **SITE).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"


def test_no_page_has_code_or_style_within_it(public: Shop) -> None:
    client = public.app.test_client()
    pages = [client.get("/desk/sign-in", **SITE).get_data(as_text=True)]
    signs_in(client, "sue")
    pages += [client.get(path, **SITE).get_data(as_text=True) for path in ("/desk", "/desk/floor")]
    for page in pages:
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page) == []


def test_on_this_machine_people_choose_their_name(tmp_path: Path) -> None:
    local = shop(tmp_path)
    client = local.app.test_client()
    page = client.get("/desk/sign-in").get_data(as_text=True)
    assert "On this machine nobody needs a password" in page
    (token,) = re.findall(r'name="csrf" value="([^"]+)"', page)
    answer = client.post("/desk/sign-in", data={"name": "chi", "csrf": token})
    assert answer.status_code == 303
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "without passwords" in client.get("/desk").get_data(as_text=True)
    assert client.post("/desk/sign-in", data={"name": "nobody", "csrf": token}).status_code == 403
    local.store.close()


def test_only_who_answers_in_the_browser_gets_a_token_and_may_only_be_called(public: Shop, tmp_path: Path) -> None:
    """The token says who they are, for an hour; it names no application, so it places no calls."""
    secret = "the secret of an API key, of 32 characters or more"
    phone = Softphone("AC" + "0" * 32, "SK" + "1" * 32, secret)
    app = Flask("soft", static_folder=None)
    flow = load_text(LINE, "shop.yaml").flow
    app.register_blueprint(desk(Desk(lambda: flow, public.store, public.people, public.floor, PUBLIC, softphone=phone)))
    client = app.test_client()
    assert does(client, "softphone/token").status_code == 401
    signs_in(client, "sue")
    assert does(client, "softphone/token").status_code == 403
    page = client.get("/desk", **SITE)
    assert "/desk/static/voice-sdk.min.js" in page.get_data(as_text=True)
    policy = page.headers["Content-Security-Policy"]
    assert "connect-src 'self' https://eventgw.twilio.com wss://voice-js.roaming.twilio.com" in policy
    assert "script-src 'self';" in policy
    token = does(client, "softphone/token", **{"X-CSRF": token_of(client)}).get_json()["token"]
    told = jwt.decode(token, secret, algorithms=["HS256"])
    assert (told["iss"], told["sub"], told["exp"] - told["nbf"]) == ("SK" + "1" * 32, "AC" + "0" * 32, 3_600)
    assert told["grants"] == {"identity": "sue", "voice": {"incoming": {"allow": True}}}
    client = app.test_client()
    signs_in(client, "ana")  # by telephone
    assert "voice-sdk" not in client.get("/desk", **SITE).get_data(as_text=True)
    assert does(client, "softphone/token", **{"X-CSRF": token_of(client)}).status_code == 404
