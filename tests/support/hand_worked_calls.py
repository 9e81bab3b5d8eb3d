"""Ten calls with every measure worked out by hand, and their reports as text."""

from __future__ import annotations

import numpy as np
from lxml import html

from ivr.records.measures import sums
from ivr.records.schema import OUTCOMES, RESULTS
from ivr.records.tables import Records, empty_table
from simulation.report.html import render
from tests.support.units import S


def records(*, waits_s, queues=("billing", "tech"), agents=True):
    """Ten calls, one every six minutes of an hour: each wait is one offered call, 60 s talk; the rest is contained.

    Even calls go to the first queue. A negative wait means that the caller hung up after that time.
    """
    calls = empty_table("calls", 10)
    calls["call_id"] = np.arange(10)
    calls["arrived_us"] = np.arange(10) * 360 * S
    calls["menu_us"][:] = 10 * S
    visits = empty_table("visits", len(waits_s))
    for i, wait in enumerate(waits_s):
        handled = wait >= 0
        offered = int(calls["arrived_us"][i]) + 10 * S
        left = offered + abs(wait) * S
        calls["outcome"][i] = OUTCOMES.index("handled" if handled else "abandoned")
        row = {
            "call_id": i,
            "queue": i % 2,
            "offered_us": offered,
            "left_us": left,
            "result": RESULTS.index("handled" if handled else "abandoned"),
        }
        if handled:
            row |= {"answered_us": left, "agent": 0, "group": 0, "talk_us": 60 * S}
        for name, value in row.items():
            visits[name][i] = value
    staff = empty_table("agents", 1 if agents else 0)
    if agents:
        staff["off_us"][:] = staff["staffed_us"][:] = 3600 * S
        staff["busy_us"][:] = 60 * S * sum(wait >= 0 for wait in waits_s)
    return Records(
        calls, visits, empty_table("steps"), staff, horizon_us=3600 * S, names={"queue": queues, "group": ("front",)}
    )


def parts(*each, **more):
    return [sums(records(waits_s=waits, **more), interval_us=1800 * S) for waits in each]


WAITS = (0, 5, 90, 10, -40, 20, 0, 0)  # calls 0..4 are offered before half past, 5..7 after
DATA = {"title": "A day", "starts_at_s": 8 * 3600}


def of(report):
    return html.document_fromstring(render(report))


def text(page):
    return " ".join(page.text_content().replace("\N{NO-BREAK SPACE}", " ").split())
