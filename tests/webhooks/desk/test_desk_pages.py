"""What agents and supervisors are told: the call in hand, the way through the menu, queues, the day, notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.support.desk_pages import HOSTILE, Shop, shop, signed_in, told
from webhooks.desk.events import _mark
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.store.floor_tables import NOTES, WAITING, WORK
from webhooks.store.privacy import erase
from webhooks.store.tables import CALLBACKS, CALLS, ENDINGS, MESSAGES, VISITS


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Shop]:
    made = shop(tmp_path, held_s=0.0)
    yield made
    made.store.close()


@pytest.fixture
def sue(local: Shop) -> FlaskClient:
    return signed_in(local, "sue")


def test_a_call_from_offer_to_wrap_up(local: Shop, sue: FlaskClient) -> None:
    assert told(sue)["call"] is None
    assert sue.post("/desk/do/ready", json={}).status_code == 200
    local.caller("CA1", name=HOSTILE, waited_s=40)
    offer = local.offered()
    state = told(sue)
    call = state["call"]
    assert (state["me"]["state"], call["state"], call["queue"], call["kind"]) == ("offered", "ringing", "sales", "call")
    assert (call["name"], call["caller"], call["language"]) == (HOSTILE, "•••••••••123", "en-US")
    assert call["way"] == [{"node": "main", "words": "sales"}]
    assert call["values"] == [{"name": "order", "text": HOSTILE}, {"name": "card", "text": "••••••"}]
    assert 39 <= call["waited_us"] / 1e6 <= 45
    local.taken(offer)
    assert sue.post("/desk/do/note", json={"offer": offer, "text": f" {HOSTILE}\nagain "}).status_code == 200
    assert sue.post("/desk/do/note", json={"offer": offer, "text": "  "}).status_code == 409
    (note,) = told(sue)["call"]["notes"]
    assert (note["agent"], note["text"]) == ("sue", f"{HOSTILE}\nagain")
    assert sue.post("/desk/do/hang_up", json={"offer": offer}).status_code == 200
    assert sue.post("/desk/do/hang_up", json={"offer": offer}).status_code == 409
    state = told(sue)
    assert (state["me"]["state"], state["call"]["offer"]) == ("wrap_up", offer)  # the note can still be written
    assert state["me"]["until_us"] - state["me"]["since_us"] == 30_000_000
    assert (state["day"]["calls"], state["day"]["offers"][0]["words"]) == (1, "answered")
    assert state["day"]["talk_us"] == state["day"]["offers"][0]["talk_us"] > 0  # one talk, over: the sum is it
    assert sue.post("/desk/do/wrapped_up", json={}).status_code == 200
    assert told(sue)["call"] is None


def test_notes_follow_the_caller_by_the_hash_of_their_number(local: Shop, sue: FlaskClient) -> None:
    sue.post("/desk/do/ready", json={})
    local.caller("CA1")
    first = local.offered()
    local.taken(first)
    sue.post("/desk/do/note", json={"offer": first, "text": "wants a refund"})
    local.floor.talk_over(first)
    local.floor.wrap_up_done("sue")
    local.caller("CA2")
    local.offered()
    call = told(sue)["call"]
    assert (call["notes"], [note["text"] for note in call["earlier"]]) == ([], ["wants a refund"])


def test_transfers_say_why_they_cannot_be(local: Shop, sue: FlaskClient) -> None:
    sue.post("/desk/do/ready", json={})
    local.caller("CA1")
    offer = local.offered()
    local.taken(offer)
    answer = sue.post("/desk/do/transfer", json={"offer": offer, "to": "4155550123", "kind": "cold"})
    assert (answer.status_code, "country code" in answer.get_json()["said"]) == (409, True)
    assert sue.post("/desk/do/transfer", json={"offer": offer, "to": "repairs", "kind": "hot"}).status_code == 409
    assert sue.post("/desk/do/transfer", json={"offer": offer, "to": "repairs", "kind": "cold"}).status_code == 200
    assert local.floor.state_of("sue").state == "wrap_up"
    assert [one.queue for one in local.floor.waiting_now()] == ["repairs"]


def test_a_colleague_who_was_asked_goes_and_the_caller_stays(local: Shop, sue: FlaskClient) -> None:
    """By being sent back, or by leaving; afterwards somebody else can be asked, and the call ends as any other."""
    ben = signed_in(local, "ben")
    sue.post("/desk/do/ready", json={})
    local.caller("CA1")
    offer = local.offered()
    local.taken(offer)
    assert told(sue)["call"]["asked"] is None
    assert sue.post("/desk/do/take_back", json={"offer": offer}).get_json() == {"said": "Nobody is being asked."}
    ask = {"offer": offer, "to": "repairs", "kind": "warm"}
    for leaves in ("sent back while it rings", "sent back", "by himself"):
        ben.post("/desk/do/ready", json={})
        assert sue.post("/desk/do/transfer", json=ask).status_code == 200
        assert told(sue)["call"]["asked"] == {"queue": "repairs", "agent": "", "with_you": False}
        asked = local.offered()
        assert told(sue)["call"]["asked"] == {"queue": "repairs", "agent": "ben", "with_you": False}
        if leaves != "sent back while it rings":
            local.taken(asked)
            assert told(sue)["call"]["asked"] == {"queue": "repairs", "agent": "ben", "with_you": True}
        if leaves == "by himself":
            assert ben.post("/desk/do/hang_up", json={"offer": asked}).status_code == 200
        else:
            assert sue.post("/desk/do/take_back", json={"offer": offer}).status_code == 200
        assert (told(sue)["me"]["state"], told(sue)["call"]["asked"]) == ("talking", None), leaves
        ben.post("/desk/do/wrapped_up", json={})
        assert told(ben)["me"]["state"] == "ready"
    assert ben.post("/desk/do/take_back", json={"offer": offer}).status_code == 409  # it is not his call
    sue.post("/desk/do/hang_up", json={"offer": offer})
    assert local.floor.waiting_now() == []  # nobody brings the caller to those who were asked


def test_callbacks_are_listed_and_marked(local: Shop, sue: FlaskClient) -> None:
    promised = {"call_sid": "CA5", "seq": 3, "number": "+14155550123", "due": "hour", "queue": "sales", "at_us": 1}
    work = {"call_sid": "CA5", "seq": 3, "kind": "callback", "queue": "sales", "state": "open", "tries": 1, "at_us": 1}
    with local.store.transaction() as connection:
        connection.execute(sa.insert(CALLBACKS), [promised])
        connection.execute(sa.insert(WORK), [work | {"next_us": 2}])
    (one,) = told(sue)["work"]["callbacks"]
    assert (one["number"], one["queue"], one["due"], one["tries"]) == ("•••••••••123", "sales", "hour", 1)
    named = {"call_sid": "CA5", "seq": "3"}
    for posted in ({**named, "how": "well"}, {**named, "seq": "4", "how": "done"}, {"call_sid": "CA5", "seq": "x"}):
        assert sue.post("/desk/do/callback", json=posted).status_code == 409
    with local.store.transaction() as connection:
        connection.execute(sa.update(WORK).values(state="taken", agent="ana"))
    answer = sue.post("/desk/do/callback", json={**named, "how": "done"})
    assert (answer.status_code, answer.get_json()["said"]) == (409, "Somebody else has this callback.")
    with local.store.transaction() as connection:
        connection.execute(sa.update(WORK).values(state="open", agent=None))
    assert sue.post("/desk/do/callback", json={**named, "how": "again"}).status_code == 200
    (one,) = told(sue)["work"]["callbacks"]
    assert (one["state"], one["next_us"] > local.floor.now_us) == ("open", True)
    assert sue.post("/desk/do/callback", json={**named, "how": "done"}).status_code == 200
    assert told(sue)["work"]["callbacks"] == []


def test_voicemails_are_listed_heard_and_marked(local: Shop, sue: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    message = {"call_sid": "CA6", "seq": 2, "box": "evening", "length_us": 9_000_000, "at_us": 5}
    work = {
        "call_sid": "CA6",
        "seq": 2,
        "kind": "voicemail",
        "queue": "evening",
        "state": "open",
        "tries": 0,
        "at_us": 5,
    }
    with local.store.transaction() as connection:
        connection.execute(sa.insert(MESSAGES), [message | {"url": "https://api.twilio.com/RE1"}])
        connection.execute(sa.insert(WORK), [work | {"transcript": HOSTILE}])
    (one,) = told(sue)["work"]["voicemails"]
    assert (one["box"], one["length_us"], one["transcript"], one["number"]) == ("evening", 9_000_000, HOSTILE, "")
    monkeypatch.setattr(
        "webhooks.desk.work.voicemail_audio",
        lambda *named, kept: (b"sound", "audio/x-wav") if named[1] == "CA6" else None,
    )
    heard = sue.get("/desk/voicemails/CA6/2")
    assert (heard.data, heard.mimetype, heard.headers["Cache-Control"]) == (b"sound", "audio/x-wav", "no-store")
    part = sue.get("/desk/voicemails/CA6/2", headers={"Range": "bytes=1-2"})
    assert (part.status_code, part.data) == (206, b"ou")
    assert sue.get("/desk/voicemails/CA7/2").status_code == 404
    assert local.app.test_client().get("/desk/voicemails/CA6/2").status_code == 401
    assert sue.post("/desk/do/voicemail", json={"call_sid": "CA6", "seq": "3"}).status_code == 409
    assert sue.post("/desk/do/voicemail", json={"call_sid": "CA6", "seq": "2"}).status_code == 200
    assert told(sue)["work"]["voicemails"] == []


def test_queues_say_who_waits_and_which_are_mine(local: Shop, sue: FlaskClient) -> None:
    local.caller("CA1", queue="repairs", waited_s=90)
    local.caller("CA2", queue="repairs", waited_s=30)
    (sales, repairs) = told(sue)["queues"]
    assert (sales["waiting"], sales["since_us"], sales["mine"]) == (0, None, True)
    assert (repairs["waiting"], repairs["mine"]) == (2, False)
    waited_s = (local.floor.now_us - repairs["since_us"]) / 1e6
    assert 89 <= waited_s <= 95


def test_a_stream_tells_only_what_is_new(sue: FlaskClient) -> None:
    first = sue.get("/desk/events")
    assert first.headers["Content-Type"].startswith("text/event-stream")
    mark = first.get_data(as_text=True).partition("id: ")[2].partition("\n")[0]
    again = sue.get("/desk/events", headers={"Last-Event-ID": mark}).get_data(as_text=True)
    assert again == "retry: 1000\n\n: as before\n\n"
    assert _mark({"now_us": 1, "a": 2}) == _mark({"now_us": 9, "a": 2}) != _mark({"now_us": 1, "a": 3})


def test_an_open_page_is_a_sign_of_life(local: Shop, sue: FlaskClient) -> None:
    seen: list[str] = []
    local.floor.alive = lambda agent: seen.append(agent) or False  # type: ignore[method-assign, func-returns-value]
    told(sue)
    told(sue)
    assert seen == ["sue"]  # not at every look


def test_the_floor_of_supervisors(local: Shop, sue: FlaskClient) -> None:
    """Two calls today: one answered after 10 s, one hung up after 40 s. In time: 1 of 2 offered."""
    now_us = local.floor.now_us
    began = max(now_us - 300_000_000, now_us // 86_400_000_000 * 86_400_000_000)
    for sid, outcome, waited_s, result in (("CA8", "handled", 10, "handled"), ("CA9", "abandoned", 40, "abandoned")):
        call = {"call_sid": sid, "arrived_us": began, "outcome": outcome, "zero_out": False, "attempt": 1, "seq": 2}
        left_us = began + waited_s * 1_000_000
        call |= {"menu_left_us": began, "ended_us": left_us + 1, "last_us": left_us}
        visit = {"call_sid": sid, "seq": 1, "queue": "sales", "offered_us": began, "left_us": left_us, "result": result}
        with local.store.transaction() as connection:
            connection.execute(sa.insert(CALLS), [call])
            connection.execute(sa.insert(VISITS), [visit | {"waited_us": waited_s * 1_000_000}])
            connection.execute(sa.insert(ENDINGS), [{"call_sid": sid, "at_us": left_us + 1}])
    local.floor.ready("sue")
    local.caller("CA1", name="Bo")
    local.offered()
    state = told(sue, "/desk/floor/events")
    assert state["today"] == {"service_level": 0.5, "offered": 2.0, "handled": 1.0, "abandoned": 1.0, "asa_s": 10.0}
    by_name = {one["agent"]: one for one in state["agents"]}
    assert (by_name["sue"]["state"], by_name["sue"]["queue"], by_name["ana"]["state"]) == (
        "offered",
        "sales",
        "signed_out",
    )
    (waits,) = state["waiting"]
    assert (waits["caller"], waits["agent"]) == ("Bo", "Sue Park")
    assert [(row["agent"], row["what"]) for row in state["audit"]] == [("sue", "signed in")]


def test_somebody_taken_out_of_the_file_is_signed_out(local: Shop, sue: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "shop.agents.yaml"
    file.write_text(file.read_text("utf-8").replace("  sue:", "  zoe:"), "utf-8")
    local.people.again()
    assert sue.get("/desk").location == "/desk/sign-in"
    assert sue.get("/desk/events").status_code == 401


def test_what_agents_saw_and_wrote_of_a_caller_is_erased_with_their_calls(local: Shop, sue: FlaskClient) -> None:
    """Two callers of different numbers; everything of the first goes, everything of the second stays."""
    numbers = CallerNumbers(("a secret of sixteen characters or more",))
    sue.post("/desk/do/ready", json={})
    for sid, number in (("CA1", "+14155550123"), ("CA2", "+14155550199")):
        local.caller(sid, name="Bo")
        with local.store.transaction() as connection:
            connection.execute(sa.update(CALLS).where(CALLS.c.call_sid == sid).values(caller=numbers.kept(number)[0]))
        offer = local.offered()
        local.taken(offer)
        sue.post("/desk/do/note", json={"offer": offer, "text": f"note on {sid}"})
        local.floor.talk_over(offer)
        local.floor.wrap_up_done("sue")
    erased = erase(local.store, numbers, "+14155550123", local.floor.now_us).rows
    # Of the orders of the offer, that to ring is done and goes; that to move the caller stays until it is.
    assert {name: erased[name] for name in ("waiting", "offers", "notes", "orders")} == {
        "waiting": 1,
        "offers": 1,
        "notes": 1,
        "orders": 1,
    }
    with local.store.transaction() as connection:
        assert list(connection.scalars(sa.select(NOTES.c.text))) == ["note on CA2"]
        # The first call is not over for the floor, which keeps its row without what was told.
        assert list(connection.scalars(sa.select(WAITING.c.call_sid).where(WAITING.c.told != "{}"))) == ["CA2"]
