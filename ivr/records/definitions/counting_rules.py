"""How each thing that happens to a caller is counted, in words that the documentation prints.

Data that complements ``ivr.records.definitions.all_measures``. Tests work out each row by hand.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CONVENTIONS", "COUNTING", "Counted"]


class Counted(NamedTuple):
    """One thing that happens, and how it is counted.

    Parameters
    ----------
    what : str
    result : str
        Result of the visit, one of RESULTS; several separated by commas.
    overall : str
        How it counts overall and by interval.
    by_queue : str
        How it counts by queue.
    agents : str
        How it counts by group, and in agents' time.
    """

    what: str
    result: str
    overall: str
    by_queue: str
    agents: str


COUNTING = (
    Counted(
        "An agent answers and finishes the talk",
        "handled",
        "offered and handled once; within the threshold if the wait until the first answer is",
        "the same, with the wait in this queue",
        "handled in the group that finishes; time where it is worked",
    ),
    Counted(
        "The caller hangs up while waiting",
        "abandoned",
        "offered and abandoned once, with all their waits",
        "the same, with the waits in this queue",
        "",
    ),
    Counted(
        "The queue is full",
        "full",
        "if another queue follows: one wait with it, not offered again; if not: offered, neither handled nor"
        " abandoned; counted in `full` each time",
        "offered and not handled in the full queue, offered anew in the next",
        "",
    ),
    Counted(
        "The wait reaches its limit, or a key leaves it, and another queue follows",
        "overflowed",
        "one wait with the next queue, the waits added up; time between the queues is not part of it",
        "offered and not handled in the first queue, offered anew in the next",
        "",
    ),
    Counted(
        "The wait reaches its limit, or a key leaves it, and no queue follows, even if the line hangs up",
        "timeout, voicemail, closed",
        "offered, neither handled nor abandoned",
        "the same",
        "",
    ),
    Counted(
        "The caller is transferred after a talk",
        "handled",
        "handled; offered again for the next agent, and so in every measure of waits and handling twice",
        "offered in each queue",
        "handled in each group",
    ),
    Counted(
        "A shift ends and the talk is handed over",
        "handed_over",
        "one with what follows: offered and handled once, the talk being the sum of its parts; the wait ends at the"
        " first answer, later waits count in `handed_over_wait_s` and `queue_length`; a caller who hangs up then is"
        " abandoned, with all their waits",
        "the same",
        "handled in the group that finishes, or nowhere; each part of the talk where it is worked",
    ),
    Counted(
        "The caller is promised a callback, at once or after a wait",
        "callback",
        "not offered, so in no share and no mean of waits; counted in `callbacks_promised` and `promise_wait_s`, the"
        " wait in `queue_length`",
        "the same; a full queue whose callers are promised a callback counts in `full` as well",
        "",
    ),
    Counted(
        "An agent calls back a caller whose place was kept",
        "unreached, or handled with called_back",
        "`callback_attempts`, each in the interval of the promise; reached once at most",
        "in the queue of the promise",
        "not handled, in no AHT; ringing, talk and ACW are busy time",
    ),
    Counted(
        "An agent asks a colleague into a talk",
        "joined, or unjoined if nobody comes in time",
        "not offered, not handled; `conferences_asked`, `conferences_joined` and `conference_wait_s`, in the interval"
        " in which the colleague is asked",
        "in the colleague's queue",
        "not handled, in no AHT of the colleague; both agents are busy, and the talk of the first lasts until the end",
    ),
    Counted(
        "A desk takes the caller out of the queue by the carrier's REST API (live, `redirected`)",
        "handled",
        "handled; the talk lasts until the call is over",
        "the same",
        "",
    ),
    Counted(
        "The queue closes while the caller waits", "closed", "offered, neither handled nor abandoned", "the same", ""
    ),
)
"""Every way in which a visit goes on or ends."""

CONVENTIONS = (
    (
        "A wait of exactly the threshold is within it. A queue may have a threshold of its own; a wait that passes"
        " through several queues is judged by that of the queue in which it ends. If nobody passes on, those in time"
        " are the sum of those of the queues."
    ),
    (
        "Calls count in the interval of their arrival; waits, with everything that becomes of them, in the interval in"
        " which the caller was first offered; callbacks in that of the promise; agents' time in the intervals in which"
        " it passes. What is offered after the horizon counts in the last interval."
    ),
    (
        "Intervals add up to the total in every count. Groups add up to it in `handled`, in talk and ACW, and in"
        " agents' time, if every agent has a group. Queues add up to it only if no caller goes from one to another"
        " without an agent."
    ),
    (
        "Offered = handled + abandoned + those who left the queue otherwise (voicemail, time-out, full, closed). "
        "Callers who join a queue = offered + callbacks promised. Arrived = the calls of all outcomes."
    ),
    (
        "Agents' time counts from the end of the warm-up to the horizon, overall, by interval and by group. Work and"
        " idle time after the horizon, for callers who still wait, is neither staffed nor busy. An exact occupancy"
        " means the same. The table `agents` keeps all of it."
    ),
    (
        "A half-width is Student's t times the standard error over replications: of the linearised ratio, and so of the"
        " plain mean for `max_wait_s` and for counts. Differences of scenarios are taken replication by replication."
        " With ten or twenty replications of very uneven days, a 95 % interval contains the mean only 90 to 94 % of"
        " the time, for example that of the longest wait, or of the ASA of a nearly overloaded floor. More"
        " replications bring it back to 95 %."
    ),
    (
        "A quantile is that of the waits of all replications together. Its half-width is Woodruff's: the interval of"
        " the share within the bound, read off the distribution of waits; its longer side counts. There is none where"
        " that reaches beyond all waits."
    ),
)
"""Rules that hold for all measures."""
