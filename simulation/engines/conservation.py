"""Checks that every run of every engine must pass: nothing is lost and nothing happens twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from flows.source.finding import Finding, IvrError
from ivr.records.in_hand import apart_from_chats, working
from ivr.records.integer_sums import exact_sums
from ivr.records.schema import NONE, OUTCOMES, outcome_code, result_code
from ivr.records.tables import Records

__all__ = ["ConservationError", "check_conservation"]


class ConservationError(IvrError):
    """Records that cannot be true: a bug in the engine, never in the scenario. Do not use its results."""

    def __init__(self, message: str) -> None:
        super().__init__(
            Finding(
                code="conservation",
                severity="error",
                message=message,
                hint="this is a fault of the simulation engine; please report the scenario and the seed",
            )
        )


def check_conservation(records: Records, *, endings: int, idle_us: npt.NDArray[np.int64]) -> None:
    """Raise ConservationError unless calls and agents' time are conserved.

    Each call ends exactly once; it is handled if its last visit was, and only if some visit was; nobody's first call
    follows a handled one. For each agent, busy + wrap-up + idle + paused = staffed time. No agent serves two calls, or
    serves and pauses, at a time; who chats, no more than they may.

    Parameters
    ----------
    records : Records
        Records of one replication.
    endings : int
        How many times the engine ended a call, counted during the run.
    idle_us : numpy.ndarray
        i8, idle time for each row of ``records.agents``, summed by the engine during the run, not from the records.

    Raises
    ------
    ConservationError
    """
    _check_calls(records, endings)
    _check_visits(records)
    _check_chats(records)
    _check_agents(records, idle_us)


def _check_calls(records: Records, endings: int) -> None:
    calls = records.calls
    n = len(calls["call_id"])
    open_calls = int(np.count_nonzero((calls["outcome"] < 0) | (calls["outcome"] >= len(OUTCOMES))))
    if open_calls or endings != n:
        raise ConservationError(f"{n} calls arrived, {endings} endings were counted and {open_calls} calls never ended")
    if np.any(calls["repeat"] & (calls["attempt"] < 2)):
        raise ConservationError("a first call follows a handled one")
    if np.any(calls["ended_us"] < calls["arrived_us"]):
        raise ConservationError(
            f"call {int(np.argmax(calls['ended_us'] < calls['arrived_us']))} ended before it arrived"
        )


def _check_visits(records: Records) -> None:
    calls, visits = records.calls, records.visits
    n = len(calls["call_id"])
    handled = visits["result"] == result_code("handled")
    joined = np.isin(visits["result"], [result_code("joined"), result_code("unjoined")])  # beside the visit before
    voice = ~visits["called_back"] & ~joined
    # A call whose last visit on the line was answered is handled, except that a caller passed on after closing ends as
    # closed, without another visit. Every handled call was answered at some point; an answered caller who was passed on
    # may also have hung up or been promised a callback.
    rows = slice(None) if np.all(voice) else np.flatnonzero(voice)
    last, ever = np.zeros(n, bool), np.zeros(n, bool)
    last[visits["call_id"][rows]] = handled[rows]  # visits are ordered by call and seq: the last one counts
    ever[visits["call_id"][voice & handled]] = True
    ended_handled = calls["outcome"] == outcome_code("handled")
    shut = (calls["outcome"] == outcome_code("closed")) & (calls["ended_us"] >= records.horizon_us)
    wrong = (last & ~shut & ~ended_handled) | (ended_handled & ~ever)
    if np.any(wrong):
        raise ConservationError(
            f"call {int(np.argmax(wrong))} was {'answered last' if last[wrong][0] else 'not answered'} and its outcome"
            f" is {OUTCOMES[calls['outcome'][wrong][0]]}"
        )
    called_back = visits["call_id"][~voice & handled]
    if len(called_back):
        promised = np.zeros(n, bool)
        promised[visits["call_id"][voice & (visits["result"] == result_code("callback"))]] = True
        wrong = np.bincount(called_back, minlength=n) > promised
        if np.any(wrong):
            raise ConservationError(
                f"call {int(np.argmax(wrong))} was called back without having asked for it, or twice"
            )
    if np.any(visits["left_us"] < visits["offered_us"]):
        raise ConservationError("a call left its queue before it joined")
    same = visits["call_id"][1:] == visits["call_id"][:-1]
    if np.any(same):
        free = (visits["left_us"] + np.where(visits["called_back"], 0, visits["talk_us"]))[:-1]
        same &= ~joined[1:]
        if np.any(same & (visits["offered_us"][1:] < free)):
            raise ConservationError(
                f"call {int(visits['call_id'][1:][same & (visits['offered_us'][1:] < free)][0])} is in two places at"
                " the same time"
            )
    parted = visits["result"] == result_code("handed_over")
    if np.any(parted):
        lost = parted & ~np.append(same & (visits["queue"][1:] == visits["queue"][:-1]), False)
        if np.any(lost):
            raise ConservationError(
                f"call {int(visits['call_id'][np.argmax(lost)])} was handed over and is not in its queue again"
            )
    taken = handled | parted | np.isin(visits["result"], [result_code("unreached"), result_code("joined")])
    if np.any(taken != (visits["agent"] != NONE)) or np.any(taken & (visits["answered_us"] != visits["left_us"])):
        raise ConservationError(
            "a call was handled without an agent, or answered at another time than it left its queue"
        )


def _check_chats(records: Records) -> None:
    """Who chats has all that they answer in hand while on duty and not paused, and never more than they may."""
    held, visits = records.in_hand, records.visits
    if not len(held["agent"]):
        return
    if np.any(held["taken"] > held["slots"]):
        raise ConservationError(f"agent {held['agent'][held['taken'] > held['slots']][0]} has too many chats in hand")
    chats = (visits["agent"] != NONE) & ~apart_from_chats(visits, held)
    size = int(max(held["agent"].max(), visits["agent"][chats].max(initial=-1))) + 1
    worked = exact_sums(visits["agent"][chats], (visits["talk_us"] + visits["acw_us"])[chats], size)
    in_hand = exact_sums(held["agent"], held["in_hand"] * (held["ended_us"] - held["began_us"]), size)
    if np.any(worked != in_hand):
        raise ConservationError(f"agent {int(np.argmax(worked != in_hand))} has chats in hand while they are not there")


def _check_agents(records: Records, idle_us: npt.NDArray[np.int64]) -> None:
    agents, visits = records.agents, records.visits
    taken = apart_from_chats(visits, records.in_hand)
    rows = slice(None) if np.all(taken) else np.flatnonzero(taken)
    agent, talk, acw, answered = (visits[name][rows] for name in ("agent", "talk_us", "acw_us", "answered_us"))
    further = []
    if len(records.in_hand["agent"]):
        chats = working(records.in_hand)
        further.append(tuple(chats[name] for name in ("agent", "talk_us", "acw_us", "answered_us")))
    if len(records.outbound["agent"]):
        made = records.outbound
        further.append((made["agent"], made["ring_us"] + made["talk_us"], made["acw_us"], made["dialled_us"]))
    for of in further:
        agent, talk, acw, answered = (np.concatenate(p) for p in zip((agent, talk, acw, answered), of, strict=True))
    size = int(max(agents["agent"].max(initial=-1), agent.max(initial=-1))) + 1
    busy, wrap = exact_sums(agent, talk, size), exact_sums(agent, acw, size)
    idle, staffed = exact_sums(agents["agent"], idle_us, size), exact_sums(agents["agent"], agents["staffed_us"], size)
    pauses = records.pauses
    paused = exact_sums(pauses["agent"], pauses["ended_us"] - pauses["began_us"], size)
    wrong = busy + wrap + idle + paused != staffed
    if np.any(wrong):
        i = int(np.argmax(wrong))
        raise ConservationError(
            f"agent {i}: busy {busy[i]} + wrap-up {wrap[i]} + idle {idle[i]} us is not the staffed {staffed[i]} us"
            + (f" less {paused[i]} us of pauses" if paused[i] else "")
        )
    tabled_busy, tabled_wrap = (exact_sums(agents["agent"], agents[name], size) for name in ("busy_us", "wrap_us"))
    if np.any(tabled_busy != busy) or np.any(tabled_wrap != wrap):
        raise ConservationError("the agents' busy or wrap-up time is not that of the calls they answered")
    double = _overlapping(agent, answered, answered + talk + acw)
    if double != NONE:
        raise ConservationError(f"agent {double} serves two calls at the same time")
    if len(pauses["agent"]):
        double = _overlapping(
            np.concatenate([agent, pauses["agent"]]),
            np.concatenate([answered, pauses["began_us"]]),
            np.concatenate([answered + talk + acw, pauses["ended_us"]]),
        )
        if double != NONE:
            raise ConservationError(f"agent {double} serves a call while they pause")


def _overlapping(
    agent: npt.NDArray[np.integer[Any]], begins: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> int:
    """Return an agent with two overlapping intervals [begin, end), or NONE.

    Begins and ends are sorted separately: intervals overlap if and only if some i-th end lies after begin i + 1 of the
    same agent.
    """
    if not len(agent):
        return NONE
    bits = int(ends.max()).bit_length()
    who: npt.NDArray[np.integer[Any]]
    if bits + int(agent.max()).bit_length() < 63:  # pack both keys into one integer: sorts several times faster
        base = agent.astype(np.int64) << bits
        first, last = np.sort(base | begins), np.sort(base | ends)
        wrong = (first[1:] >> bits == last[:-1] >> bits) & (first[1:] < last[:-1])
        who = first[1:] >> bits
    else:
        order, by_end = np.lexsort((begins, agent)), np.lexsort((ends, agent))
        who = agent[order][1:]
        wrong = (who == agent[by_end][:-1]) & (begins[order][1:] < ends[by_end][:-1])
    return int(who[np.argmax(wrong)]) if np.any(wrong) else NONE
