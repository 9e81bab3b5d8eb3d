"""Agents and lines: chosen at random, fractions of agents, pauses, place by the age of the call."""

from __future__ import annotations

from simulation.validation.by_hand import certain, drawn

__all__ = ["TARGETS", "TITLE"]

TITLE = "Agents and lines: chosen at random, fractions of agents, pauses, place by the age of the call"

_EQUAL = "30 calls an hour of 60 s are half an agent's work, and two agents alike share it equally"
_PAUSES = (
    "Talk 0-60 s, pause 60-90 s, talk 90-150 s with the caller who came at 50 s, pause 150-180 s. 120 s are busy and"
    " 60 s paused of 600 s on duty; a pause is neither work nor time in which calls could come: 120 of 540 s."
)

TARGETS = (
    *drawn("random_choice", "group left", _EQUAL, occupancy=(0.25, 0.005)),
    *drawn("random_choice", "group right", _EQUAL, occupancy=(0.25, 0.005)),
    *drawn(
        "fraction",
        "all calls",
        "60 calls an hour of 30 s are half an agent's work. On half of all days one agent is there, on the others two:"
        " Erlang C says 1/2 and 1/10 for the chance to wait, 30 s and 2 s for the wait; 1.5 agents on average. A day of"
        " 8 h begins without calls and ends with 30 s or 16 s of work undone, 30 s for each call in line and in"
        " service: 23 s are missing on average.",
        wait_probability=(0.3, 0.03),
        mean_wait_s=(16, 2.3),
        staffed_agents=(1.5, 0.08),
        busy_agents=(0.5 - 23 / 28_800, 0.01),
    ),
    *certain(
        "pauses",
        "all calls",
        _PAUSES,
        handled=2,
        asa_s=20,
        max_wait_s=40,
        aht_s=60,
        staffed_agents=1,
        busy_agents=120 / 600,
        paused_agents=60 / 600,
        occupancy=120 / 540,
    ),
    *certain("pauses", "group desk", _PAUSES, paused_agents=60 / 600, occupancy=120 / 540, staffed_agents=1),
    *certain("pauses", "interval 1", "all of it is in the first 300 s", paused_agents=60 / 300, occupancy=120 / 240),
    *certain("pauses", "interval 2", "nobody calls any more", paused_agents=0, occupancy=0, staffed_agents=1),
    *certain(
        "time_in_system",
        "queue tier2",
        "The expert is busy until 100.5 s with the second caller, who joined at 0.5 s. The third has waited since"
        " 30.5 s; the first is passed on at 60.5 s, but called first: they wait 40 s, and the third until 200.5 s,"
        " 170 s (by time in the queue 140 and 70 s)",
        offered=3,
        handled=3,
        max_wait_s=170,
        mean_wait_s=70,
        asa_s=70,
    ),
)
