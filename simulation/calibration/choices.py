"""What callers do at menus on the way to what they want, and what answers come from outside, from steps and intents.

Where the log says what each caller wanted, a menu shows what callers of one intent mean to press there: what most of
them press. The others slip, stay silent, ask for the operator or hang up. So a menu's own shares need not be stated,
which would forget who wanted what.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from flows.model.flow import Flow
from ivr.records.schema import NONE
from ivr.records.tables import Records
from simulation.arrays import Flags, Floats, Ints
from simulation.calibration.estimated import Estimated, rate_of, share_of

__all__ = [
    "BEHAVIOUR",
    "ChoiceEstimate",
    "apart",
    "estimate_choices",
    "hanging_up",
    "languages_of",
    "outside_of",
    "pooled",
]

LEAST = 30
_AGREE = 0.75
"""If fewer callers of an intent press the same, what they want does not decide it."""
_OTHERS = 0.1
"""If more callers hang up, or press what their want does not decide, the node's own shares say more."""
_CHOSEN = ("menu", "language")
_OUTSIDE = ("lookup", "message", "callback")
BEHAVIOUR = {
    "no_input": "silent, of prompts",
    "zero_out": "press 0 unasked, of prompts",
    "wrong_key": "wrong keys, of presses",
    "no_entry": "enter nothing, of prompts",
    "wrong_entry": "wrong numbers, of entries",
}
"""What a scenario calls each, and what it is for people."""


@dataclass(frozen=True)
class ChoiceEstimate:
    """What callers do at one node besides what they mean to.

    Parameters
    ----------
    shares : dict of str to Estimated
        By name of BEHAVIOUR. A key is wrong if most callers of the intent press another, a number if it is not valid.
    gone : int
        Callers who hung up here.
    seconds : float
        That callers spent here.
    """

    shares: dict[str, Estimated]
    gone: int
    seconds: float


def estimate_choices(records: Records, flow: Flow, used: Flags) -> dict[str, ChoiceEstimate]:
    """What callers do at each node at which they choose or enter digits, where what they want decides.

    Parameters
    ----------
    records : Records
        With steps and intents.
    flow : Flow
    used : numpy.ndarray
        b1[calls]. Calls of days that are kept.
    """
    steps, labels = records.steps, records.names["step_outcome"]
    if not len(steps["node"]) or not len(records.names["intent"]):
        return {}
    row = _rows(records, steps["call_id"])
    intent, language = records.calls["intent"][row], records.calls["language"][row]
    seconds = _seconds(records, row)
    found = {}
    for code, name in enumerate(records.names["node"]):
        node = flow.nodes.get(name)
        if node is None or node.type not in (*_CHOSEN, "collect"):
            continue
        here = (steps["node"] == code) & used[row] & (intent >= 0)
        if np.count_nonzero(here) < LEAST:
            continue
        wants = language[here] if node.type == "language" else intent[here]
        outcome = _labelled(steps["outcome"][here], len(labels))
        zero = "0" in flow.keys or any(wire.outcome == "0" for wire in node.wires())
        made = _one(outcome, wants, labels, seconds[here], entry=node.type == "collect", zero_bound=zero)
        if made is not None:
            found[name] = made
    return found


def _one(
    outcome: Ints, wants: Ints, labels: tuple[str, ...], seconds: Floats, *, entry: bool, zero_bound: bool
) -> ChoiceEstimate | None:
    """One node; None where wants do not decide what is pressed."""
    prompts = len(outcome)
    silent, gone = _is(outcome, labels, "no_input"), _is(outcome, labels, "hung_up")
    zero = _is(outcome, labels, "0")
    missed = _is(outcome, labels, "no_match")
    wrong = missed.copy()
    if entry:
        presses = ~(silent | gone | zero)
    else:
        meant = _meant(outcome, wants, ~silent & ~gone & ~missed)
        zero &= meant != outcome
        pressed = ~(silent | gone | zero)
        presses = pressed & (meant != NONE)
        wrong = presses & (outcome != meant)
        others = np.count_nonzero(pressed & ~presses) + np.count_nonzero(gone)
        if others > _OTHERS * max(prompts, 1):
            return None
    shares = {
        "no_entry" if entry else "no_input": share_of(int(np.count_nonzero(silent)), prompts),
        "wrong_entry" if entry else "wrong_key": share_of(
            int(np.count_nonzero(wrong & presses)), int(np.count_nonzero(presses))
        ),
    }
    if zero_bound:
        shares["zero_out"] = share_of(int(np.count_nonzero(zero)), prompts)
    return ChoiceEstimate(shares, int(np.count_nonzero(gone)), float(seconds.sum()))


