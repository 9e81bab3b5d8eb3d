"""What the floor does with those who wait: patience, announcements, reserved agents, breaks, and the end of the day."""

from __future__ import annotations

from simulation.validation.by_hand import certain

__all__ = ["TARGETS", "TITLE"]

TITLE = "The floor: patience that goes along, agents kept back, late breaks, and the horizon"

TARGETS = (
    *certain(
        "overflow", "all calls",
        "Callers at 0, 10 and 15 s with 55 s of patience; after 30 s they pass on to a second queue, answered from 60 s on. The second is "
        "answered there after 50 s in all; the third hangs up at 70 s, after 55 s in all, whatever the patience of that queue. "
        "120 of 600 + 540 s are busy.",
        arrived=3, offered=3, handled=2, abandoned=1, service_level=1 / 3, abandonment=1 / 3, abandonment_without_short=1 / 3,
        wait_probability=2 / 3, asa_s=25, mean_wait_s=35, mean_wait_of_abandoned_s=55, max_wait_s=55, wait_p50_s=50, wait_p80_s=55,
        queue_length=105 / 600, occupancy=120 / 1140, staffed_agents=1.9),
    *certain(
        "overflow", "queue first", "three come, one is answered, two leave after 30 s",
        offered=3, handled=1, abandoned=0, mean_wait_s=20, max_wait_s=30),
    *certain(
        "overflow", "queue second", "two come; one is answered after 20 s, one hangs up after 25 s",
        offered=2, handled=1, abandoned=1, mean_wait_s=22.5, asa_s=20, mean_wait_of_abandoned_s=25),
    *certain(
        "told", "all calls",
        "The second caller of each queue is told one handle time. In the slow one that is 100 s, and they hang up at once. In the quick one it is "
        "100 s at a speed of 2, 50 s (those whose shift has not begun do not count), and they wait 49 s. Within 20 s: two answers and one hang-up "
        "of four. Talk 100 + 50 + 50 s.",
        arrived=4, offered=4, handled=3, abandoned=1, balked=1, short_abandoned=1, service_level=2 / 3, service_level_of_offered=2 / 4,
        service_level_of_handled=2 / 3, service_level_abandoned_count=3 / 4, abandonment=1 / 4, abandonment_without_short=0,
        mean_wait_of_abandoned_s=0, wait_probability=1 / 4, asa_s=49 / 3, mean_wait_s=49 / 4, max_wait_s=49, wait_p80_s=49, talk_s=200 / 3,
        menu_s=0.5, key_presses=1),
    *certain(
        "told", "queue slow", "two come, one hangs up at once", offered=2, handled=1, abandoned=1, balked=1, short_abandoned=1,
        service_level=1, service_level_abandoned_count=1, abandonment=1 / 2, abandonment_without_short=0),
    *certain("told", "queue quick", "two come and stay", offered=2, handled=2, abandoned=0, balked=0, max_wait_s=49),
    *certain(
        "told", "interval 1", "all four callers come in it", abandoned=1, balked=1, short_abandoned=1, service_level_abandoned_count=3 / 4,
        abandonment=1 / 4, abandonment_without_short=0, wait_probability=1 / 4, asa_s=49 / 3, mean_wait_s=49 / 4,
        mean_wait_of_abandoned_s=0, max_wait_s=49),
    *certain(
        "told_patience", "all calls",
        "60 s of patience, doubled by what is told: the second caller passes on after 90 s and hangs up after 120 s in all.",
        arrived=2, offered=2, handled=1, abandoned=1, mean_wait_of_abandoned_s=120, mean_wait_s=60, queue_length=120 / 600),
    *certain("told_patience", "queue second", "30 s of the 120 s are left", offered=1, abandoned=1, mean_wait_of_abandoned_s=30),
    *certain(
        "keep_idle", "all calls",
        "Of two agents one is kept for their own queue. Callers of the other one come at 0 and 10 s; the second waits until 60 s, though an "
        "agent is idle.",
        offered=2, handled=2, service_level=1 / 2, asa_s=25, max_wait_s=50, occupancy=120 / 1200),
    *certain(
        "late_break", "all calls",
        "A talk of 20 minutes begun at 08:25 goes on until 08:45. The break that was due at 08:30 begins then and keeps its 15 minutes, so who "
        "calls at 08:50 waits until 09:00. 75 of 90 minutes are staffed and 40 of them busy.",
        offered=2, handled=2, handed_over=0, asa_s=300, max_wait_s=600, service_level=1 / 2, staffed_agents=75 / 90, busy_agents=40 / 90,
        occupancy=40 / 75),
    *certain(
        "same_patience", "all calls",
        "Patience is 30 s for who calls in the first ten minutes, 300 s later. Who calls at 580 s hangs up at 610 s, calls again at 710 s and "
        "hangs up again after 30 s. On duty for 5 of 20 minutes.",
        arrived=2, offered=2, handled=0, abandoned=2, retries=1, attempts=2, abandonment=1, mean_wait_s=30, mean_wait_of_abandoned_s=30,
        service_level=0, queue_length=60 / 1200, staffed_agents=5 / 20, occupancy=0),
    *certain(
        "horizon", "all calls",
        "Talks of 60 s begin at 570 and 590 s and, for who has come at 595 s, at 630 s. Until 600 s, 30 + 10 s are busy; what is worked or idled "
        "afterwards counts nowhere.",
        arrived=3, offered=3, handled=3, asa_s=35 / 3, max_wait_s=35, talk_s=60, occupancy=40 / 1200, staffed_agents=2, busy_agents=40 / 600,
        queue_length=35 / 600),
    *certain("horizon", "group desk", "the only group: 40 of 1,200 s", handled=3, occupancy=40 / 1200, staffed_agents=2),
    *certain("horizon", "interval 2", "the last five minutes: 40 of 600 s", occupancy=40 / 600, staffed_agents=2, busy_agents=40 / 300),
)
