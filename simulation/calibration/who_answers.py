"""Who answers, when they are on duty and how soon they are ready again: what a log tells of it, or what is assumed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivr.records.schema import result_code
from ivr.records.tables import Records
from simulation.arrays import Flags, Floats, Times
from simulation.calibration.agents import AgentGroup, agent_groups, answers_of, stated_groups
from simulation.calibration.duty import NO_WAIT, Beside, duty_edges, seen_ready, stretches_of
from simulation.calibration.log_days import LogDays
from simulation.calibration.pauses import PauseEstimate, estimate_pauses
from simulation.calibration.rings import Rings, rings
from simulation.calibration.staffing import busy_while_waiting, most_at_once, needed
from simulation.calibration.talk import TalkEstimate
from simulation.calibration.waiting_times import Spans
from simulation.call_logs.log import CallLog

__all__ = ["Staff", "staff_of"]


@dataclass(frozen=True)
class Staff:
    """Who answers.

    Parameters
    ----------
    groups : tuple of AgentGroup
    on_duty : tuple of numpy.ndarray
        f8[days, intervals], for each group.
    pauses : PauseEstimate or None
    how : str
        Where the numbers come from: ``answers``, ``records``, ``waits``, ``rings`` or ``assumed``.
    rings : Rings or None
        How long it rings before anybody answers, where waits show that and not how many answer.
    """

    groups: tuple[AgentGroup, ...]
    on_duty: tuple[Floats, ...]
    pauses: PauseEstimate | None
    how: str
    rings: Rings | None = None


def staff_of(
    log: CallLog,
    days: LogDays,
    kept: Flags,
    counts: Floats,
    talk: dict[str, TalkEstimate],
    confidence: float,
) -> Staff:
    """Infer who answers.

    Parameters
    ----------
    log : CallLog
    days : LogDays
    kept : numpy.ndarray
        b1[days].
    counts : numpy.ndarray
        f8[days, intervals]. Calls.
    talk : dict of str to TalkEstimate
        By queue.
    confidence : float
    """
    records, visits = log.records, log.records.visits
    queues = records.names["queue"]
    wait_us = visits["left_us"] - visits["offered_us"]
    unit_us = 1_000_000 if not len(wait_us) or np.all(wait_us % 1_000_000 == 0) else 1_000
    if "agents" in log.known:
        return _answering(log, days, kept, unit_us, confidence)
    everybody = (AgentGroup("agents", queues, ()),)
    handled = visits["result"] == result_code("handled")
    mean = _mean_talk(talk)
    if "waits" in log.known and (ringing := rings(records)):
        at = visits["answered_us"][handled]
        most = most_at_once(days, at, at + (visits["talk_us"] + visits["acw_us"])[handled])
        enough = np.maximum(needed(counts, mean, days.interval_s), most)
        return Staff(everybody, (enough,), None, "rings", ringing)
    if "waits" in log.known and np.count_nonzero(wait_us > 1.5 * unit_us) > 100:
        waiting = Spans.union(
            visits["offered_us"], np.where(wait_us > 1.5 * unit_us, visits["left_us"], visits["offered_us"])
        )
        at = visits["answered_us"][handled]
        busy = busy_while_waiting(days, at, at + (visits["talk_us"] + visits["acw_us"])[handled], waiting)
        return Staff(everybody, (busy,), None, "waits")
    return Staff(everybody, (needed(counts, mean, days.interval_s),), None, "assumed")


def _mean_talk(talk: dict[str, TalkEstimate]) -> float:
    """Seconds of talk of all queues together, at least one; three minutes where nobody knows."""
    if not talk:
        return 180.0
    weights = [found.mean.count for found in talk.values()]
    return max(float(np.average([found.mean.value for found in talk.values()], weights=weights)), 1.0)


def _answering(log: CallLog, days: LogDays, kept: Flags, unit_us: int, confidence: float) -> Staff:
    """From who answered: the groups, when they are on duty, and how soon they are ready again."""
    records = log.records
    answers = answers_of(records)
    groups = stated_groups(records) or agent_groups(answers, records.names["queue"])
    waits = [_waiting(records, group, unit_us) for group in groups]
    found = [
        stretches_of(answers.of(np.isin(answers.agent, group.agents)), waiting)
        for group, waiting in zip(groups, waits, strict=True)
    ]
    besides = [
        Beside.of(
            [one for one, other in zip(found, groups, strict=True) if set(other.queues) & set(group.queues)],
            unit_us=unit_us,
        )
        for group in groups
    ]
    parts = list(zip(groups, found, besides, waits, strict=True))
    pauses = None
    if "waits" in log.known:
        seen = [
            seen_ready(of, beside, waiting, kept[days.day_of(of.answers.at_us[of.before])], unit_us=unit_us)
            for _, of, beside, waiting in parts
        ]
        pauses = estimate_pauses(seen, confidence=confidence)
    if "staff" in log.known:
        return Staff(groups, tuple(_stated(records, days, group) for group in groups), pauses, "records")
    ready_s = pauses.mean.value if pauses else 0.0
    edges = [
        duty_edges(of, beside, waiting, _offered(records, group), ready_s, unit_us=unit_us)
        for group, of, beside, waiting in parts
    ]
    return Staff(groups, tuple(days.present(on_us, off_us) for on_us, off_us in edges), pauses, "answers")


def _codes(records: Records, group: AgentGroup) -> list[int]:
    return [records.names["queue"].index(name) for name in group.queues]


def _offered(records: Records, group: AgentGroup) -> Times:
    """When calls came to the queues of a group, in order."""
    return np.sort(records.visits["offered_us"][np.isin(records.visits["queue"], _codes(records, group))])


def _waiting(records: Records, group: AgentGroup, unit_us: int) -> Spans:
    """When calls waited that a group could take."""
    visits = records.visits
    wait_us = visits["left_us"] - visits["offered_us"]
    rows = np.isin(visits["queue"], _codes(records, group)) & (wait_us > NO_WAIT * unit_us)
    return Spans.union(visits["offered_us"][rows], visits["left_us"][rows])


def _stated(records: Records, days: LogDays, group: AgentGroup) -> Floats:
    rows = np.isin(records.agents["agent"], group.agents) & (records.agents["off_us"] > records.agents["on_us"])
    return days.present(records.agents["on_us"][rows], records.agents["off_us"][rows])
