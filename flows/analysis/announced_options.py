"""What callers are told: the options a prompt announces, and the outcomes an option promises."""

from __future__ import annotations

from flows.nodes.base import Here, Node
from flows.nodes.base_choice import OTHER
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.menu import Menu
from flows.protocol.actions import EFFECTS, Action, Dial, Enqueue, Listen, Pay, Say, Silence
from flows.protocol.http_answer import FAILURE, TIMEOUT
from flows.protocol.payment import PAID
from flows.speech.announcements import announcements, stays

__all__ = ["options", "promised"]

_KEYPAD = frozenset("0123456789*#")
_FAILED = frozenset({FAILURE, TIMEOUT, "failed", "no_mobile"})
"""Failures of a lookup, a text message or a callback booking."""


def options(node: Node, here: Here) -> tuple[str, ...]:
    """The announced outcomes of a node that listens, in the order of its outcomes.

    A wrong key is not an option, and silence is one only in a menu that has an exit for it and tells callers to stay on
    the line; neither is an unannounced key, that is, a choice without a label or a
    global key that the prompt does not name. *To enter it again* is not an option on the last attempt, since the caller
    is not asked again. A menu whose written prompt names none of its keys counts as announcing them all.

    Parameters
    ----------
    node : Node
    here : Here
        The attempt and the phase of the dialogue; some words are said only on certain attempts.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> keys = "{0: m, 9: {next: repeat, label: the choices again}}"
    >>> menu = "{type: menu, choices: [{key: 1, label: sales, next: bye}, {key: 2, next: bye}]}"
    >>> text = f"{{ivr: 1, name: L, start: m, keys: {keys}, nodes: {{m: {menu}, bye: {{type: hangup}}}}}}"
    >>> flow = load_text(text).flow
    >>> options(flow.nodes["m"], Here(flow, "m", "en-US"))
    ('1', '9')
    """
    silence = node.classify(here, Silence())
    left = {NO_MATCH, silence.outcome if silence else ""}
    if isinstance(node, Menu) and node.no_input.then is not None and _told_to_wait(node, here):
        left.discard(NO_INPUT)
    if isinstance(node, Dialogue) and not node.asks_again(here, ""):
        left.add(node.taken_back)
    heard: frozenset[str] | None = None
    found = []
    for outcome in node.outcomes(here):
        if outcome in left:
            continue
        if _KEYPAD.issuperset(outcome) or (outcome == OTHER and isinstance(node, Menu)):
            heard = _heard(node, here) if heard is None else heard
            if outcome not in heard:
                continue
        found.append(outcome)
    return tuple(found)


def promised(node: Node, here: Here, waits: Action | None) -> frozenset[str]:
    """The outcomes that continue a path an option's label promises.

    For a node that listens, these are its announced options. A queue or a dialled number promises nothing beyond
    itself, a payment only that it is made; a failure promises nothing unless a success leads to the same node. For
    other nodes, all outcomes count.

    Parameters
    ----------
    node : Node
    here : Here
    waits : Action or None
        What `node` waits for here, see `flows.analysis.leg_time.waits_for`.

    Examples
    --------
    >>> from flows.analysis.leg_time import waits_for
    >>> from flows.model.load import load
    >>> flow = load("city_services").flow
    >>> node, here = flow.nodes["find_trash_day"], Here(flow, "find_trash_day", "en-US")
    >>> sorted(promised(node, here, waits_for(node, here)))
    ['found', 'not_found']
    >>> node, here = flow.nodes["permits_queue"], Here(flow, "permits_queue", "en-US")
    >>> promised(node, here, waits_for(node, here))
    frozenset()
    """
    if isinstance(waits, Listen):
        return frozenset(options(node, here))
    if isinstance(waits, Enqueue | Dial):
        return frozenset()
    if isinstance(waits, Pay):
        return frozenset({PAID})
    outcomes = node.outcomes(here)
    if not isinstance(waits, EFFECTS):
        return frozenset(outcomes)
    hoped = {node.next(here, outcome) for outcome in outcomes if outcome not in _FAILED}
    return frozenset(outcome for outcome in outcomes if outcome not in _FAILED or node.next(here, outcome) in hoped)


def _heard(node: Node, here: Here) -> frozenset[str]:
    """The keys named by a menu's options or by any other words on this attempt."""
    if not isinstance(node, Menu):
        return _named(here, *(action for action in node.enter(here) if isinstance(action, Say)))
    node = node.offered(here)
    heard = {option.key for option in node.spoken(here.flow, here.language).options}
    heard |= _named(here, *(action for action in node.reprompt(here) if isinstance(action, Say)))
    if node.intro and here.attempt == 1:
        heard |= _named(here, here.say(node.intro, barge_in=True))
    own = {choice.key for choice in node.choices}
    if not heard & own:
        heard |= {choice.key for choice in node.choices if choice.label} or own
    return frozenset(heard)


def _told_to_wait(node: Menu, here: Here) -> bool:
    return any(stays(say.text, say.language) for say in node.enter(here) if isinstance(say, Say))


def _named(here: Here, *said: Say) -> frozenset[str]:
    return frozenset(found.key for say in said for found in announcements(say.text, say.language))
