"""Checks of what one intent states besides its goal: when its callers give up, and what the flow knows of them."""

from __future__ import annotations

import itertools

from flows.nodes.queue import Queue
from flows.nodes.split import Split
from simulation.loading.checks import Checks
from simulation.menus.intent_shares import splits_on
from simulation.scenario.callers import Intent

__all__ = ["gives_up", "values_fit"]


def gives_up(checks: Checks, name: str, intent: Intent) -> None:
    """Add X005 if all callers of an intent call again and nothing says how many calls they make."""
    own, common = intent.retry, checks.scenario.behaviour.retry
    stated = (own is not None and own.attempts) or (common is not None and "attempts" in common.model_fields_set)
    if own is None or stated:
        return
    repeat = own.after_handled
    for share, part in ((own.share, "share"), (repeat.share if repeat else None, "after_handled")):
        if share == 1:
            checks.add(
                "X005",
                f"if all callers of {name!r} call again they never give up",
                ("intents", name, "retry", part),
                hint="state a share below 1, or how many calls they make (attempts: 3)",
            )


def values_fit(checks: Checks, name: str, intent: Intent) -> None:
    """Add X001 for a value that neither split nor queue reads; X005 for one stated twice, or not to be followed."""
    path, nodes = ("intents", name), checks.flow.nodes.values()
    values = list(dict.fromkeys(node.value for node in nodes if isinstance(node, Split) and node.value))
    ordered = {node.priority.value for node in nodes if isinstance(node, Queue) and node.priority} - {*values}
    for value, text in intent.values.items():
        if value in ordered or checks.unknown("split on", value, values, (*path, "values", value)):
            continue
        splits = splits_on(checks.flow, value)
        for node in splits.keys() & intent.splits.keys():
            checks.add(
                "X005",
                f"{node!r} is decided by values and by splits",
                (*path, "splits", node),
                of_key=True,
                hint="remove one of the two",
            )
        if odd := _told_apart(list(splits.items()), text):
            checks.add(
                "X005",
                f"{odd[0]!r} and {odd[1]!r} branch on {value!r} by different cases, so {text!r} cannot be followed",
                (*path, "values", value),
                hint=f"state their outcomes instead: splits: {{{odd[0]}: ..., {odd[1]}: ...}}",
            )


def _told_apart(splits: list[tuple[str, Split]], text: str) -> tuple[str, str] | None:
    """Two splits of which the one does not know enough of a value after the other; None if there are none."""
    for (one, first), (other, second) in itertools.permutations(splits, 2):
        case = first.case_of(text)
        known = "" if case == "otherwise" else case.rstrip("*")
        if second.case_of(known) != second.case_of(text):
            return one, other
    return None
