"""Where everything of a map stands, in pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flows.map.cards import Card, FlowMap, Port, Start
from flows.map.elk import placed
from flows.map.text_width import text_width, wrapped

__all__ = [
    "ABOUT",
    "CAP",
    "LINE",
    "META",
    "PAD",
    "TITLE",
    "Layout",
    "PlacedCard",
    "PlacedRow",
    "PlacedStart",
    "PlacedWire",
    "laid_out",
]

TITLE, META, ABOUT = 13.0, 10.0, 11.0
"""Type sizes: the title of a card, what is under it, and its words."""
PAD, CAP, LINE = 12.0, 20.0, 1.3
"""Between border and text; the least side of a key; the height of a line, of its type size."""
_WIDEST, _NARROWEST, _START_H, _AFTER_HEAD, _GAP = 250.0, 150.0, 26.0, 6.0, 8.0
_BOLD = 1.08
_OPTIONS = {
    "elk.algorithm": "layered",
    "elk.direction": "RIGHT",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
    "elk.layered.spacing.nodeNodeBetweenLayers": "56",
    "elk.layered.spacing.edgeNodeBetweenLayers": "20",
    "elk.spacing.nodeNode": "20",
    "elk.spacing.componentComponent": "40",
}


@dataclass(frozen=True)
class PlacedRow:
    """One port of a card.

    Parameters
    ----------
    port : Port
    y, height : float
        From the top of the card.
    lines : tuple of str
    goes : str
        Where it leads, in words, if no line does; else empty.
    cap : float
        The width of its key; 0 for what is not pressed.
    """

    port: Port
    y: float
    height: float
    lines: tuple[str, ...]
    goes: str
    cap: float


@dataclass(frozen=True)
class PlacedCard:
    """A card and its text, in lines that fit."""

    card: Card
    x: float
    y: float
    width: float
    height: float
    title: tuple[str, ...]
    meta: tuple[str, ...]
    about: tuple[str, ...]
    rows: tuple[PlacedRow, ...]


@dataclass(frozen=True)
class PlacedStart:
    """Where calls come in."""

    start: Start
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class PlacedWire:
    """A line through these points; `source` is empty for one from a start."""

    source: str
    port: int
    target: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Layout:
    """A map whose parts have their places, in pixels."""

    map: FlowMap
    width: float
    height: float
    cards: tuple[PlacedCard, ...]
    starts: tuple[PlacedStart, ...]
    wires: tuple[PlacedWire, ...]


def laid_out(drawn: FlowMap) -> Layout:
    """Give every card, port and line of a map its place.

    Examples
    --------
    >>> from flows.model.load import load
    >>> from flows.map.cards import flow_map
    >>> found = laid_out(flow_map(load("northwind").flow, part="sales_menu"))
    >>> found.cards[0].card.name, found.width > 400
    ('sales_menu', True)
    """
    cards = [_sized(card) for card in drawn.cards]
    ids = {card.card.name: f"c{at}" for at, card in enumerate(cards)}
    starts = [PlacedStart(one, 0, 0, text_width(one.words, ABOUT) + 2 * PAD, _START_H) for one in drawn.starts]
    ends = [("", at, one.start.target, f"s{at}") for at, one in enumerate(starts)]
    ends += [(wire.source, wire.port, wire.target, f"{ids[wire.source]}.{wire.port}") for wire in drawn.wires]
    children = [{"id": f"s{at}", "width": one.width, "height": one.height} for at, one in enumerate(starts)]
    children += [_node(ids[card.card.name], card) for card in cards]
    edges = [
        {"id": f"e{at}", "sources": [source], "targets": [f"{ids[target]}.in"]}
        for at, (_, _, target, source) in enumerate(ends)
    ]
    found = placed({"id": "map", "layoutOptions": _OPTIONS, "children": children, "edges": edges})
    at = {child["id"]: {"x": child["x"], "y": child["y"]} for child in found["children"]}
    return Layout(
        drawn,
        found["width"],
        found["height"],
        tuple(replace(card, **at[ids[card.card.name]]) for card in cards),
        tuple(replace(one, **at[f"s{number}"]) for number, one in enumerate(starts)),
        tuple(
            PlacedWire(source, port, target, _points(edge))
            for (source, port, target, _), edge in zip(ends, found["edges"], strict=True)
        ),
    )


def _sized(card: Card) -> PlacedCard:
    inner = _WIDEST - 2 * PAD
    title = wrapped(f"{card.title} ✓" if card.serves else card.title, TITLE * _BOLD, inner, most=2)
    meta, about = wrapped(card.meta, META, inner, most=2), wrapped(card.about, ABOUT, inner)
    y = PAD + LINE * (len(title) * TITLE + len(meta) * META + len(about) * ABOUT) + _AFTER_HEAD
    rows, widest = list[PlacedRow](), [_widest(title, TITLE * _BOLD), _widest(meta, META), _widest(about, ABOUT)]
    for port in card.ports:
        cap = max(CAP, text_width(port.shown, ABOUT, bold=True) + _GAP) if port.label else 0.0
        room = inner - (cap + _GAP if cap else 0.0)
        lines = wrapped(port.label or port.shown, ABOUT, room)
        goes = "".join(wrapped(_goes(port), META, room, most=1))
        height = max(CAP, LINE * (len(lines) * ABOUT + bool(goes) * META)) + 6
        rows.append(PlacedRow(port, y, height, lines, goes, cap))
        widest.append(max(_widest(lines, ABOUT), _widest((goes,), META)) + inner - room)
        y += height
    width = min(_WIDEST, max(_NARROWEST, max(widest) + 2 * PAD))
    return PlacedCard(card, 0, 0, width, y + PAD - _AFTER_HEAD, title, meta, about, tuple(rows))


def _widest(lines: tuple[str, ...], size: float) -> float:
    return max((text_width(line, size) for line in lines), default=0.0)


def _goes(port: Port) -> str:
    target = port.target.replace("_", " ")
    return {"here": "", "nowhere": f"✗ nowhere {target}", "word": f"↩ {target}"}.get(port.kind, f"↗ {target}").rstrip()


def _node(name: str, card: PlacedCard) -> dict[str, Any]:
    ports = [{"id": f"{name}.in", "x": 0, "y": PAD + TITLE * LINE / 2, "width": 0, "height": 0}]
    ports += [
        {"id": f"{name}.{at}", "x": card.width, "y": row.y + row.height / 2, "width": 0, "height": 0}
        for at, row in enumerate(card.rows)
    ]
    fixed = {"elk.portConstraints": "FIXED_POS"}
    return {"id": name, "width": card.width, "height": card.height, "ports": ports, "layoutOptions": fixed}


def _points(edge: dict[str, Any]) -> tuple[tuple[float, float], ...]:
    (section,) = edge["sections"]
    points = (section["startPoint"], *section.get("bendPoints", ()), section["endPoint"])
    return tuple((point["x"], point["y"]) for point in points)
