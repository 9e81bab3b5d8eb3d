"""States how callers behave, talk and wait as a scenario has it."""

from __future__ import annotations

from typing import Any

import numpy as np

from flows.display.numbers import duration, share
from flows.nodes.collect import Collect
from flows.nodes.split import Split
from simulation.calibration.as_stated import rounded_shares, seconds, stated
from simulation.calibration.choices import BEHAVIOUR, apart, pooled
from simulation.calibration.in_words import shared, timed
from simulation.calibration.making import Making
from simulation.calibration.menu_behaviour import NodeEstimate
from simulation.calibration.talk import estimate_talk
from simulation.sampling.distributions import Distribution

__all__ = ["behaviour", "patience", "talk"]


def behaviour(making: Making) -> None:
    """State what callers do in the menus."""
    of = making.of
    if making.made is not None and making.made.menus:
        nodes: dict[str, Any] = {}
        for i, menu in enumerate(making.made.menus):
            dwell: dict[str, Any] = {"constant": "0s"}
            if i == 0 and of.menu is not None:
                dwell = stated(of.menu.distribution)
            nodes[menu] = {"dwell": dwell}
        none = {"hear_all": "0", "key_ahead": "1", "wrong_key": "0", "no_input": "0", "zero_out": "0"}
        making.data["behaviour"] = none | {"hang_up_per_minute": "0", "nodes": nodes}
        words = "The log tells no menus: all callers press the right key."
        if of.menu is not None:
            words += f" Estimated: time from arrival to the queue, mean {timed(of.menu.mean)}."
        making.note(words, "behaviour")
    elif (of.nodes or of.choices) and making.flow is not None:
        _menus(making)
    if of.told and making.flow is not None and any(step.leave.value for step in of.told):
        steps = [{"above": seconds(step.above_s), "leave": f"{step.leave.value:.3f}"} for step in of.told]
        making.data.setdefault("behaviour", {})["told"] = steps
        making.note("Measured: who leaves at once when told so long a wait.", "behaviour", "told")
    _splits(making)


def _menus(making: Making) -> None:
    """State what callers do at each node: on the way to what they want, or where that does not decide, by shares."""
    of, common = making.of, pooled(making.of.choices)
    made: dict[str, Any] = {name: f"{one.value:.4f}" for name, one in common.items()}
    if of.hanging_up is not None and of.hanging_up.count:
        made["hang_up_per_minute"] = f"{of.hanging_up.value:.4f}"
    making.data["behaviour"] = made
    if common:
        told = "; ".join(f"{BEHAVIOUR[name]} {shared(one)}" for name, one in common.items())
        making.note(f"Estimated from steps: {told}.", "behaviour")
    nodes: dict[str, Any] = {}
    for name, node in of.nodes.items():
        choice = of.choices.get(name)
        nodes[name] = _node(node, whole=choice is None)
        if choice is None:
            told = ", ".join(f"{label} {shared(one)}" for label, one in node.shares.items())
            words = f"Measured, {node.visits:,} visits of {timed(node.seconds)}: {told}"
        else:
            own = apart(choice, common)
            nodes[name] |= {what: f"{one.value:.4f}" for what, one in own.items()}
            told = "".join(f"; {BEHAVIOUR[what]} {shared(one)}" for what, one in own.items())
            words = f"Callers press what leads to what they want; {node.visits:,} visits of {timed(node.seconds)}{told}"
        making.note(words, "behaviour", "nodes", name)
    for name, choice in of.choices.items():
        if name not in nodes and (own := apart(choice, common)):
            nodes[name] = {what: f"{one.value:.4f}" for what, one in own.items()}
    made["nodes"] = nodes
    if of.languages and len(making.flow.languages if making.flow else ()) > 1:
        made["languages"] = rounded_shares({name: one.value for name, one in of.languages.items()})
    for name, found in of.outside.items():
        kind = "splits" if making.flow and isinstance(making.flow.nodes[name], Split) else "lookups"
        made.setdefault(kind, {})[name] = rounded_shares({label: one.value for label, one in found.items()})


