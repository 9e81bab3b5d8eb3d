"""While the floor is out of reach, legs come again and statuses are reported again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from webhooks.dispatch.leg_addresses import LegAddresses
from webhooks.dispatch.leg_endpoints import leg_endpoints
from webhooks.security.sealed_cursor import Seal
from webhooks.store.database import OutOfReachError


def out_of_reach(offer: str, form: Mapping[str, str]) -> bytes:
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
