"""Conferences: an agent asks a colleague into the talk."""

from __future__ import annotations

from simulation.validation.by_hand import certain

__all__ = ["TARGETS", "TITLE"]

TITLE = "Conferences: a colleague is asked into the talk"

TARGETS = (
    *certain(
        "conference",
        "all calls",
        "Callers of the desk at 0, 120 and 285 s talk 60 s, then an expert is asked. At 60 s one comes at once, until"
        " 100 s, and works until 110 s; the expert's caller of 105 s waits 5 s and talks to 210 s. At 180 s the desk"
        " asks again and gives up at 210 s, when the expert begins 10 s of work. The expert's caller of 250 s talks to"
        " 350 s; the desk asks at 345 s, and the expert comes at 360 s, after their work, until 400 s. Talks of 100, 90"
        " and 115 s at the desk, 100 s twice with the expert; 40 s twice and 4 x 10 s of work on top.",
        arrived=5,
        offered=5,
        handled=5,
        conferences_asked=3,
        conferences_joined=2,
        conference_wait_s=15 / 2,
        mean_wait_s=1,
        service_level=1,
        talk_s=505 / 5,
        acw_s=20 / 5,
        aht_s=525 / 5,
        occupancy=(305 + 280 + 40) / 1200,
        queue_length=5 / 600,
    ),
    *certain(
        "conference",
        "queue expert",
        "the colleagues' queue; two callers of its own",
        offered=2,
        handled=2,
        mean_wait_s=5 / 2,
        conferences_asked=3,
        conferences_joined=2,
        conference_wait_s=15 / 2,
    ),
    *certain("conference", "queue desk", "nobody is asked from there", offered=3, conferences_asked=0, talk_s=305 / 3),
    *certain(
        "conference", "group desk", "busy until the conference is over", handled=3, aht_s=305 / 3, occupancy=305 / 600
    ),
    *certain(
        "conference",
        "group expert",
        "100 + 100 s with callers, 40 + 40 s in conferences, 40 s of work",
        handled=2,
        aht_s=110,
        occupancy=320 / 600,
    ),
    *certain(
        "conference",
        "interval 1",
        "asked at 60 and 180 s",
        conferences_asked=2,
        conferences_joined=1,
        conference_wait_s=0,
    ),
    *certain(
        "conference",
        "interval 2",
        "asked at 345 s, joined at 360 s",
        conferences_asked=1,
        conferences_joined=1,
        conference_wait_s=15,
    ),
)
