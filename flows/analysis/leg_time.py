"""The seconds and keys of one leg of a call, as defined in ``docs/seconds.md``; shared by all drivers.

A leg is one prompt or one wait; it ends with an outcome. What a caller does to get an outcome is derived from the
node's own ``classify``, so a node type need not say anything about keys.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from flows.analysis.payment_time import payment_s
from flows.nodes.base import Here, Node, usual_length
from flows.nodes.base_listening import only_spoken
from flows.nodes.menu import Menu
from flows.protocol.actions import (
    WAITING,
    Action,
    Dial,
    Enqueue,
    Event,
    Fetch,
    Keys,
    Listen,
    Outcome,
    Pay,
    Record,
    Silence,
    Speech,
)
from flows.protocol.http_answer import TIMEOUT
from flows.speech.timing import (
    ACCEPT_S,
    DECISION_S,
    DIGIT_S,
    LOOKUP_S,
    MESSAGE_S,
    NO_MESSAGE_S,
    RING_S,
    SYSTEM_GAP_S,
    say_s,
)

__all__ = [
    "LISTENERS",
    "USUAL_S",
    "Act",
    "LegTime",
    "Listener",
    "act",
    "between_s",
    "leg_time",
    "leg_times",
    "number",
    "presses_of",
    "silences",
    "waits_for",
    "whole_s",
]

Listener = Literal["option", "whole", "nothing"]
LISTENERS: tuple[Listener, ...] = ("option", "whole", "nothing")
"""A caller presses a key on hearing the option, hears the whole prompt first, or keys ahead and hears nothing."""
Extra = Literal["", "reaction", "lookup", "ring", "message"]
USUAL_S: Mapping[Extra, float] = {
    "": 0.0,
    "reaction": DECISION_S,
    "lookup": LOOKUP_S,
    "ring": RING_S,
    "message": MESSAGE_S,
}
"""Typical seconds of what varies between callers, used when it is not drawn at random."""
_WRONG = Keys("?")
_WAITING_KEY = "key "
_NUMBER = "40172395681047263958"


class Act(NamedTuple):
    """What happens in a leg once enough has been heard.

    Parameters
    ----------
    extra : str
        What varies, a key of `USUAL_S`: the reaction, an answer, ringing, a message.
    rest_s : float
        Remaining seconds: keying, pause and gap, or a timeout.
    presses : int
        Key presses; entering a number counts as one.
    pause_s : float
        The part of `rest_s` in which the system waits for further keys.
    most_s : float
        The longest that `extra` can take: a full recording, the node's timeout.
    """

    extra: Extra = ""
    rest_s: float = 0.0
    presses: int = 0
    pause_s: float = 0.0
    most_s: float = math.inf

    @property
    def seconds(self) -> float:
        """Seconds in all, with the typical length of what varies."""
        return min(USUAL_S[self.extra], self.most_s) + self.rest_s


class LegTime(NamedTuple):
    """The time and the keys of a leg.

    Parameters
    ----------
    whole_s, heard_s : float
        Seconds of the whole prompt, and of what must be heard for the outcome.
    act : Act
    presses : bool
        Whether the caller presses a key or speaks, which cuts the prompt short.
    """

    whole_s: float
    heard_s: float
    act: Act
    presses: bool

    @classmethod
    def said(cls, seconds: float) -> LegTime:
        """A leg in which nobody acts."""
        return cls(seconds, seconds, Act(), False)

    def hears_s(self, listener: Listener) -> float:
        """Seconds of the prompt that this kind of listener hears."""
        if not self.presses or listener == "whole":
            return self.whole_s
        return self.heard_s if listener == "option" else 0.0

    def seconds(self, listener: Listener = "option") -> float:
        """Seconds of the leg, with the typical length of what varies."""
        return self.hears_s(listener) + self.act.seconds


def presses_of(event: Event | None) -> int:
    """Key presses that an event counts as: 1 for any number of digits keyed at once; 0 for silence and speech.

    >>> presses_of(Keys("5")), presses_of(Keys("402317")), presses_of(Outcome("key 5")), presses_of(Silence())
    (1, 1, 1, 0)
    """
    waiting = isinstance(event, Outcome) and event.label.startswith(_WAITING_KEY)
    return int(waiting or isinstance(event, Keys))


def act(waits: Action | None, event: Event | None, outcome: str, *, finished: bool = False) -> Act:
    """What `event` takes when a call waits for `waits`, once enough has been heard.

    Parameters
    ----------
    waits : Action or None
        None if the call waits for nothing.
    event : Event or None
        What the caller does, for a `Listen`.
    outcome : str
    finished : bool
        Whether the finish key ended the entry.

    Examples
    --------
    Six of up to ten digits: with the finish key, seven keys are pressed; without it, the pause must pass.

    >>> listen = Listen((), 10, "#", 5.0, 3.0, "en-US")
    >>> round(act(listen, Keys("402317"), "collected", finished=True).seconds, 6)  # 1 + 6 * 0.4 + 0.5
    3.9
    >>> round(act(listen, Keys("402317"), "collected").seconds, 6)  # 1 + 5 * 0.4 + 3 + 0.5
    6.5
    """
    match waits:
        case Listen():
            return _input(waits, event, finished=finished)
        case Dial():
            return _dialled(waits, outcome)
        case Record():
            return Act("message", most_s=whole_s(waits.max_s)) if outcome == "recorded" else Act("", NO_MESSAGE_S)
        case Pay():
            return Act("", payment_s(waits, outcome))
        case Fetch():
            return Act("", waits.timeout_s) if outcome == TIMEOUT else Act("lookup", most_s=waits.timeout_s)
        case Enqueue():
            return Act(presses=presses_of(Outcome(outcome)))
        case _:
            return Act()


def _dialled(dial: Dial, outcome: str) -> Act:
    """What it takes until somebody is connected, or nobody is.

    Those who are called one after the other all ring in vain before nobody answers. Whoever picks up hears the whisper,
    and is asked; a mailbox, which never presses 1, keeps the caller until nobody waits for the key any more.
    """
    if outcome not in dial.labels:  # nobody is dialled
        return Act()
    rings_s = whole_s(dial.timeout_s)
    if outcome == "no_answer":
        return Act("", rings_s * (len(dial.parties) if dial.in_turn else 1))
    aside_s = sum(say_s(say) for say in (dial.whisper, dial.accept) if say)
    if outcome == "declined":
        return Act("ring", aside_s + ACCEPT_S, most_s=rings_s)
    decides_s = DECISION_S + SYSTEM_GAP_S if dial.accept else 0.0
    return Act("ring", aside_s + decides_s if outcome == "answered" else 0.0, most_s=rings_s)


def silences(listen: Listen) -> tuple[float, float]:
    """Seconds of silence that end listening: before the first key, and after a key that others may follow.

    They follow what a carrier supports: whole seconds, and the second no longer than the first. A Gather has one
    timeout, which starts when its prompts end and restarts with every key; a pause at the end of the prompts makes the
    first one longer.

    Examples
    --------
    >>> silences(Listen((), 6, "#", 5.0, 2.5, "en-US")), silences(Listen((), 6, "#", 4.0, 6.0, "en-US"))
    ((5.0, 3.0), (4.0, 4.0))
    """
    first_s = whole_s(listen.timeout_s)
    return first_s, between_s(listen.timeout_s, listen.interdigit_s) if listen.max_digits > 1 else first_s


def between_s(timeout_s: float, interdigit_s: float) -> float:
    """Seconds of silence after a key that others may follow, for a node with these two timeouts; see `silences`.

    >>> between_s(5.0, 3.0), between_s(5.0, 6.0)
    (3.0, 5.0)
    """
    return min(whole_s(timeout_s), whole_s(interdigit_s))


def whole_s(seconds: float) -> float:
    """A time as carriers count it: whole seconds, rounded up, at least one.

    >>> whole_s(2.5), whole_s(3.0)
    (3.0, 3.0)
    """
    return float(max(1, math.ceil(seconds)))


def _input(listen: Listen, event: Event | None, *, finished: bool) -> Act:
    if isinstance(event, Silence):
        return Act("", silences(listen)[0])
    if not isinstance(event, Keys):
        return Act("reaction", SYSTEM_GAP_S)
    keys = max(1, len(event.keys) + finished)
    pause_s = silences(listen)[1] if 0 < len(event.keys) < listen.max_digits and not finished else 0.0
    return Act("reaction", DIGIT_S * (keys - 1) + pause_s + SYSTEM_GAP_S, presses_of(event), pause_s)


def waits_for(node: Node, here: Here) -> Action | None:
    """What a node waits for in one state: an action of `flows.protocol.actions.WAITING`; None if it goes on by itself.

    >>> from flows.model.load import load
    >>> flow = load("northwind").flow
    >>> type(waits_for(flow.nodes["main"], Here(flow, "main", "en-US"))).__name__
    'Listen'
    """
    if isinstance(node, Menu):  # known to listen; skips its words
        return node.listen(here)
    last = node.enter(here)[-1:]
    return last[0] if last and isinstance(last[0], WAITING) else None


def leg_times(node: Node, here: Here, waits: Action | None) -> Callable[[str], LegTime]:
    """The times of a node's legs in one state, as a function of the outcome; the prompt is composed once.

    Parameters
    ----------
    node : Node
    here : Here
        With ``values`` None if no values are known.
    waits : Action or None
        What `node` waits for here, see `waits_for`.
    """
    hearing = node.hearing(here)
    whole_s = hearing("")

    def of(outcome: str) -> LegTime:
        if not isinstance(waits, Listen):
            said_s = hearing(outcome)
            return LegTime(said_s, said_s, act(waits, None, outcome), False)
        event, finished = _deed(node, here, waits, outcome)
        presses = not isinstance(event, Silence)
        return LegTime(
            whole_s, hearing(outcome) if presses else whole_s, act(waits, event, outcome, finished=finished), presses
        )

    return of


def leg_time(node: Node, here: Here, waits: Action | None, outcome: str) -> LegTime:
    """The time and the keys of one leg; see `leg_times`.

    Examples
    --------
    Key 2 is announced after 3.2 s of a written prompt; then come a second to decide and a gap of half a second.

    >>> from flows.model.load import load_text
    >>> prompt, choices = '"For sales, press 1. For billing, press 2."', "[{key: 1, next: bye}, {key: 2, next: bye}]"
    >>> menu = f"{{type: menu, prompt: {prompt}, choices: {choices}}}"
    >>> text = f"{{ivr: 1, name: L, start: main, nodes: {{bye: {{type: hangup}}, main: {menu}}}}}"
    >>> flow = load_text(text).flow
    >>> main, here = flow.nodes["main"], Here(flow, "main", "en-US", values=None)
    >>> time = leg_time(main, here, main.enter(here)[-1], "2")
    >>> round(time.seconds(), 6), round(time.seconds("nothing"), 6), time.act.presses
    (4.7, 1.5, 1)
    """
    return leg_times(node, here, waits)(outcome)


def _deed(node: Node, here: Here, listen: Listen, outcome: str) -> tuple[Event, bool]:
    """What a caller does to get `outcome`, and whether the finish key ends it."""
    if only_spoken(outcome):
        return Speech(""), False
    if outcome in listen.keys or outcome in here.flow.keys:
        return Keys(outcome), False
    silence = node.classify(here, Silence())
    if silence is not None and silence.outcome == outcome:
        return Silence(), False
    if entry := node.entry(here):
        return number(entry, listen, node.entry_keys(here))
    for key in listen.keys:
        reading = node.classify(here, Keys(key))
        if reading is not None and reading.outcome == outcome:
            return Keys(key), False
    return _WRONG, False


def number(entry: tuple[int, int], listen: Listen, keys: str = "") -> tuple[Keys, bool]:
    """A number of typical length (`keys` if any will not do), and whether it must be ended with the finish key."""
    length = usual_length(entry)
    digits = keys or (_NUMBER * (length // len(_NUMBER) + 1))[:length]
    return Keys(digits), len(digits) < listen.max_digits and bool(listen.finish_key)
