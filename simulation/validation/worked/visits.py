"""Visits to queues and the callers who make them: who counts how often when a call is full, overflowed, passed on or promised."""

from __future__ import annotations

from simulation.validation.by_hand import certain

__all__ = ["TARGETS", "TITLE"]

TITLE = "Visits and callers: one wait for one agent counts once"

TARGETS = (
    *certain(
        "full", "all calls",
        "Callers at 0, 10, 20 and 400 s; talk 60 s and work 10 s. The first is answered, the second waits from 10 to 70 s, the third finds no "
        "room and is answered at once in the second queue, the fourth is answered. One of four waits, 60 s; 280 of 1,200 s are busy.",
        arrived=4, offered=4, handled=4, abandoned=0, full=1, service_level=3 / 4, service_level_of_offered=3 / 4,
        service_level_of_handled=3 / 4, service_level_abandoned_count=3 / 4, wait_probability=1 / 4, asa_s=15, mean_wait_s=15, max_wait_s=60,
        wait_p50_s=0, wait_p80_s=60, wait_p95_s=60, queue_length=60 / 600, talk_s=60, acw_s=10, aht_s=70, occupancy=280 / 1200,
        staffed_agents=2, busy_agents=280 / 600),
    *certain(
        "full", "queue first", "all four come to it and it answers three, two of them in time",
        offered=4, handled=3, full=1, service_level=2 / 4, service_level_of_offered=2 / 4, service_level_of_handled=2 / 3,
        wait_probability=1 / 4, asa_s=20, mean_wait_s=15, max_wait_s=60, wait_p50_s=0, wait_p80_s=60, wait_p95_s=60, queue_length=60 / 600,
        talk_s=60, acw_s=10, aht_s=70),
    *certain("full", "queue second", "offered anew to the one who found no room", offered=1, handled=1, full=0, service_level=1, asa_s=0),
    *certain("full", "group first", "three talks of 60 s with 10 s of work, in 600 s", handled=3, asa_s=20, acw_s=10, aht_s=70, occupancy=210 / 600, busy_agents=210 / 600),
    *certain("full", "interval 1", "three of the four callers", arrived=3, offered=3, full=1, service_level=2 / 3, service_level_of_offered=2 / 3,
             service_level_of_handled=2 / 3, queue_length=60 / 300, acw_s=10, aht_s=70),
    *certain("full", "interval 2", "the last of the four callers", arrived=1, offered=1, full=0, service_level=1, queue_length=0),
    *certain(
        "transfer", "all calls",
        "Callers at 0, 100 and 200 s talk 60 s and are passed on to a second tier, which talks 120 s and has no room to wait. The second "
        "caller, passed on at 160 s while the first talks until 180 s, finds it full. Offered 3 + 3, handled 3 + 2; talk 3 x 60 + 2 x 120 s of 5. "
        "Who was answered before is not turned away.",
        arrived=3, offered=6, handled=5, full=1, turned_away=0, closed=0, contained=0, abandoned=0, service_level=5 / 6, asa_s=0,
        talk_s=420 / 5, occupancy=420 / 1200),
    *certain(
        "transfer_promised", "all calls",
        "The same with a callback: the second caller, passed on at 160 s, is promised one, rung from 180 to 195 s and talks to 315 s. Offered "
        "and handled 2 + 1; who was answered before has ended as handled, not with a callback.",
        arrived=2, offered=3, handled=3, callback=0, callbacks_promised=1, callbacks_reached=1, callback_wait_s=20, service_level=1,
        talk_s=240 / 3, occupancy=(120 + 120 + 135) / 1200),
    *certain("transfer", "queue tier2", "three are passed on; one finds it full", offered=3, handled=2, full=1, service_level=2 / 3),
    *certain("transfer", "group tier2", "two talks of 120 s", handled=2, talk_s=120),
    *certain(
        "handed_over", "all calls",
        "A talk of 300 s begins at 480 s. At 600 s the shift ends; at 720 s the next one goes on with what is left, 180 s. One caller, "
        "handled once, whose wait for the first agent was 0 and for the second 120 s; 300 of 600 + 1,080 s are busy.",
        arrived=1, offered=1, handled=1, handed_over=1, handed_over_wait_s=120, asa_s=0, mean_wait_s=0, wait_probability=0, max_wait_s=0,
        service_level=1, queue_length=120 / 1800, talk_s=300, acw_s=0, aht_s=300, occupancy=300 / 1680, staffed_agents=1680 / 1800,
        busy_agents=300 / 1800),
    *certain("handed_over", "group early", "the first part, and no caller of its own", handled=0, occupancy=120 / 600),
    *certain("handed_over", "group late", "the group that finishes", handled=1, talk_s=180, occupancy=180 / 1080),
    *certain("handed_over", "queue desk", "the only queue: as overall", offered=1, handled=1, handed_over=1, handed_over_wait_s=120, talk_s=300),
    *certain(
        "handed_over", "interval 1", "where the caller came: with all that becomes of them", handed_over=1, handed_over_wait_s=120, talk_s=300,
        occupancy=120 / 600),
    *certain("handed_over", "interval 2", "on duty from 720 to 1,200 s of 600 to 1,200 s", staffed_agents=480 / 600, occupancy=180 / 480),
    *certain(
        "handed_over_lost", "all calls",
        "Nobody goes on with the talk that is cut at 600 s, and the caller hangs up a minute later: offered and abandoned once, after that "
        "minute; 120 of 600 s are busy.",
        arrived=1, offered=1, handled=0, abandoned=1, handed_over=1, handed_over_wait_s=60, mean_wait_of_abandoned_s=60, mean_wait_s=0,
        abandonment=1, service_level=0, queue_length=60 / 1800, occupancy=120 / 600),
    *certain(
        "callback", "all calls",
        "The agent talks from 0 to 100 s. Who comes at 10 and at 20 s would wait, and is promised a callback: not offered. The first is rung "
        "from 100 to 115 s and talks to 215 s, the second from 215 to 230 s, to 330 s: 90 and 195 s after the promise, one of them within "
        "3 minutes.",
        arrived=3, offered=1, handled=1, abandoned=0, callback=2, callbacks_promised=2, callback_attempts=2, callbacks_reached=2,
        callback_reached_share=1, callback_level=1 / 2, callback_wait_s=(90 + 195) / 2, promise_wait_s=0, service_level=1, mean_wait_s=0,
        queue_length=0, talk_s=100, occupancy=330 / 600),
    *certain(
        "callback", "queue desk", "the only queue: as overall", offered=1, callbacks_promised=2, callback_attempts=2,
        callbacks_reached=2, callback=2, callback_reached_share=1, callback_level=1 / 2, callback_wait_s=142.5, promise_wait_s=0),
    *certain(
        "callback", "interval 1", "where they were promised, though the second is rung in it and talks beyond it", callback=2, callbacks_promised=2,
        callback_attempts=2, callbacks_reached=2, callback_reached_share=1, callback_level=1 / 2, callback_wait_s=142.5),
    *certain(
        "callback_missed", "all calls",
        "The one who is promised a callback is rung from 100 to 115 s and, a minute later, from 175 to 190 s: 100 + 30 busy seconds.",
        arrived=2, offered=1, handled=1, callback=1, callbacks_promised=1, callback_attempts=2, callbacks_reached=0, callback_reached_share=0,
        callback_level=0, occupancy=130 / 600),
    *certain(
        "callback_later", "all calls",
        "After 30 s in the queue the second caller presses 1 to be called back: not offered, 30 s on the line. One press of two callers.",
        arrived=2, offered=1, handled=1, callback=1, callbacks_promised=1, callback_attempts=0, promise_wait_s=30, mean_wait_s=0,
        queue_length=30 / 600, key_presses=1 / 2, service_level=1),
    *certain("callback_later", "queue desk", "the only queue: as overall", offered=1, callbacks_promised=1, promise_wait_s=30, queue_length=30 / 600),
    *certain("callback_later", "interval 1", "where they joined the queue", callbacks_promised=1, promise_wait_s=30, queue_length=30 / 300),
    *certain(
        "full_promised", "all calls", "The second caller finds no room and books a callback: not offered, and full all the same.",
        arrived=2, offered=1, handled=1, full=1, callback=1, callbacks_promised=1, promise_wait_s=0, service_level=1, wait_probability=0),
    *certain(
        "message", "all calls", "After 30 s in the queue the second caller leaves a message: offered, neither handled nor abandoned.",
        arrived=2, offered=2, handled=1, abandoned=0, voicemail=1, turned_away=0, service_level=1 / 2, mean_wait_s=15, asa_s=0, max_wait_s=30),
    *certain("message", "queue desk", "the only queue: as overall", offered=2, handled=1, voicemail=1, abandoned=0),
    *certain(
        "turned_away", "all calls",
        "After 30 s in the queue the second caller is hung up on, calls again at 100 s and is hung up on again: neither contained nor abandoned.",
        arrived=3, offered=3, handled=1, abandoned=0, contained=0, turned_away=2, retries=1, attempts=3 / 2, containment=0, abandonment=0,
        service_level=1 / 3, mean_wait_s=20),
    *certain("turned_away", "interval 1", "all three calls come in it", turned_away=2, retries=1, attempts=3 / 2, mean_wait_s=20),
    *certain(
        "cleared", "all calls",
        "Two agents talk when a third caller comes 5 s before the doors close: offered, neither handled nor abandoned.",
        arrived=3, offered=3, handled=2, abandoned=0, closed=1, service_level=2 / 3, service_level_of_handled=1, mean_wait_s=5 / 3,
        max_wait_s=5),
    *certain("cleared", "queue desk", "the only queue: as overall", offered=3, handled=2, closed=1),
    *certain(
        "busy_line", "all calls",
        "One line, held from 0 to 60 s. Who calls at 10 s and again 30 s later hears the busy signal twice.",
        arrived=3, blocked=2, blocking=2 / 3, offered=1, handled=1, retries=1, attempts=3 / 2),
    *certain("busy_line", "interval 1", "all three calls come in it", blocked=2, blocking=2 / 3),
)