def _splits(making: Making) -> None:
    """State each case of a split by what callers enter as often as the others, where it leads to what they want.

    No log says what callers entered; without shares all of them would go ``otherwise``.
    """
    if making.flow is None:
        return
    if not making.of.nodes:
        making.assumed.append("callers press, and services answer, as usual: the log has no steps in the menus")
    nodes = making.flow.nodes.values()
    entered = {value for node in nodes if isinstance(node, Collect) for value in node.writes()}
    wanted: set[str] = set()
    for intent in making.data["intents"].values():
        wanted.update([intent["goal"]] if isinstance(intent["goal"], str) else intent["goal"])
    for name, node in making.flow.nodes.items():
        if name in making.of.outside:
            continue
        if isinstance(node, Split) and node.value in entered and wanted & set(node.cases.values()):
            shares = rounded_shares({wire.outcome: 1.0 for wire in node.wires() if wire.target})
            making.data.setdefault("behaviour", {}).setdefault("splits", {})[name] = shares
            making.assumed.append(f"all ways of {name} are equally frequent: the log does not say what callers entered")


def _node(node: NodeEstimate, *, whole: bool) -> dict[str, Any]:
    """A node's time, and unless what callers want decides there, the shares of its outcomes."""
    dwell = estimate_talk(node.times_s, ended_at_once=False)
    shares = {"shares": rounded_shares({label: one.value for label, one in node.shares.items()})} if whole else {}
    return shares | ({"dwell": stated(dwell.distribution)} if dwell is not None else {})


def talk(making: Making) -> None:
    """State the talk time of each queue."""
    of = making.of
    queues: dict[str, Any] = {}
    for name, found in of.talk.items():
        queues[name] = {"talk": stated(found.distribution)}
        if passed := of.transfers.get(name):
            queues[name]["transfer"] = [{"to": to, "share": f"{one.value:.4f}"} for to, one in passed.items()]
        words = f"Estimated from {found.mean.count:,} calls: mean talk {timed(found.mean)},"
        words += f" {_family_words(found.fits, found.far) if found.cv else 'all equally long'}."
        for to, one in of.transfers.get(name, {}).items():
            words += f" {shared(one)} of the answered go on to {to}."
        if found.short.value:
            words += f" Agents end {shared(found.short)} of calls at once."
        if abs(of.drift.get(name, 1.0) - 1) > 0.1:
            words += f" It changes: the later half of the days has {_percent(of.drift[name])} talk."
        making.note(words, "queues", name)
    if "talk" not in of.log.known or not of.talk:
        making.data["talk"] = {"lognormal": {"mean": "3m", "cv": "1"}}
        making.note("Assumed: the log tells no talk times.", "talk")
        making.assumed.append("talk lasts 3 min on average: the log does not say how long")
    elif len(of.talk) < len(of.records.names["queue"]) or making.flow is not None:
        whole = np.concatenate([found.times_s for found in of.talk.values()])
        making.data["talk"] = {"exponential": seconds(float(whole.mean()))}
        making.note("Queues without an answered call: as the others together.", "talk")
    if of.talk and of.log.format == "table" and not of.log.known & {"waits", "outcomes", "agents"}:
        making.assumed.append("all calls are answered, those of no length too: the log tells lengths alone")
    making.data["queues"] = queues


def _family_words(fits: Any, far: float) -> str:
    if not fits:
        return "too few calls to tell a family"
    if len(fits) == 1:
        return str(fits[0].family)
    better = fits[1].aic - fits[0].aic
    return f"{fits[0].family} before {fits[1].family} (AIC {better:,.0f} less, {share(far)} from the calls at most)"


def _percent(ratio: float) -> str:
    return f"{abs(ratio - 1) * 100:.0f} % {'more' if ratio > 1 else 'less'}"


def patience(making: Making) -> None:
    """State how long callers are ready to wait."""
    of = making.of
    if of.patience is None:
        making.data["patience"] = {"exponential": "5m"}
        making.note("Assumed: the log does not tell who gave up after which wait.", "patience")
        making.assumed.append("callers are patient for 5 min on average: the log shows too few who gave up")
        return
    found = of.patience
    making.data["patience"] = stated(found.distribution)
    making.note(
        f"Estimated from {found.gave_up:,} callers who gave up and {found.answered:,} who were answered first: half"
        f" would wait {_half(found.distribution)}, {shared(found.at_once)} leave within 5 s;"
        f" {_family_words(found.fits, found.far)}.",
        "patience",
    )
    for name, own in of.own_patience.items():
        making.data["queues"].setdefault(name, {})["patience"] = stated(own.distribution)
        making.notes["queues", name] = making.notes.get(("queues", name), "") + (
            f"\nTheir own patience, {own.gave_up:,} gave up: half would wait {_half(own.distribution)}."
        )


def _half(of: Distribution) -> str:
    return f"{duration(float(of.quantile(np.array([0.5]))[0]))} or longer"
