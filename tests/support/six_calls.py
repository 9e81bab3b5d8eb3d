"""A table of six calls whose measures are worked out by hand."""

from __future__ import annotations

from ivr.records.schema import outcome_code, result_code
from ivr.records.tables import Records
from tests.support.record_tables import filled
from tests.support.units import S

_CALLS = (
    # arrived, menu, key presses, outcome
    (0, 10, 1, "handled"),
    (60, 20, 2, "handled"),
    (120, 30, 0, "abandoned"),
    (1790, 40, 0, "handled"),
    (1900, 25, 0, "contained"),
    (2000, 0, -1, "blocked"),
)
_STEPS = ((0, 0, 0), (1, 0, 1), (1, 1, 2), (2, 0, 3), (4, 0, -1))


def six_calls(*, waits_s=(0, 30, 4, 20)):
    """Six calls in an hour of two half-hour intervals, one queue each for billing and tech.

    ====  =======  =====  ==================  =======  ====  ========  =====  ====
    call  arrived  menu   what happens        queue    wait  result    talk   ACW
    ====  =======  =====  ==================  =======  ====  ========  =====  ====
    0        0 s   10 s   handled             billing   0 s  handled   100 s  20 s
    1       60 s   20 s   handled, pressed 0  billing  30 s  handled   200 s  40 s
    2      120 s   30 s   hangs up            tech      4 s  abandoned
    3     1790 s   40 s   handled             tech     20 s  handled   300 s   0 s
    4     1900 s   25 s   contained
    5     2000 s    0 s   blocked
    ====  =======  =====  ==================  =======  ====  ========  =====  ====

    Call 3 arrives in the first interval and is offered (1830 s) in the second.
    """
    names = {"queue": ("billing", "tech"), "group": ("front", "second"), "step_outcome": ("1", "2", "0", "no_input")}
    steps = [{"call_id": call, "seq": seq, "outcome": outcome} for call, seq, outcome in _STEPS]
    return Records(_calls(), _visits(waits_s), filled("steps", steps), _agents(), horizon_us=3600 * S, names=names)


def _calls():
    return filled(
        "calls",
        [
            {
                "call_id": call,
                "arrived_us": arrived * S,
                "menu_us": menu * S,
                "key_presses": presses,
                "outcome": outcome_code(outcome),
                "zero_out": call == 1,
            }
            for call, (arrived, menu, presses, outcome) in enumerate(_CALLS)
        ],
    )


def _visits(waits_s):
    return filled(
        "visits",
        [
            _visit(0, 0, 10, waits_s[0], agent=0, group=0, talk_us=100 * S, acw_us=20 * S),
            _visit(1, 0, 80, waits_s[1], agent=0, group=0, talk_us=200 * S, acw_us=40 * S),
            _visit(2, 1, 150, waits_s[2]),
            _visit(3, 1, 1830, waits_s[3], agent=1, group=1, talk_us=300 * S),
        ],
    )


def _visit(call, queue, offered, wait, **answered):
    """A queue visit that is handled if an agent answered, else abandoned."""
    left = (offered + wait) * S
    moment = {"answered_us": left} if answered else {}
    return {
        "call_id": call,
        "queue": queue,
        "offered_us": offered * S,
        "left_us": left,
        "result": result_code("handled" if answered else "abandoned"),
        **moment,
        **answered,
    }


def _agents():
    first = {"on_us": 0, "off_us": 1800 * S, "staffed_us": 1800 * S, "busy_us": 300 * S, "wrap_us": 60 * S}
    second = {"on_us": 900 * S, "off_us": 3600 * S, "staffed_us": 2700 * S, "busy_us": 300 * S}
    return filled("agents", [{"agent": 0, "group": 0, **first}, {"agent": 1, "group": 1, **second}])
