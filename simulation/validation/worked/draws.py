"""Random draws: days of the week, recorded calls, numbers that callers enter."""

from __future__ import annotations

from simulation.validation.by_hand import certain, drawn

__all__ = ["TARGETS", "TITLE"]

TITLE = "Draws: by date, once for each call, as stated"

TARGETS = (
    *drawn(
        "sunday",
        "all calls",
        "Saturday noon to midnight, 12 hours of 60 calls; on Sunday nobody calls",
        arrived=(720, 6),
        offered=(720, 6),
    ),
    *drawn(
        "volumes",
        "all calls",
        "140 calls for sales of 60 s and 140 for support of 120 s",
        arrived=(280, 3),
        talk_s=(90, 0.5),
    ),
    *drawn("volumes", "queue sales", "60 + 50 + 20 + 10 calls", offered=(140, 2)),
    *drawn("volumes", "queue support", "10 + 20 + 50 + 60 calls", offered=(140, 2)),
    *drawn(
        "volumes",
        "interval 1",
        "60 calls of 60 s and 10 of 120 s; with shares of the day they would last 90 s",
        arrived=(70, 2),
        talk_s=((60 * 60 + 10 * 120) / 70, 0.7),
    ),
    *drawn(
        "volumes",
        "interval 2",
        "50 calls of 60 s and 20 of 120 s",
        arrived=(70, 2),
        talk_s=((50 * 60 + 20 * 120) / 70, 0.7),
    ),
    *drawn(
        "volumes",
        "interval 4",
        "10 calls of 60 s and 60 of 120 s",
        arrived=(70, 2),
        talk_s=((10 * 60 + 60 * 120) / 70, 0.7),
    ),
    *certain(
        "history",
        "all calls",
        "Three days, each the one day of the file: 3 + 0 + 2 calls, not Poisson with that mean",
        arrived=5,
        handled=5,
    ),
    *certain("history", "interval 1", "as counted in the file", arrived=3),
    *certain("history", "interval 2", "as counted in the file", arrived=0),
    *certain("history", "interval 3", "as counted in the file", arrived=2),
    *drawn("profile", "interval 1", "three of four parts of 80", arrived=(60, 2)),
    *drawn("profile", "interval 2", "the fourth part of 80", arrived=(20, 1)),
    *certain(
        "own_records",
        "all calls",
        "Six recorded calls are two replications of three. Of the chosen one the third call is a second attempt, which"
        " the simulation makes itself.",
        arrived=2,
        retries=0,
        handled=2,
        occupancy=20 / 600,
    ),
    *certain(
        "entered",
        "all calls",
        "Three words and five further digits: 1.2 + 1 + 2 + 0.5 s; one press",
        menu_s=4.7,
        key_presses=1,
    ),
    *drawn("entered", "queue business", "one number in ten of 600 begins with 7", offered=(60, 2)),
    *drawn("entered", "queue desk", "the other nine in ten", offered=(540, 6)),
)
