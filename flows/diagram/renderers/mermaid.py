"""Mermaid, which GitHub and many editors render: every node once, keys and labels on the edges, and a small arrow with
its name for a node drawn elsewhere.

Types differ in shape and colour. Characters that are special in Mermaid are written as entity codes
(https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.display.theme import LIGHT

if TYPE_CHECKING:
    from flows.diagram.plan import Link, Plan, Stop

__all__ = ["render"]

_SHAPES = {
    "menu": ('["', '"]'),
    "language": ('["', '"]'),
    "collect": ('[/"', '"/]'),
    "queue": ('[("', '")]'),
    "dial": ('>"', '"]'),
    "voicemail": ('[["', '"]]'),
    "play": ('("', '")'),
    "hours": ('{{"', '"}}'),
    "switch": ('{{"', '"}}'),
    "split": ('{"', '"}'),
    "set": ('["', '"]'),
    "subflow": ('[["', '"]]'),
    "hangup": ('(["', '"])'),
}
_TONES = {
    "menu": "ink",
    "language": "ink",
    "collect": "ink",
    "queue": "blue",
    "dial": "yellow",
    "voicemail": "purple",
    "play": "neutral",
    "serves": "good",
    "hours": "neutral",
    "split": "neutral",
    "set": "neutral",
    "subflow": "neutral",
    "hangup": "ink-soft",
    "lookup": "neutral",
    "survey": "ink",
    "callback": "purple",
    "appointment": "purple",
    "message": "purple",
}
_SPOKEN = {"*": "star", "#": "pound"}


def render(plan: Plan, *, width: int = 80, colour: bool = False) -> str:
    """The flow as a Mermaid flowchart; `width` and `colour` are ignored."""
    ids = {name: f"n{i}" for i, name in enumerate(plan.stops)}
    lines = ["flowchart LR"]
    drawn = [stop for name, stop in plan.stops.items() if name not in plan.unreachable]
    lines += [f"  {_node(stop, ids[stop.name])}" for stop in drawn]
    if plan.start in ids:
        lines += ['  caller(("caller"))', f"  caller --> {ids[plan.start]}"]
    words = 0
    for stop in drawn:
        for link in stop.links:
            if link.kind == "here":
                lines.append(f"  {ids[stop.name]} {_edge(link)} {ids[link.target]}")
                continue
            bad = link.kind == "nowhere"
            text = f"no node {link.target}" if bad else f"↗ {link.target}"
            lines.append(f'  {ids[stop.name]} {_edge(link)} w{words}["{_escaped(text)}"]:::{"bad" if bad else "word"}')
            words += 1
    for i, (key, label, target) in enumerate(plan.keys):
        text = f"{_SPOKEN.get(key, key)} in every menu{f': {label}' if label else ''}"
        onward = ids[target] if target in plan.roots else f'k{i}t["↗ {_escaped(target)}"]:::word'
        lines.append(f'  k{i}["{_escaped(text)}"]:::word -.-> {onward}')
    used = {"serves" if stop.serves else stop.type for stop in drawn}
    for kind in (*_TONES, "other"):
        if kind in used or kind == "other":
            tone = LIGHT[_TONES.get(kind, "neutral")]
            lines.append(
                f"  classDef {kind} fill:{LIGHT['surface']},stroke:{tone},stroke-width:2px,color:{LIGHT['ink']}"
            )
    lines.append(f"  classDef word fill:none,stroke:none,color:{LIGHT['ink-soft']}")
    lines.append(f"  classDef bad fill:none,stroke:{LIGHT['harm']},color:{LIGHT['harm-ink']}")
    return "\n".join(lines) + "\n"


def _node(stop: Stop, node_id: str) -> str:
    before, after = _SHAPES.get(stop.type, ('["', '"]'))
    seconds = f", {stop.reach.seconds:.0f} s" if stop.reach else ""
    text = f"{_escaped(stop.name)}<br/>{_escaped(stop.type + seconds)}"
    kind = "serves" if stop.serves else stop.type if stop.type in _TONES else "other"
    return f"{node_id}{before}{text}{after}:::{kind}"


def _edge(link: Link) -> str:
    words = []
    for outcome, label in zip(link.outcomes, link.labels, strict=True):
        key = link.words(outcome).removeprefix("key ")
        shown = _SPOKEN.get(key, key)
        words.append(f"{shown} {label}".strip())
    if words == ["done"]:
        return "-->" if link.kind == "here" else "-.->"
    arrow = "-->" if link.kind == "here" else "-.->"
    return f'{arrow}|"{_escaped(", ".join(words))}"|'


def _escaped(text: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in text)
    for character, code in (
        ("#", "#35;"),
        ("&", "#amp;"),
        ('"', "#quot;"),
        ("<", "#lt;"),
        (">", "#gt;"),
        ("`", "#96;"),
        ("\\", "#92;"),
    ):
        plain = plain.replace(character, code)
    return plain
