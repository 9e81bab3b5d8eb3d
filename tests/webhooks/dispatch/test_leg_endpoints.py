"""While the floor is out of reach, legs come again and statuses are reported again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest

from tests.support.floor_phones import desk
from webhooks.dispatch.leg_addresses import LegAddresses
from webhooks.dispatch.leg_endpoints import leg_endpoints
from webhooks.security.sealed_cursor import Seal
from webhooks.store.database import OutOfReachError


def out_of_reach(offer: str, form: Mapping[str, str]) -> bytes:
    raise OutOfReachError("no answer")


def out_of_reach_now() -> NoReturn:
    raise OutOfReachError("no answer")


def test_a_floor_out_of_reach_loses_neither_a_leg_nor_a_status() -> None:
    addresses = LegAddresses("https://ivr.example.com", Seal(("a secret of sixteen characters or more",)))
    paths = ("/callback", "/agent/key", "/callback/status")
    answers = leg_endpoints(addresses, dict.fromkeys(paths, out_of_reach), instead={"/agent/key": "/agent"})
    sealed = addresses.of("/callback", "o1").partition("?c=")[2].partition("#")[0]
    assert b"<Redirect" in answers["/callback"]({}, sealed)
    assert b"https://ivr.example.com/callback?" in answers["/callback"]({}, sealed)
    assert b"https://ivr.example.com/agent?" in answers["/agent/key"]({}, sealed)
    with pytest.raises(OutOfReachError):
        answers["/callback/status"]({}, sealed)


def test_the_end_of_a_call_that_the_floor_cannot_note_is_reported_again(tmp_path: Path) -> None:
    """The caller hangs up while the database is away. The records are kept in memory; the floor has no other memory."""
    with desk(str(tmp_path / "calls.sqlite")) as line:
        caller = line.caller()
        (waiting,) = line.floor.waiting_now()
        with pytest.MonkeyPatch.context() as away:
            away.setattr(line.floor.store, "transaction", out_of_reach_now)
            assert caller.ask("/status", CallStatus="ringing") == "204 NO CONTENT"
            assert caller.ask("/status", CallStatus="completed") == "503 SERVICE UNAVAILABLE"
        assert [one.call_sid for one in line.floor.waiting_now()] == [waiting.call_sid]
        assert caller.ask("/status", CallStatus="completed") == "204 NO CONTENT"
        assert line.floor.waiting_now() == []
