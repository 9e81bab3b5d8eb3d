"""What happens to a caller, and where it counts: the words behind the sums, for people; the documentation prints them.

Kept beside ``ivr.records.definitions`` as data. Tests work each row by hand.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CONVENTIONS", "COUNTING", "Counted"]


class Counted(NamedTuple):
    """One thing that happens, and how it counts.

    Parameters
    ----------
    what : str
    result : str
        Of the visit, one of RESULTS.
    overall : str
        Overall and by interval.
    by_queue : str
    agents : str
        By group, and in agents' time.
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
        "offered and abandoned once, after all that they waited",
        "the same, with the waits in this queue",
        "",
    ),
    Counted(
        "The queue is full",
        "full",
        "with another queue after it: one wait with it, not offered again; without: offered, neither handled nor"
        " abandoned; counted in `full` each time",
        "offered and not handled in the full queue, offered anew in the next",
        "",
    ),
    Counted(
        "The wait reaches its limit, or a key leaves it, and another queue follows",
        "overflowed",
        "one wait with the next queue, the waits added up; time between the queues is no wait",
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
        "one with what follows: offered and handled once, the talk being the sum of its parts; the wait is that until"
        " the first answer, what is waited afterwards counts in `handed_over_wait_s` and `queue_length`; who hangs up"
        " then is abandoned after all of it",
        "the same",
        "handled in the group that finishes, or nowhere; each part of the talk where it is worked",
    ),
    Counted(
        "The caller is promised a callback, at once or after a wait",
        "callback",
        "not offered: in no share and no mean of waits; `callbacks_promised` and `promise_wait_s`, and the wait in"
        " `queue_length`",
        "the same; a full queue whose callers are promised a callback counts in `full` as well",
        "",
    ),
    Counted(
        "An agent rings a caller whose place was kept",
        "unreached, or handled with called_back",
        "`callback_attempts`, each in the interval of the promise; reached once at most",
        "in the queue of the promise",
        "not handled, in no AHT; ringing, talk and ACW are busy time",
    ),
    Counted(
        "A desk takes the caller out of the queue by the carrier's REST API (live, `redirected`)",
        "handled",
        "handled; the talk lasts until the call is over",
        "the same",
        "",
    ),
    Counted("The doors close on who waits", "closed", "offered, neither handled nor abandoned", "the same", ""),
)
"""Every way in which a visit goes on or ends."""

CONVENTIONS = (
    "A wait of exactly the threshold is within it.",
    (
        "Calls count in the interval of their arrival; waits with all that becomes of them in the interval in which the"
        " caller was offered first; callbacks in that of the promise; agents' time in the intervals in which it passes."
        " What is offered after the horizon counts in the last interval."
    ),
    (
        "Intervals add up to the whole in every count. Groups add up to it in `handled`, in talk and ACW, and in"
        " agents' time, where every agent has a group. Queues add up to it only where nobody goes from one to another"
        " without an agent."
    ),
    (
        "Offered = handled + abandoned + those who left the queue otherwise (voicemail, time-out, full, closed). "
        "Who joins a queue = offered + callbacks promised. Arrived = the calls of all outcomes."
    ),
    (
        "Agents' time counts from the end of the warm-up to the horizon, overall as by interval and by group: what"
        " agents work or idle after it, to serve those who still wait, is neither staffed nor busy. An exact occupancy"
        " means the same. The table `agents` keeps all of it."
    ),
    (
        "A half-width is Student's t times the standard error over replications: of the linearised ratio, and so of the"
        " plain mean for `max_wait_s` and for counts. Differences of scenarios are taken replication by replication."
        " With ten or twenty replications of very uneven days the interval of a mean holds it less often than it says,"
        " 90 to 94 % of the time instead of 95 %: so it is with the longest wait and with the ASA of a floor that is"
        " nearly overloaded. More replications mend it."
    ),
    (
        "A quantile is that of the waits of all replications together. Its half-width is Woodruff's: how surely the"
        " share within the bound is known, read off the distribution of waits, its longer side. There is none where"
        " that reaches beyond all waits."
    ),
)
"""What holds for all measures."""
