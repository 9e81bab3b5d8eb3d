"""Which mistakes call scripts notice: each is made in the flow, and the calls that come there are played again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from flows.model.flow import Flow
from flows.model.load import Loaded
from ivr.difference.change import Change
from ivr.difference.walk import walk
from ivr.mutants.mutants import Mutant, mutants
from ivr.phone.call_script import Script
from ivr.phone.flow_scripts import FlowDriver
from ivr.phone.script_player import play

__all__ = ["Fate", "Verdict", "judge"]

Fate = Literal["noticed", "missed", "same"]
"""``same``: no caller finds a difference, so no script can."""


class Verdict(NamedTuple):
    """What became of a mistake.

    Parameters
    ----------
    mutant : Mutant
    fate : Fate
    by : str
        The call that noticed it; empty if none did.
    calls : int
        How many calls come to its place.
    change : Change or None
        For a missed one: the first thing that a caller would find different.
    """

    mutant: Mutant
    fate: Fate
    by: str = ""
    calls: int = 0
    change: Change | None = None


def judge(
    loaded: Loaded, scripts: Sequence[Script], progress: Callable[[int, int], None] | None = None
) -> list[Verdict]:
    """Make every mistake, and play the scripts on each.

    A call that never comes to a node cannot notice a mistake in it, so only those that do are played; one that goes
    otherwise than written ends the search. Where none does, the two flows are walked side by side: a mistake that
    changes nothing for any caller is no mistake.

    Parameters
    ----------
    loaded : Loaded
    scripts : sequence of Script
        All of them hold on the flow as it is.
    progress : callable, optional
        Called with how many mistakes are done, and how many there are.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> from ivr.phone.call_script import read_scripts
    >>> line = load_text("ivr: 1\\nname: L\\nstart: hi\\nnodes:\\n  hi: {type: play, say: Good day., next: bye}\\n"
    ...     "  bye: {type: hangup, say: Bye now.}")
    >>> scripts = read_scripts('call: one\\n  hear "Bye now"\\n', "a.calls")
    >>> [(one.mutant.words, one.fate) for one in judge(line, scripts)]
    [('done leads nowhere', 'noticed'), ('say says “Hello.” in en-US', 'missed'),
     ('say says “Hello.” in en-US', 'noticed')]
    """
    comes: dict[str, list[Script]] = {}
    for script in scripts:
        for node in _played(loaded.flow, script)[1]:
            comes.setdefault(node, []).append(script)
    found, made = list[Verdict](), mutants(loaded)
    for done, mutant in enumerate(made, 1):
        flow = mutant.made_in(loaded)
        if flow is not None:
            there = dict.fromkeys(script for node in mutant.nodes for script in comes.get(node, ()))
            found.append(_judged(loaded.flow, flow, mutant, there))
        if progress:
            progress(done, len(made))
    return found


def _judged(flow: Flow, wrong: Flow, mutant: Mutant, there: Iterable[Script]) -> Verdict:
    calls = list(there)
    # The calls that say the most notice the most.
    for script in sorted(calls, key=lambda one: -len(one.lines)):
        if not _played(wrong, script)[0]:
            return Verdict(mutant, "noticed", script.name, len(calls))
    changes = walk(flow, wrong).changes
    return Verdict(mutant, "missed" if changes else "same", "", len(calls), next(iter(changes), None))


def _played(flow: Flow, script: Script) -> tuple[bool, frozenset[str]]:
    """Whether a call goes as written, and the nodes it comes to."""
    driver = FlowDriver(flow, script.name)
    findings, _ = play(script, driver)
    phone = driver.phone
    if phone is None:
        return not findings, frozenset()
    said = {node for turn in phone.turns for node, _ in turn.said}
    return not findings, frozenset({*said, *(node for node, _ in phone.path), phone.session.node})
