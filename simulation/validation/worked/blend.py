"""Outbound calls that agents make while nobody waits for them."""

from __future__ import annotations

from simulation.validation.by_hand import certain

__all__ = ["TARGETS", "TITLE"]

TITLE = "Blend: agents who dial while nobody waits"

_KEPT = (
    "Three numbers, each 10 + 60 + 5 s; one of two agents must stay idle. The second dials from 0 to 75 s, the first"
    " takes the caller of 20 s, until 120 s. The caller of 25 s waits for the second, from 75 to 175 s, who then"
    " dials until 250 and 325 s."
)

TARGETS = (
    *certain(
        "blend",
        "all calls",
        f"{_KEPT} 200 + 225 of 1,200 s are busy.",
        arrived=2,
        offered=2,
        handled=2,
        outbound_made=3,
        outbound_reached=3,
        mean_wait_s=25,
        max_wait_s=50,
        service_level=1 / 2,
        talk_s=100,
        acw_s=0,
        occupancy=425 / 1200,
        outbound_occupancy=225 / 1200,
        busy_agents=425 / 600,
    ),
    *certain(
        "blend",
        "group desk",
        "the only group: as overall; no outbound call is handled, or in its AHT",
        handled=2,
        aht_s=100,
        outbound_made=3,
        outbound_reached=3,
        occupancy=425 / 1200,
        outbound_occupancy=225 / 1200,
    ),
    *certain(
        "blend",
        "interval 1",
        "all were dialled before 300 s; 75 + 75 + 50 of 600 s, and 200 s of callers",
        outbound_made=3,
        outbound_reached=3,
        occupancy=400 / 600,
        outbound_occupancy=200 / 600,
    ),
    *certain("blend", "interval 2", "the rest of the last one", outbound_made=0, outbound_occupancy=25 / 600),
    *certain(
        "blend_callback",
        "all calls",
        "One agent, numbers without end, 40 s of ringing that nobody answers. The caller of 10 s is promised a"
        " callback, which comes first when the agent is free: ringing from 40 to 55 s, talk to 155 s. Then the agent"
        " dials every 40 s, at 155, 195 ... 595 s: 1 + 12 numbers. They are never idle; 40 + 445 of 600 s go to"
        " outbound calls.",
        callbacks_promised=1,
        callbacks_reached=1,
        callback_wait_s=30,
        outbound_made=13,
        outbound_reached=0,
        occupancy=1,
        outbound_occupancy=485 / 600,
    ),
)
