"""The paths that callers take, and how their calls end."""

from __future__ import annotations

from simulation.validation.by_hand import certain, drawn

__all__ = ["TARGETS", "TITLE"]

TITLE = "Callers' paths: they press what they hear"

TARGETS = (
    *certain(
        "repeat",
        "all calls",
        "One agent talks 60 s. A caller at 0 s is handled and settled. One at 10 s hangs up after 30 s, tries again two"
        " minutes later, at 160 s, and is handled until 220 s. The matter is not settled: they call five minutes later,"
        " at 520 s, and are handled until 580 s. Three calls are the most they make.",
        arrived=4,
        offered=4,
        handled=3,
        abandoned=1,
        retries=1,
        repeats=1,
        attempts=2,
        occupancy=180 / 1200,
    ),
    *certain("repeat", "interval 1", "all four come within ten minutes", arrived=4, retries=1, repeats=1),
    *certain("repeat", "interval 2", "nobody calls a fourth time, at 880 s", arrived=0, retries=0, repeats=0),
    *certain(
        "ways_out",
        "all calls",
        "Eight callers, each of whom presses the key whose words lead to what they want. The times are told: contained."
        " The branch is dialled: transferred_out. A message, a callback that is booked, a door that is shut, a hangup"
        " that says failed. One hangs up where all do; one presses 0. Presses: one each, one more to confirm the number"
        " to call back, one more for the 0: 10 of 8.",
        arrived=8,
        contained=1,
        transferred_out=1,
        voicemail=1,
        callback=1,
        closed=1,
        failed=1,
        abandoned_in_menu=1,
        turned_away=0,
        blocked=0,
        zero_outs=1,
        containment=1 / 8,
        share_abandoned_in_menu=1 / 8,
        share_zero_out=1 / 8,
        offered=1,
        handled=1,
        key_presses=10 / 8,
    ),
    *certain(
        "ways_out",
        "interval 1",
        "the eight come within the first five minutes",
        contained=1,
        transferred_out=1,
        voicemail=1,
        callback=1,
        failed=1,
        abandoned_in_menu=1,
        zero_outs=1,
        containment=1 / 8,
        share_abandoned_in_menu=1 / 8,
        share_zero_out=1 / 8,
        key_presses=10 / 8,
    ),
    *certain(
        "by_intent",
        "all calls",
        "Five callers. One dials the number for orders, which leads to sales without a menu. The others know the menu"
        " and press at once (1.5 s); the tier of two of them is gold, that of the other two is in no case.",
        arrived=5,
        offered=5,
        handled=5,
        menu_s=4 * 1.5 / 5,
        key_presses=4 / 5,
    ),
    *certain("by_intent", "queue gold", "the two whose tier is gold", offered=2, handled=2),
    *certain("by_intent", "queue plain", "the two of another tier", offered=2, handled=2),
    *certain("by_intent", "queue sales", "the one who dials the number for orders", offered=1, handled=1),
    *certain(
        "queue_behind",
        "all calls",
        "Five callers want bills (3.1 s to hear key 1 and press), two outages (5.3 s) and three the desk, whose key is"
        " announced last (9.5 s): 54.6 s of 10 calls. Nobody chooses the queue of bills because it leads to the"
        " desk after 5 s.",
        arrived=10,
        offered=10,
        handled=10,
        menu_s=5.46,
        key_presses=1,
    ),
    *certain(
        "queue_behind", "interval 1", "one call every 20 s, the last at 180 s", arrived=10, menu_s=5.46, key_presses=1
    ),
    *certain("queue_behind", "queue bills", "five callers of ten want it", offered=5, handled=5),
    *certain("queue_behind", "queue outages", "two callers of ten want it", offered=2, handled=2),
    *certain("queue_behind", "queue desk", "three callers of ten want it", offered=3, handled=3),
    *drawn(
        "stated",
        "all calls",
        "Where the scenario states that three in four press 1 (3.1 s) and one presses 3 (9.5 s), they do, whatever"
        " they want.",
        menu_s=(0.75 * 3.1 + 0.25 * 9.5, 0.03),
    ),
    *certain("stated", "all calls", "every caller presses one key", key_presses=1),
    *drawn("stated", "queue bills", "three quarters of 600, though half want it", offered=(450, 5)),
    *drawn("stated", "queue desk", "the other quarter", offered=(150, 3)),
    *certain(
        "closed_door",
        "all calls",
        "Nobody knows before they hear it that the shop is closed on Saturdays. Three press its key (3.5 s) and are"
        " told so (1.6 s); two hear both options and the price (5.7 + 1.6 s): 29.9 s of 5 calls.",
        arrived=5,
        closed=3,
        contained=2,
        containment=2 / 5,
        offered=0,
        menu_s=29.9 / 5,
        key_presses=1,
    ),
    *drawn(
        "split",
        "all calls",
        "Three in ten are drawn into version a and get what they want: 3.5 s for the key, 2 s of news. For the others"
        " version b is drawn for good, and no key leads to the news: at each of the two menus half press 1 (3.5 s) and"
        " come to the other menu, half press 2 (6.1 s) and join the queue. From there on it takes them x = (3.5 + x) /"
        " 2 + 6.1 / 2 = 9.6 s and y = 1 + y / 2 = 2 presses.",
        containment=(0.3, 0.004),
        menu_s=(3.5 + 0.3 * 2 + 0.7 * 9.6, 0.06),
        key_presses=(1 + 0.7 * 2, 0.02),
    ),
    *drawn(
        "told_no",
        "all calls",
        "Half hear of their outage: 3.5 s for the key, 1 s to look it up, 2.4 s of news. The others have been told that"
        " there is none and do not try again: they press what the flow says callers press there, one in five another"
        " place (3.5 s), four in five the desk (6.1 s). With c, x and y what is still to come there, c = 0.2 (0.5 +"
        " 0.5 c), x = 0.8 * 6.1 + 0.2 (3.5 + 1 + 0.5 * 2.4 + 0.5 x) and y = 1 + 0.2 * 0.5 y.",
        containment=(0.5 + 0.5 * 0.1 / 0.9, 0.005),
        menu_s=(5.7 + 0.5 * 6.02 / 0.9, 0.04),
        key_presses=(1 + 0.5 / 0.9, 0.006),
    ),
    *drawn(
        "zero",
        "all calls",
        "600 calls. A quarter of them press 0 without listening (1.5 s). The others press 1 (3.5 s), and a quarter of"
        " these hang up at the end of the news (1.2 s).",
        arrived=(600, 5),
        zero_outs=(150, 3),
        share_zero_out=(0.25, 0.004),
        containment=(0.75 * 0.75, 0.005),
        abandoned_in_menu=(112.5, 3),
        share_abandoned_in_menu=(0.75 * 0.25, 0.004),
        menu_s=(0.25 * 1.5 + 0.75 * 4.7, 0.02),
    ),
    *certain("zero", "all calls", "every caller presses one key", key_presses=1),
)
