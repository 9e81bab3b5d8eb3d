"""What a simulation assumes without field evidence: in words, with values, most important first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flows.display.numbers import count, duration, share
from flows.model.flow import Flow
from flows.nodes.base import usual_length
from flows.nodes.queue import Queue
from flows.source.counted import counted
from simulation.menus.chain import CHANCE, MenuChain
from simulation.menus.intent_shares import shares_of_intent
from simulation.sampling.distributions import Constant, Distribution
from simulation.scenario.calling_again import calling_again
from simulation.scenario.duty import Outbound
from simulation.scenario.floor import CallBack, Conference
from simulation.scenario.model import Scenario
from simulation.scenario.routing import routing_table
from simulation.workload.build_queue_rules import announcing

__all__ = ["MOST_ASSUMED", "assumptions", "in_words", "unstated_shares", "weightiest"]


def in_words(of: Distribution) -> str:
    """Return a distribution in words.

    >>> from simulation.sampling.distributions import Lognormal
    >>> in_words(Lognormal(240.0, 0.8)), in_words(Constant(10.0))
    ('lognormal, mean 4 min', '10 s')
    """
    if isinstance(of, Constant):
        return "never ends" if of.value == float("inf") else duration(of.value)
    return f"{of.kind.replace('_', ' ')}, mean {duration(of.mean)}"


_WORDS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "hear_all": ("callers who hear a whole menu before they press", share),
    "key_ahead": ("callers who know the menus and press at once", share),
    "wrong_key": ("presses that hit a wrong key", share),
    "no_input": ("prompts after which a caller stays silent", share),
    "zero_out": ("prompts at which a caller presses 0 unasked, where it is bound", share),
    "no_entry": ("prompts for digits after which nothing is entered", share),
    "wrong_entry": ("entries of digits that match no number", share),
    "hang_up_per_minute": ("callers who hang up in a minute of menu", share),
    "reaction": ("time from hearing an option to pressing its key", in_words),
    "leave_message": ("callers at a voicemail who leave a message", share),
    "message": ("length of a message", in_words),
    "ring": ("time a dialled number rings", in_words),
    "lookup": ("time until a lookup answers", in_words),
}
_NEEDS = {
    "leave_message": "voicemail",
    "message": "voicemail",
    "ring": "dial",
    "no_entry": "collect",
    "wrong_entry": "collect",
    "lookup": "lookup",
}


def assumptions(scenario: Scenario, chain: MenuChain) -> tuple[str, ...]:
    """Return every default of caller behaviour that the scenario does not set, and what the model leaves out.

    Parameters
    ----------
    scenario : Scenario
    chain : MenuChain
        Of the scenario's flow.

    Returns
    -------
    tuple of str
        For example ``"presses that hit a wrong key: 1 %"``.
    """
    behaviour, flow = scenario.behaviour, chain.flow
    types = {node.type for node in flow.nodes.values()}
    stated = behaviour.model_fields_set if "behaviour" in scenario.model_fields_set else set()
    found = [
        f"{words}: {write(getattr(behaviour, name))}"
        for name, (words, write) in _WORDS.items()
        if name not in stated and _NEEDS.get(name, next(iter(types))) in types
    ]
    found += _left_open(scenario, chain, types)
    return tuple(found)


def unstated_shares(scenario: Scenario, chain: MenuChain) -> tuple[str, ...]:
    """Return what is assumed in the menus where the scenario states no shares.

    Parameters
    ----------
    scenario : Scenario
    chain : MenuChain
        Of the scenario's flow.
    """
    behaviour, flow = scenario.behaviour, chain.flow
    found = []
    entries = {
        state.node: entry for state in chain.states if (entry := flow.nodes[state.node].entry(state.session.here(flow)))
    }
    if opened := [f"{usual_length(entry)} digits at {name}" for name, entry in entries.items() if entry[0] < entry[1]]:
        found.append(
            "numbers of open length have the middle of the lengths allowed and are finished with the finish key:"
            f" {', '.join(opened)}"
        )
    if off := [name for name in flow.switches if name not in scenario.switches]:
        found.append(f"switches are off: {', '.join(off)} (no times are stated)")
    if len(flow.languages) > 1 and not behaviour.languages:
        found.append(f"everybody speaks {flow.languages[0]} (no language shares are stated)")
    # Calls reach only the first `visited` positions.
    met = [at for at in range(chain.visited) if chain.kind[at] == CHANCE]
    drawn = dict.fromkeys(chain.node(at) for at in met)
    by_intent = [shares_of_intent(intent, flow) for intent in scenario.intents.values()]
    told = {*behaviour.splits, *behaviour.lookups, *(name for name in drawn if all(name in own for own in by_intent))}
    unstated = [name for name in drawn if flow.nodes[name].type == "split" and name not in told]
    if unstated:
        found.append(f"a value that is not known takes 'otherwise' at {', '.join(unstated)} (no shares are stated)")
    for name in drawn:
        node, own = flow.nodes[name], behaviour.nodes.get(name)
        states = [at for at in met if chain.node(at) == name]
        draws = any(getattr(chain.states[at].waits, "shares", ()) for at in states)
        if (
            node.type not in ("split", "dial", "voicemail")
            and not draws
            and not (own and own.shares)
            and name not in told
        ):
            found.append(f"{_usually(chain, states[0])} (no shares are stated)")
    asked = [
        name
        for name, node in flow.nodes.items()
        if node.drawn and not (name in behaviour.nodes and behaviour.nodes[name].shares)
    ]
    if asked:
        found.append(f"every answer is as likely as the next at {', '.join(asked)} (no shares are stated)")
    return tuple(found)


def _usually(chain: MenuChain, at: int) -> str:
    """How a node ends whose shares are stated nowhere: always in one way, or as its type is assumed to."""
    name, labels = chain.node(at), chain.label[at]
    usual = chain.flow.nodes[name].usual(chain.states[at].session.here(chain.flow))
    if len([part for part in usual.values() if part > 0]) < 2:
        return f"{name!r} always ends in {labels[0]!r}"
    return f"{name!r} ends in {', '.join(f'{label} {share(part)}' for label, part in usual.items())}"


def _left_open(scenario: Scenario, chain: MenuChain, types: set[str]) -> list[str]:
    behaviour, flow = scenario.behaviour, chain.flow
    found = list(unstated_shares(scenario, chain))
    if (
        "queue" in types
        and not scenario.patience
        and not all(scenario.times("patience", node.queue) for node in flow.nodes.values() if isinstance(node, Queue))
    ):
        found.append("callers of queues without a stated patience never hang up while they wait")
    unused = [
        name
        for name, node in flow.nodes.items()
        if isinstance(node, Queue) and node.while_waiting and name not in behaviour.while_waiting
    ]
    if unused:
        found.append(
            f"nobody uses the keys that are offered while waiting at {', '.join(unused)} (no shares are stated)"
        )
    dialled = [name for name, node in flow.nodes.items() if node.type == "dial"]
    unstated = [name for name in dialled if not (name in behaviour.nodes and behaviour.nodes[name].shares)]
    if unstated:
        where = "" if len(unstated) == len(dialled) else f" at {', '.join(unstated)}"
        found.append(f"every dialled number answers{where} (no shares are stated)")
    found += _of_the_floor(scenario, flow)
    if not scenario.arrivals.busyness and scenario.arrivals.kind not in ("trace", "history"):
        found.append(f"all days are alike: {_calls(scenario)} vary as Poisson counts do, no day is busier as a whole")
    return found


_RETRY = {
    "after": "from an unsuccessful call to the next",
    "attempts": "most calls in all",
    "patience": "patience of the next call",
}
_CALLBACK: dict[str, tuple[str, Callable[[Any], str]]] = {
    "share": ("callers who take the offer of a callback", share),
    "ring": ("time an agent lets it ring", in_words),
    "answered": ("callbacks that are answered", share),
    "attempts": ("times a caller is tried", str),
    "again": ("time from an unanswered callback to the next", duration),
}

_CONFERENCE: dict[str, tuple[str, Callable[[Any], str]]] = {
    "give_up": ("time after which nobody waits for a colleague any longer", duration),
}
_OUTBOUND: dict[str, tuple[str, Callable[[Any], str]]] = {
    "ring": ("time an outbound call rings", in_words),
    "answered": ("outbound calls that are answered", share),
    "after_call_work": ("work after an outbound call", in_words),
}


def _of_the_floor(scenario: Scenario, flow: Flow) -> list[str]:
    """What is assumed about queues, callbacks and retries."""
    found, retry = [], scenario.behaviour.retry
    told = announcing(flow)
    if told and not scenario.behaviour.told:
        found.append(f"callers do not react to the expected wait they hear for {', '.join(told)} (told is not stated)")
    stated = [name for name in told if name in scenario.queues and scenario.queues[name].expected_wait]
    if told and len(stated) < len(told) and "expected_wait" not in scenario.model_fields_set:
        found.append(
            "the expected wait that is told follows from the calls ahead, the mean talk and the agents on duty"
        )
    for name, times in scenario.queues.items():
        found += _defaults(name, times.callback, _CALLBACK) + _defaults(name, times.conference, _CONFERENCE)
    for name, group in scenario.groups.items():
        found += _defaults(name, group.outbound, _OUTBOUND)
    if any(node.type == "callback" for node in flow.nodes.values()):
        found.append("callbacks booked in the menus are not made by these agents")
    again = calling_again(scenario)
    if not any(of.share for of in again):
        found.append("callers who hung up or were blocked do not call again")
    elif retry is not None:
        values = {
            "after": in_words(retry.after),
            "attempts": str(retry.attempts),
            "patience": (
                f"that of the call before ({retry.patience})"
                if retry.patience == "keep"
                else f"drawn anew ({retry.patience})"
            ),
        }
        found += [
            f"{words}: {values[part]}"
            for part, words in _RETRY.items()
            if part not in retry.model_fields_set or part == "patience"
        ]
    if any(times.transfer for times in scenario.queues.values()):
        found.append(
            "transferred callers wait with a new patience, at the first node of the flow that leads to the other queue"
        )
    for name in _kept_for_nothing(scenario, flow):
        found.append(
            f"keep_idle of {name} holds nobody back: all queues that the group serves are its own (own is not stated)"
        )
    if any(group.shrinkage for group in scenario.groups.values()):
        found.append("agents stay away independently of each other, each for a whole day")
    if any(group.fractional for group in scenario.groups.values()):
        found.append("a fraction of an agent is one who is there on that share of the days, each day by chance")
    return found


def _defaults(
    name: str, stated: CallBack | Conference | Outbound | None, words: dict[str, tuple[str, Callable[[Any], str]]]
) -> list[str]:
    """What is not stated of callbacks, or of outbound calls, if there are any."""
    return [
        f"{name}: {text}: {write(getattr(stated, part))}"
        for part, (text, write) in words.items()
        if stated and part not in stated.model_fields_set
    ]


def _kept_for_nothing(scenario: Scenario, flow: Flow) -> list[str]:
    """Groups that reserve agents although they serve only their own queues."""
    if not any(scenario.routing.keep_idle.values()):
        return []
    table = routing_table(scenario, flow)
    return [
        group
        for g, group in enumerate(table.groups)
        if table.keep_idle[g]
        and all(own[g] for own, rank in zip(table.own, table.rank, strict=True) if rank[g] is not None)
    ]


def _calls(scenario: Scenario) -> str:
    if scenario.arrivals.kind == "constant":
        return f"{counted(count(scenario.arrivals.per_hour[0]), 'call')} an hour"
    return "the calls of each interval"


MOST_ASSUMED = 5
"""How many assumptions are shown unless all are requested."""

_WEIGHTIEST_FIRST = (
    "never hang up",  # if nobody hangs up, a slight overload grows the queue all day
    "all days are alike",  # most bad days are days that are busy as a whole
    "stay away",
    "do not call again",  # callers call again when the queue is longest
    "call again",
    "of the next call",
    "always ends in",
    "takes 'otherwise'",
    "as likely as the next",  # where callers go decides which queue has the work
    "press 0 unasked",
    "everybody speaks",
    "offered while waiting",
    "callback",
    "expected wait they hear",
    "dialled number answers",
    "hang up in a minute of menu",
)
"""Phrases that identify assumptions, most important first; any others follow in their original order."""


def weightiest(assumptions: Sequence[str]) -> list[str]:
    """Return assumptions in the order in which evidence for them is most worth finding.

    Queue lengths depend most on whether callers hang up, call again or all call on the same day, then on which queue
    they reach; seconds in the menu come last. This order is a judgement, not a measurement: to measure it for a
    scenario, run ``ivr compare`` with the value changed.

    Examples
    --------
    >>> weightiest(["presses that hit a wrong key: 1 %", "callers who hung up or were blocked do not call again"])
    ['callers who hung up or were blocked do not call again', 'presses that hit a wrong key: 1 %']
    """

    def rank(text: str) -> int:
        return next((i for i, words in enumerate(_WEIGHTIEST_FIRST) if words in text), len(_WEIGHTIEST_FIRST))

    return sorted(assumptions, key=rank)
