"""What call scripts try of a flow: nodes, exits, silence and wrong keys up to the last, texts by language, hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flows.analysis.graph import FlowGraph
from flows.model.flow import Flow
from flows.nodes.base import Here
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.hours import Hours
from flows.nodes.language import Language
from flows.nodes.switch import Switch
from ivr.interpreter.chain import tabulate
from ivr.phone.flow_scripts import exits
from ivr.phone.script_player import Played

__all__ = ["FAMILIES", "Coverage", "Family", "Thing", "coverage", "there", "tried_things"]

Thing = tuple[str, ...]
"""A node; a node and an outcome; a node and a language; or a language."""
FAMILIES = ("nodes", "exits", "silence and wrong keys", "last attempts", "texts", "languages", "hours")


@dataclass(frozen=True)
class Family:
    """Things of one kind that scripts can try.

    Parameters
    ----------
    name : str
        One of `FAMILIES`.
    tried, untried : tuple of Thing
        In the order of the file.
    """

    name: str
    tried: tuple[Thing, ...]
    untried: tuple[Thing, ...]

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.tried) + len(self.untried)

    @property
    def share(self) -> float:
        """The share that was tried, 0..1; 1 if there are none."""
        return len(self.tried) / self.number if self.number else 1.0


@dataclass(frozen=True)
class Coverage:
    """Every family, and how many calls were played."""

    families: tuple[Family, ...]
    calls: int

    def of(self, name: str) -> Family:
        """A family by its name."""
        return next(family for family in self.families if family.name == name)


def coverage(flow: Flow, played: Sequence[Played]) -> Coverage:
    """What the calls tried, of all that a call can come to.

    Parameters
    ----------
    flow : Flow
    played : sequence of Played

    Returns
    -------
    Coverage
        Without nodes that no call reaches: the linter tells of those (S003).

    Examples
    --------
    >>> from ivr.phone.call_script import read_scripts
    >>> from ivr.phone.flow_scripts import run
    >>> from flows.model.load import load
    >>> flow = load("northwind").flow
    >>> one = run(flow, read_scripts("call: a\\n  press 1\\n  press 3\\n  hang up\\n", "a.calls")[0])
    >>> found = coverage(flow, [one])
    >>> found.of("languages").tried, found.of("exits").tried[-1]
    ((('en-US',),), ('main', '3'))
    """
    tried = frozenset().union(*(tried_things(flow, one.path, one.heard, one.ends_at) for one in played))
    families = []
    for name, things in there(flow).items():
        done = tuple(thing for thing in things if (name, thing) in tried)
        families.append(Family(name, done, tuple(thing for thing in things if (name, thing) not in tried)))
    return Coverage(tuple(families), len(played))


def there(flow: Flow) -> dict[str, tuple[Thing, ...]]:
    """All that calls can come to, by family and in the order of the file."""
    reached = FlowGraph(flow).reachable
    every: dict[str, Iterable[Thing]] = {
        "nodes": ((name,) for name in flow.nodes),
        "exits": exits(flow),
        "silence and wrong keys": _failures(flow),
        "last attempts": _last_attempts(flow),
        "texts": _texts(flow),
        "languages": ((language,) for language in flow.languages),
        "hours": ((name, out) for name, out in exits(flow) if isinstance(flow.nodes[name], Hours | Switch)),
    }
    return {
        name: tuple(thing for thing in every[name] if name == "languages" or thing[0] in reached) for name in FAMILIES
    }


def tried_things(
    flow: Flow, path: Sequence[tuple[str, str]], heard: Iterable[tuple[str, str]], ends_at: str = ""
) -> frozenset[tuple[str, Thing]]:
    """What was tried, as (family, thing), by a call that passed these nodes and outcomes, and heard these nodes speak.

    Parameters
    ----------
    flow : Flow
    path : sequence of (node, outcome)
    heard : iterable of (node, language)
    ends_at : str
        The node that follows the path; empty if that is not known.
    """
    found: set[tuple[str, Thing]] = set()
    for (name, outcome), (after, _) in pairwise((*path, (ends_at, ""))):
        asked = flow.nodes[name]
        if outcome in (NO_INPUT, NO_MATCH) and after not in ("", name) and isinstance(asked, Dialogue):
            found.add(("last attempts", (name, asked.retry_exit(outcome))))
    for step in path:
        found |= {("nodes", step[:1]), ("exits", step), ("silence and wrong keys", step), ("hours", step)}
    for node, language in heard:
        found.add(("texts", (node, language)))
        if not isinstance(flow.nodes[node], Language):  # which offers each language in its own words
            found.add(("languages", (language,)))
    return frozenset(found)


def _failures(flow: Flow) -> Iterator[Thing]:
    first = flow.languages[0]
    for name, node in flow.nodes.items():
        if isinstance(node, Dialogue):
            outcomes = node.outcomes(Here(flow, name, first, values=None))
            yield from ((name, outcome) for outcome in (NO_INPUT, NO_MATCH) if outcome in outcomes)


def _last_attempts(flow: Flow) -> Iterator[Thing]:
    """The exits that silence and wrong keys lead to in the end."""
    for name, node in flow.nodes.items():
        if isinstance(node, Dialogue):
            yield from ((name, wire.outcome) for wire in node.retry_wires() if wire.target not in (None, name))


def _texts(flow: Flow) -> Iterator[Thing]:
    """Every node that says something, in every language in which a call comes to it."""
    come = {(state.node, state.session.language) for state in tabulate(flow).states}
    for name, node in flow.nodes.items():
        if node.prompts():
            yield from ((name, language) for language in flow.languages if (name, language) in come)
