"""Chats: several in hand at once, each of which takes longer then."""

from __future__ import annotations

from simulation.validation.by_hand import certain

__all__ = ["TARGETS", "TITLE"]

TITLE = "Chats: several in hand at once, each of which takes longer then"

_TWO = (
    "60 s of talk and 10 s of work after it, half as long again with two in hand. A (0 s) has 30 s left when B comes at"
    " 30 s, so ends at 75 s and is done at 90 s. B has 30 s left then, 20 s alone; C has waited since 40 s and makes"
    " them 30 s: B ends at 120 s and is done at 135 s. C has 45 s left then, 30 s alone: it ends at 165 s and is done"
    " at 175 s. Talks of 75, 90 and 75 s, work of 15, 15 and 10 s: 280 s of chats in 175 s."
)
_CALL = (
    "Two chats at once, or a call alone. Chats of 0 and 20 s: the first has 40 s left at 20 s and ends at 80 s, the"
    " second at 100 s. Only then the call of 10 s is taken, until 160 s; the chat of 110 s waits until then and lasts"
    " to 220 s. 280 s of chats and call in 220 s; the slots: 20 + 2 x 60 + 20 + 2 x 60 + 60 = 340 of 600 s."
)
_SHIFT = (
    "300 s of talk. A (0 s) has 240 s left at 60 s, when B comes; at the end of the shift, 120 s, they have 200 and 260"
    " s left, and the next agent takes both over: A until 420 s (200 x 1.5), when B has 60 s left, until 480 s."
)

TARGETS = (
    *certain(
        "chats",
        "all calls",
        _TWO,
        handled=3,
        mean_wait_s=50 / 3,
        max_wait_s=50,
        talk_s=80,
        acw_s=40 / 3,
        aht_s=280 / 3,
        staffed_agents=1,
        busy_agents=175 / 300,
        occupancy=175 / 300,
        concurrency=280 / 175,
        slot_occupancy=280 / 600,
    ),
    *certain(
        "chats",
        "group desk",
        "the only group: as overall",
        aht_s=280 / 3,
        concurrency=280 / 175,
        slot_occupancy=280 / 600,
    ),
    *certain(
        "chats",
        "interval 1",
        f"{_TWO} Until 150 s: 30 + 2 x 105 + 15 s of chats.",
        occupancy=1,
        concurrency=255 / 150,
        slot_occupancy=255 / 300,
    ),
    *certain("chats", "interval 2", "the last 25 s of C", occupancy=25 / 150, concurrency=1, slot_occupancy=25 / 300),
    *certain(
        "chats_and_calls",
        "all calls",
        _CALL,
        handled=4,
        mean_wait_s=(90 + 50) / 4,
        occupancy=220 / 300,
        concurrency=280 / 220,
        slot_occupancy=340 / 600,
    ),
    *certain("chats_and_calls", "queue chat", _CALL, handled=3, mean_wait_s=50 / 3, talk_s=(80 + 80 + 60) / 3),
    *certain("chats_and_calls", "queue call", _CALL, handled=1, mean_wait_s=90, talk_s=60),
    *certain(
        "chats_handed_over",
        "all calls",
        _SHIFT,
        handled=2,
        handed_over=2,
        handed_over_wait_s=0,
        talk_s=420,
        occupancy=1 - 120 / 600,
        concurrency=(60 + 2 * 60 + 2 * 300 + 60) / 480,
    ),
    *certain("chats_handed_over", "group late", _SHIFT, handled=2, talk_s=(300 + 360) / 2, occupancy=360 / 480),
    *certain(
        "chats_handed_over", "group early", _SHIFT, handled=0, occupancy=1, concurrency=180 / 120, slot_occupancy=3 / 4
    ),
)
