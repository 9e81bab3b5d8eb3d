"""The map of a flow as data: a card for each node, a port for each thing that can happen there, lines between them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from flows.diagram.plan import Plan, Stop, plan
from flows.diagram.rows import rows
from flows.display.numbers import duration
from flows.display.theme import queue_hue
from flows.model.flow import Flow
from flows.nodes.base import Here
from flows.protocol.actions import Say

__all__ = ["Card", "FlowMap", "Port", "Start", "Wire", "as_dict", "flow_map"]

_ASKS = ("menu", "language", "collect", "survey", "yes_no", "list")
_TONES = {
    "dial": "yellow",
    "pay": "yellow",
    "voicemail": "purple",
    "message": "purple",
    "callback": "purple",
    "appointment": "purple",
}


@dataclass(frozen=True)
class Port:
    """Something that can happen at a node: a key, an answer, silence.

    Parameters
    ----------
    shown : str
        The key, or the outcomes in words.
    label : str
        What the caller is offered; empty unless it is a choice.
    outcomes : tuple of str
    target : str
        A node, a word such as ``back``, or empty if it leads nowhere.
    kind : {"here", "elsewhere", "word", "nowhere"}
        ``here``: a line leads to the card; ``elsewhere``: the card is drawn where another line leads to it.
    """

    shown: str
    label: str
    outcomes: tuple[str, ...]
    target: str
    kind: str


@dataclass(frozen=True)
class Card:
    """One node.

    Parameters
    ----------
    name, type : str
    title : str
        The name in words.
    meta : str
        Its type, and how soon a first-time caller gets there.
    about : str
        What it says or does, in a few words.
    tone : str
        The role of its colour in `flows.display.theme`.
    serves : bool
        Whether callers who heard it got what they called for.
    ports : tuple of Port
    spoken : dict of str to list of str
        Everything it says, by language.
    seconds, presses, levels
        Of the quickest path; None if no caller comes here.
    """

    name: str
    type: str
    title: str
    meta: str
    about: str
    tone: str
    serves: bool
    ports: tuple[Port, ...]
    spoken: dict[str, list[str]] = field(hash=False)
    seconds: float | None
    presses: int | None
    levels: int | None


@dataclass(frozen=True)
class Wire:
    """A line from a port of a card to another card."""

    source: str
    port: int
    target: str


@dataclass(frozen=True)
class Start:
    """Where calls come in other than from a card: at the beginning, by a key of every menu, after silence."""

    words: str
    target: str


@dataclass(frozen=True)
class FlowMap:
    """A flow, to be laid out.

    Parameters
    ----------
    title, language : str
    cards : tuple of Card
        In file order, without those that no call reaches.
    wires : tuple of Wire
    starts : tuple of Start
    keys : tuple of (key, words, target)
        Keys that work in every menu.
    unreachable : tuple of str
    """

    title: str
    language: str
    cards: tuple[Card, ...]
    wires: tuple[Wire, ...]
    starts: tuple[Start, ...]
    keys: tuple[tuple[str, str, str], ...]
    unreachable: tuple[str, ...]


def flow_map(flow: Flow, *, language: str = "", part: str = "") -> FlowMap:
    """The map of a flow.

    Parameters
    ----------
    flow : Flow
    language : str
        Of labels and seconds; default: the flow's first.
    part : str
        Only this node and what lies behind it; default: all.

    Examples
    --------
    >>> from flows.model.load import load
    >>> whole = flow_map(load("northwind").flow)
    >>> main = next(card for card in whole.cards if card.name == "main")
    >>> [port.shown for port in main.ports], main.ports[0].label
    (['1', '2', '3', '4', '5'], 'billing and payments')
    """
    drawn = plan(flow, language=language)
    cards = {name: _card(flow, stop) for name, stop in drawn.stops.items() if name not in drawn.unreachable}
    wires = [
        Wire(card.name, at, port.target)
        for card in cards.values()
        for at, port in enumerate(card.ports)
        if port.kind == "here"
    ]
    starts = _starts(drawn)
    if part:
        kept = _behind(part, wires)
        cards = {name: card for name, card in cards.items() if name in kept}
        wires = [wire for wire in wires if wire.source in kept]
        starts = (Start("here", part),) if part in cards else ()
    keys = tuple((key, label or target.replace("_", " "), target) for key, label, target in drawn.keys)
    return FlowMap(
        drawn.title, drawn.language, tuple(cards.values()), tuple(wires), starts, keys, tuple(drawn.unreachable)
    )


def _card(flow: Flow, stop: Stop) -> Card:
    seconds = f"after {duration(round(stop.reach.seconds))}" if stop.reach else "never reached"
    tone = "good" if stop.serves else "ink" if stop.type in _ASKS else _TONES.get(stop.type, "neutral")
    if stop.queue >= 0:
        tone = queue_hue(stop.queue)
    return Card(
        stop.name,
        stop.type,
        stop.name.replace("_", " "),
        f"{stop.type.replace('_', ' ')} · {seconds}",
        stop.about,
        tone,
        stop.serves,
        tuple(Port(row.shown, row.label, row.outcomes, row.link.target, row.link.kind) for row in rows(stop)),
        {tag: _spoken(flow, stop.name, tag) for tag in flow.languages},
        stop.reach.seconds if stop.reach else None,
        stop.reach.presses if stop.reach else None,
        stop.reach.levels if stop.reach else None,
    )


def _spoken(flow: Flow, name: str, tag: str) -> list[str]:
    node = flow.nodes[name]
    actions = node.enter(Here(flow, name, tag, values=None))
    return [action.text for action in actions if isinstance(action, Say) and action.text]


def _starts(drawn: Plan) -> tuple[Start, ...]:
    found = [Start("a call", drawn.start)] if drawn.start in drawn.stops else []
    for root in drawn.roots:
        keys = [key for key, _, target in drawn.keys if target == root]
        found.append(Start(f"{', '.join(keys)} in every menu" if keys else "after silence", root))
    return tuple(found)


def _behind(name: str, wires: list[Wire]) -> set[str]:
    found, todo = {name}, [name]
    while todo:
        at = todo.pop()
        more = [wire.target for wire in wires if wire.source == at and wire.target not in found]
        found.update(more)
        todo += more
    return found


def as_dict(drawn: FlowMap) -> dict[str, Any]:
    """The map as data for programs."""
    return {
        "flow": drawn.title,
        "language": drawn.language,
        "cards": [
            {
                "node": card.name,
                "type": card.type,
                "meta": card.meta,
                "about": card.about,
                "serves": card.serves,
                "seconds": None if card.seconds is None else round(card.seconds, 1),
                "presses": card.presses,
                "levels": card.levels,
                "spoken": card.spoken,
                "ports": [{**asdict(port), "outcomes": list(port.outcomes)} for port in card.ports],
            }
            for card in drawn.cards
        ],
        "starts": [{"words": start.words, "target": start.target} for start in drawn.starts],
        "keys": [{"key": key, "words": words, "target": target} for key, words, target in drawn.keys],
        "unreachable": list(drawn.unreachable),
    }