def _meant(outcome: Ints, wants: Ints, pressed: Flags) -> Ints:
    """What callers of each want mean to press here; NONE where they do not agree, because it is not on their way."""
    meant = np.full(len(outcome), NONE, dtype=np.int64)
    for want in np.unique(wants).tolist():
        counts = np.bincount(outcome[(wants == want) & pressed])
        if counts.sum() and counts.max() >= _AGREE * counts.sum():
            meant[wants == want] = counts.argmax()
    return meant


def pooled(choices: Mapping[str, ChoiceEstimate]) -> dict[str, Estimated]:
    """The shares of all nodes together, by name of BEHAVIOUR.

    >>> one = ChoiceEstimate({"no_input": share_of(1, 100)}, 0, 60.0)
    >>> pooled({"a": one, "b": ChoiceEstimate({"no_input": share_of(5, 100)}, 0, 60.0)})["no_input"].value
    0.03
    """
    found = {}
    for name in BEHAVIOUR:
        of = [one.shares[name] for one in choices.values() if name in one.shares]
        if total := sum(one.count for one in of):
            found[name] = share_of(sum(round(one.value * one.count) for one in of), total)
    return found


def apart(of: ChoiceEstimate, common: Mapping[str, Estimated]) -> dict[str, Estimated]:
    """The shares of a node that differ from those of all nodes beyond chance."""
    return {name: one for name, one in of.shares.items() if name in common and not one.covers(common[name].value)}


def hanging_up(records: Records, used: Flags, *, without: Collection[str]) -> Estimated:
    """How many callers hang up in a minute of the menus, apart from nodes whose own shares hold it."""
    steps, labels = records.steps, records.names["step_outcome"]
    row = _rows(records, steps["call_id"])
    apart_from = [code for code, name in enumerate(records.names["node"]) if name in without]
    here = used[row] & ~np.isin(steps["node"], apart_from)
    gone = here & _is(_labelled(steps["outcome"], len(labels)), labels, "hung_up")
    return rate_of(int(np.count_nonzero(gone)), float(_seconds(records, row)[here].sum()) / 60)


def outside_of(records: Records, flow: Flow, used: Flags) -> dict[str, dict[str, Estimated]]:
    """Shares of the answers that callers do not choose: of lookups, text messages, bookings and splits, by node."""
    steps, labels = records.steps, records.names["step_outcome"]
    row = _rows(records, steps["call_id"])
    found = {}
    for code, name in enumerate(records.names["node"]):
        node = flow.nodes.get(name)
        if node is None or node.type not in (*_OUTSIDE, "split"):
            continue
        known = {wire.outcome for wire in node.wires()}
        outcome = steps["outcome"][(steps["node"] == code) & used[row] & (steps["outcome"] != NONE)]
        counts = {labels[i]: int(n) for i, n in enumerate(np.bincount(outcome, minlength=len(labels)).tolist()) if n}
        counts = {label: n for label, n in counts.items() if label in known}
        total = sum(counts.values())
        if total >= LEAST:
            found[name] = {label: share_of(n, total) for label, n in counts.items()}
    return found


def languages_of(records: Records, used: Flags) -> dict[str, Estimated]:
    """Share of calls by the language they came to; empty where there is only one."""
    code = records.calls["language"][used]
    counts = np.bincount(code[code >= 0], minlength=len(records.names["language"]))
    total = int(counts.sum())
    found = {
        name: share_of(int(n), total) for name, n in zip(records.names["language"], counts.tolist(), strict=True) if n
    }
    return found if len(found) > 1 else {}


def _rows(records: Records, call_id: Ints) -> Ints:
    position = np.full(int(records.calls["call_id"].max(initial=0)) + 1, 0)
    position[records.calls["call_id"]] = np.arange(len(records.calls["call_id"]))
    return np.asarray(position[call_id])


def _seconds(records: Records, row: Ints) -> Floats:
    """How long each step lasted: until the next of its call, or until the menu ended."""
    at, call = records.steps["at_us"], records.steps["call_id"]
    end = records.calls["arrived_us"][row] + records.calls["menu_us"][row]
    same = np.append(call[1:] == call[:-1], False)
    after = np.where(same, np.append(at[1:], 0), np.maximum(end, at))
    return np.asarray((after - at) / 1e6)


def _labelled(outcome: Ints, none: int) -> Ints:
    """Outcomes, with a code of its own for none."""
    return np.where(outcome == NONE, none, outcome).astype(np.int64)


def _is(outcome: Ints, labels: tuple[str, ...], label: str) -> Flags:
    return np.asarray(outcome == (labels.index(label) if label in labels else -2))
