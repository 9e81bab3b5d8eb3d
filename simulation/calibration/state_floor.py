"""States agents, pauses and routing as a scenario has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from flows.display.numbers import duration
from ivr.answering.routing import queue_specs
from simulation.arrays import Floats
from simulation.calibration.as_stated import seconds
from simulation.calibration.calibration import Calibration
from simulation.calibration.in_words import shared, timed
from simulation.calibration.making import USUAL_LEVEL, Making, by_day
from simulation.calibration.passed_on import promised
from simulation.calibration.pauses import state_ready
from simulation.calibration.staffing import whole_agents

__all__ = ["groups", "rest", "roster"]


def roster(of: Calibration, on_duty: Floats, days: tuple[int, ...]) -> Floats:
    """Agents of each day as they were; on a day that is left out, as on other such days."""
    found = on_duty[list(days)].copy()
    groups = {w: group for group in of.arrivals.groups for w in group}
    for i, day in enumerate(days):
        if of.kept[day]:
            continue
        weekday = int(of.days.weekday[day])
        for alike in ((weekday,), groups.get(weekday, ())):
            rows = np.flatnonzero(of.kept & np.isin(of.days.weekday, alike))
            if len(rows):
                found[i] = on_duty[rows].mean(axis=0)
                break
    return found


def groups(making: Making, days: tuple[int, ...]) -> None:
    """State who is on duty when, and how soon they are ready again after a talk."""
    of, staff = making.of, making.of.staff
    groups: dict[str, Any] = {}
    for group, on_duty in zip(staff.groups, staff.on_duty, strict=True):
        counts = whole_agents(roster(of, on_duty, days))
        groups[group.name] = {
            "skills": _skills(making, group.queues) or ["calls"],
            "agents": by_day(making, days, [list(map(str, day)) for day in counts.tolist()]),
        }
        hours = float(on_duty[of.kept].sum() * of.days.interval_s / 3600 / max(of.kept.sum(), 1))
        how = {
            "answers": f"Inferred from the answers of {len(group.agents)} agents, about {hours:,.0f} hours on duty a"
            " day:"
            " from a little before their first answer until a little after their last, without times away",
            "records": f"From the agents' own records, about {hours:,.0f} hours on duty a day",
            "waits": f"Inferred from how many talk while callers wait, about {hours:,.0f} hours on duty a day",
            "rings": "Assumed: enough to answer 80 % within 20 s once it has rung, and as many as talked at once, about"
            f" {hours:,.0f} hours a day",
            "assumed": f"Assumed: enough to answer 80 % within 20 s, about {hours:,.0f} hours a day",
        }[staff.how]
        making.note(f"{how}. Agents on duty in each interval of each day.", "groups", group.name)
    making.data["groups"] = groups
    _serve_the_rest(making)
    if staff.how == "assumed":
        making.assumed.append("enough agents are on duty to answer 80 % of calls within 20 s: the log tells neither")
    if staff.how == "waits":
        making.assumed.append(
            "agents do not pause and work no longer than they talk: the log does not say who answered"
        )
    if staff.rings is not None:
        making.assumed += staff.rings.unknown
    if of.at_once is not None:
        making.assumed.append(of.at_once.words)
    if staff.pauses is not None:
        pauses = staff.pauses
        state_ready(making.data, pauses)
        words = (
            f"Estimated from {pauses.known:,} times that are known and {pauses.bounded:,} between bounds: agents are"
            f" ready again {timed(pauses.mean)} after a talk."
        )
        if pauses.told_apart and pauses.after_work and pauses.pause and pauses.share:
            words += (
                f" Work after the call lasts {timed(pauses.after_work)}; after {shared(pauses.share)} of calls they"
                f" pause for {timed(pauses.pause)}."
            )
        making.note(words, "after_call_work")
    elif "after_call_work" in of.log.known:
        visits = of.records.visits
        acw = float(visits["acw_us"][visits["result"] == 0].mean() / 1e6) if np.any(visits["result"] == 0) else 0.0
        making.data["after_call_work"] = {"exponential": seconds(acw)} if acw > 0 else {"constant": "0s"}
        making.note("The mean of the log; the shape is assumed.", "after_call_work")
    else:
        making.assumed.append("agents are ready for the next call at once: the log tells no work after calls")


def _skills(making: Making, queues: Sequence[str]) -> list[str]:
    """The skills that some queues need: their own names, unless the flow says otherwise."""
    if making.flow is None:
        return list(queues)
    needed = {queue.name: queue.skills for queue in queue_specs(making.flow)}
    return list(dict.fromkeys(skill for queue in queues for skill in needed.get(queue, ())))


def _serve_the_rest(making: Making) -> None:
    """Let the largest group serve queues of the flow of which the log has no calls."""
    if making.flow is None:
        return
    groups = making.data["groups"]
    known = {skill for group in groups.values() for skill in group["skills"]}
    lacking = [q.name for q in queue_specs(making.flow) if not set(q.skills) <= known]
    if lacking:
        first = next(iter(groups.values()))
        first["skills"] = list(dict.fromkeys([*first["skills"], *_skills(making, lacking)]))
        making.assumed.append(f"the largest group serves {', '.join(lacking)}, of which the log has no answered calls")


def rest(making: Making) -> None:
    """State routing, retries, target and replications."""
    of = making.of
    making.data["routing"] = {"policy": "longest_wait"}
    if of.head_start is not None:
        making.data["routing"]["weight_per_s"] = dict.fromkeys(of.records.names["queue"], "1")
        making.note("Priority grows by 1 a second of waiting, so that a head start is in seconds.", "routing")
    else:
        making.note("Assumed: who waited longest is served first, by the agent idle for longest.", "routing")
        making.assumed.append("who waited longest is served first, by the agent who was idle for longest")
    if of.staff.rings is not None:
        names = [group.name for group in of.staff.groups]
        delay = dict.fromkeys(names, seconds(of.staff.rings.wait_s))
        making.data["routing"]["after"] = {queue: dict(delay) for queue in of.records.names["queue"]}
        making.note(
            making.notes.get(("routing",), "") + "\nEstimated: how long it rings when nobody talks or waits.",
            "routing",
        )
    if of.again is not None:
        making.data.setdefault("behaviour", {})["retry"] = {"share": f"{min(of.again.value, 0.99):.3f}"}
        making.note(
            f"Estimated from numbered attempts: {shared(of.again)} of callers who are not served call again; after how"
            " long is assumed.",
            "behaviour",
            "retry",
        )
    elif "attempts" in of.log.known:
        making.assumed.append("callers who are not served do not call again: the records show no second attempts")
    elif of.retries is not None and of.retries.share.value > 0.02:
        making.assumed.append(
            f"calls again are part of the arrivals ({shared(of.retries.share)} of those not served call again within an"
            f" hour, after {duration(of.retries.after_s)} on average): with fewer lost calls there would be fewer"
        )
    else:
        making.assumed.append("calls again are part of the arrivals: the log does not tell them apart")
    for queue, count_ in promised(of.records).items():
        making.assumed.append(
            f"nobody is called back: {count_:,} callers of {queue} were promised it, and records do not say from which"
            " expected wait on it is offered; state `callback` of the queue"
        )
    if of.lines is not None:
        making.data["lines"] = str(of.lines)
        making.note("As many calls as there are whenever one is refused.", "lines")
    making.data["service_level"] = dict(USUAL_LEVEL)
    making.note("Assumed; state your own target.", "service_level")
    making.data |= {"replications": "20", "seed": "1"}
    if of.staff.how != "assumed":
        making.assumed.append("agents of a group work equally fast and take all of their queues at all hours")
