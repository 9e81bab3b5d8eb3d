"""M104 slow-leaf: more than a minute to get there."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.quickest_paths import QuickestPath
from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH

MOST = Option("most_s", 60.0, "Seconds above which a warning is reported.")
"""Callers spend 48 s on average in a menu, median 40 s (VCC Live 2023, 3.8 million calls)."""
_DONE = {"collected": "digits", "confirmed": "digits", "otherwise": "wait", NO_INPUT: "wait", NO_MATCH: "a wrong key"}


def check(context: Context) -> Iterator[Problem]:
    """Check how many seconds a first-time caller needs to each leaf, in the slowest language."""
    most_s = context.option("M104", MOST)
    slow: dict[str, tuple[float, str, str]] = {}
    for tag in context.flow.languages:
        found = context.quickest_paths(tag)
        for name in context.goal_nodes & found.keys():
            seconds = found[name].seconds
            if seconds > most_s and seconds > slow.get(name, (0.0,))[0]:
                slow[name] = seconds, tag, _keys(context, found, name)
    for name, (seconds, tag, keys) in slow.items():
        message = (
            f"first-time callers need {seconds:.1f} s to reach {name!r}{context.in_language(tag)}"
            f" (keys: {keys or 'none'}); more than {most_s:g} s"
        )
        hint = "shorten what is said before it, or offer it earlier; 'ivr show' has the seconds of every menu"
        yield Problem(("nodes", name), message, hint, of_key=True)


def _keys(context: Context, found: dict[str, QuickestPath], name: str) -> str:
    """The keys pressed on the quickest path."""
    keys: list[str] = []
    seen = set()
    while name not in seen and found[name].source:
        seen.add(name)
        source, outcome = found[name].source, found[name].outcome
        if context.graph.awaits[source] == "caller":
            keys.insert(0, _DONE.get(outcome, outcome))
        name = source
    return ", ".join(keys)


RULE = Rule(
    code="M104",
    name="slow-leaf",
    severity="warning",
    check=check,
    summary="more than a minute to get there",
    what=(
        "First-time callers who press each key as soon as they hear it need more than 60 s to reach a queue, a dial "
        "node, a message box or an answer, on the quickest path."
    ),
    why="Half of all callers have left the menu after 40 s; those still in it are losing patience.",
    example="three menus of 20 s each, and what is wanted stands last in each",
    better="what many want stands first in each",
    settings=(MOST,),
    source="Field: mean 48 s and median 40 s in the menu (VCC Live 2023, 3.8 million calls)",
)
