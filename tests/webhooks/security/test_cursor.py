"""The sealed conversation: exact round trip, unreadable, bound to its call, always the same bytes."""

from __future__ import annotations

import base64
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.interpreter.session import Session
from webhooks.security.sealed_cursor import LONG, LONGEST, Cursor, CursorError, Seal

SEAL = Seal(("a secret of the tests",))
SESSION = Session(
    node="billing",
    language="en-US",
    attempt=2,
    reason="no_input",
    history=("main", "billing"),
    stack=(("sub", 1),),
    values=(("account", "712345678"), ("ani", "+14155550123")),
    steps=9,
    idle=2,
    seq=4,
)
CURSOR = Cursor(SESSION, "0123456789abcdef", rows=8, visits=1)


@pytest.mark.parametrize("put_off", [0, 1, 12])
def test_a_cursor_comes_back_as_it_was(put_off: int) -> None:
    cursor = replace(CURSOR, put_off=put_off)
    assert SEAL.open(SEAL.close(cursor, "CA1"), "CA1") == cursor


def test_the_same_state_gives_the_same_text_and_another_state_another() -> None:
    assert SEAL.close(CURSOR, "CA1") == SEAL.close(CURSOR, "CA1") == Seal(SEAL.secrets).close(CURSOR, "CA1")
    assert SEAL.close(CURSOR, "CA1") != SEAL.close(CURSOR, "CA2")
    assert SEAL.close(CURSOR, "CA1") != SEAL.close(Cursor(SESSION, CURSOR.digest, rows=9, visits=1), "CA1")


def test_nothing_can_be_read_in_it() -> None:
    text = SEAL.close(CURSOR, "CA1")
    sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for secret in (b"712345678", b"billing", b"4155550123", b"en-US", b"0123456789abcdef"):
        assert secret not in sealed
        assert secret not in text.encode()


def test_a_stolen_cursor_opens_in_no_other_call() -> None:
    with pytest.raises(CursorError, match="of another call"):
        SEAL.open(SEAL.close(CURSOR, "CA1"), "CA2")


def test_every_changed_character_is_noticed() -> None:
    text = SEAL.close(CURSOR, "CA1")
    for position in range(len(text) - 1):  # the last character may hold padding bits that mean nothing
        other = "A" if text[position] != "A" else "B"
        with pytest.raises(CursorError):
            SEAL.open(text[:position] + other + text[position + 1 :], "CA1")


@pytest.mark.parametrize(
    "text",
    ["", "x", "A" * 24, "A" * 25, "=" * 40, "é" * 40, "A" * (LONGEST + 1), "../" * 20, "A" * 40 + "\n", "A B" * 20],
)
def test_what_was_not_made_here_is_refused(text: str) -> None:
    with pytest.raises(CursorError):
        SEAL.open(text, "CA1")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=24, max_size=300))
def test_no_text_is_a_cursor_by_chance(text: str) -> None:
    with pytest.raises(CursorError):
        SEAL.open(text, "CA1")


def test_a_secret_can_be_replaced_while_calls_are_in_progress() -> None:
    old, new = "the old secret of us", "the new secret of us"
    text = Seal((old,)).close(CURSOR, "CA1")
    assert Seal((new, old)).open(text, "CA1") == CURSOR
    assert Seal((new, old)).close(CURSOR, "CA1") == Seal((new,)).close(CURSOR, "CA1") != text
    with pytest.raises(CursorError):
        Seal((new,)).open(text, "CA1")


def test_a_cursor_of_another_version_is_damaged_not_a_crash() -> None:
    class OtherVersion(Session):
        def to_json(self) -> str:
            return '{"node": 7}'

    with pytest.raises(CursorError, match="another version"):
        SEAL.open(SEAL.close(Cursor(OtherVersion(), "0123456789abcdef"), "CA1"), "CA1")


def test_the_address_stays_short_until_a_flow_keeps_very_much() -> None:
    chance = random.Random(1)

    def with_values(count: int, length: int) -> Cursor:
        digits = ("".join(chance.choice("0123456789") for _ in range(length)) for _ in range(count))
        return Cursor(
            Session(node="menu", language="en-US", values=tuple((f"value_{i:02}", d) for i, d in enumerate(digits))),
            "0" * 16,
        )

    assert len(SEAL.close(CURSOR, "CA1")) < 250
    assert len(SEAL.close(with_values(30, 64), "CA1")) < LONG  # thirty values with the most digits a caller can enter
    # Six of the longest values, 3,840 digits of log2(10) bits, are 1,595 bytes: 2,126 characters of base64 at the
    # least.
    assert LONG < 2_126 <= len(SEAL.close(with_values(6, 640), "CA1")) < LONGEST
    assert len(SEAL.close(with_values(30, 640), "CA1")) > LONGEST


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=50).filter(lambda s: s < "\ud800" or s > "\udfff"))
def test_any_text_a_caller_leaves_comes_back(value: str, node: str) -> None:
    encodable = value.encode("utf-8", "replace").decode(), node.encode("utf-8", "replace").decode()
    cursor = Cursor(Session(node=encodable[1], values=(("text", encodable[0]),)), "0" * 16)
    assert SEAL.open(SEAL.close(cursor, "CA1"), "CA1") == cursor
