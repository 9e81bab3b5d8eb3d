"""Calls, doors and staffed time on weekends when clocks change."""

from __future__ import annotations

from simulation.validation.by_hand import certain, drawn

__all__ = ["TARGETS", "TITLE"]

TITLE = "Clocks: doors and shifts by the local clock, durations by elapsed time"
_DOOR = (
    "Open and staffed from 08:00 to 17:00 on both days. Of five callers three come while the clock shows opening hours"
    " and are answered at once; callers on Sunday at 07:59 and 17:01 hear that it is closed (1.2 s). "
)

TARGETS = (
    *certain(
        "clocks_back",
        "all calls",
        _DOOR + "Six agents for 18 of 49 hours, 180 s of talk.",
        arrived=5,
        closed=2,
        offered=3,
        handled=3,
        service_level=1,
        asa_s=0,
        menu_s=2.4 / 5,
        staffed_agents=6 * 18 / 49,
        occupancy=180 / (6 * 18 * 3600),
    ),
    *certain(
        "clocks_back",
        "interval 34",
        "Sunday 08:00 is 33 hours after Saturday 00:00: the hour from 01:00 has come twice.",
        arrived=1,
        handled=1,
        staffed_agents=6,
        occupancy=60 / 21600,
        busy_agents=60 / 3600,
    ),
    *certain(
        "clocks_back",
        "interval 33",
        "Sunday 07:00: one caller before the door opens, and nobody on duty.",
        arrived=1,
        closed=1,
        staffed_agents=0,
    ),
    *certain(
        "clocks_forward",
        "all calls",
        _DOOR + "Six agents for 18 of 47 hours, 180 s of talk.",
        arrived=5,
        closed=2,
        offered=3,
        handled=3,
        service_level=1,
        asa_s=0,
        menu_s=2.4 / 5,
        staffed_agents=6 * 18 / 47,
        occupancy=180 / (6 * 18 * 3600),
    ),
    *certain(
        "clocks_forward",
        "interval 32",
        "Sunday 08:00 is 31 hours after Saturday 00:00: the hour from 02:00 does not come.",
        arrived=1,
        handled=1,
        staffed_agents=6,
        occupancy=60 / 21600,
        busy_agents=60 / 3600,
    ),
    *certain(
        "night_shift",
        "all calls",
        "From Saturday noon to Monday noon 49 hours pass. The shift from 22:00 to 06:00 lasts 9 hours on the night on"
        " which the hour from 01:00 comes twice, and 8 hours on the next.",
        staffed_agents=10 * 17 / 49,
    ),
    *drawn("night_shift", "all calls", "60 calls in each hour that passes", arrived=(60 * 49, 10)),
    *certain("night_shift", "interval 1", "noon to noon, 25 hours", staffed_agents=10 * 9 / 25),
    *drawn("night_shift", "interval 1", "60 calls in each of 25 hours", arrived=(60 * 25, 8)),
    *certain("night_shift", "interval 2", "noon to noon, 24 hours", staffed_agents=10 * 8 / 24),
    *drawn("night_shift", "interval 2", "60 calls in each of 24 hours", arrived=(60 * 24, 8)),
)
