"""DOT, for Graphviz: each node is a card with a row and a key for each choice; edges start at the key.

Types differ in shape and colour: menus are dark cards with keycaps, queues cylinders, messages notes. The tree grows
from left to right without crossings: a node drawn elsewhere appears only as a small arrow with its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.diagram.rows import SPOKEN, Row, rows
from flows.display.theme import LIGHT, mixed, queue_colour

if TYPE_CHECKING:
    from flows.diagram.plan import Link, Plan, Stop

__all__ = ["render"]

_FONT = "Arial"
"""Graphviz knows its character widths; Helvetica and Liberation Sans have the same widths."""
_INK, _SOFT, _LINE, _SURFACE, _RAISED = (LIGHT[name] for name in ("ink", "ink-soft", "line", "surface", "raised"))
_STYLES = {
    "menu": ("plain", _INK),
    "language": ("plain", _INK),
    "collect": ("plain", _INK),
    "queue": ("cylinder", LIGHT["blue"]),
    "dial": ("cds", LIGHT["yellow"]),
    "voicemail": ("folder", LIGHT["purple"]),
    "survey": ("plain", _INK),
    "callback": ("plain", LIGHT["purple"]),
    "appointment": ("plain", LIGHT["purple"]),
    "message": ("folder", LIGHT["purple"]),
    "pay": ("note", LIGHT["yellow"]),
    "play": ("note", LIGHT["neutral"]),
    "hangup": ("oval", LIGHT["neutral"]),
}
"""Shape and colour by type: nodes that ask the caller something are dark; each queue has the same colour everywhere."""
_PLAIN = ("plain", LIGHT["neutral"])
_WRAP = 30
_GOES_ON = ("play", "set", "language", "voicemail", "hangup", "collect", "message", "survey")
"""Types whose exit needs no label if it is the only one."""


def render(plan: Plan, *, width: int = 80, colour: bool = False) -> str:
    """The flow in the DOT language; `width` and `colour` are ignored."""
    return _Dot(plan).text()


class _Dot:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._ids = {name: f"n{i}" for i, name in enumerate(plan.stops)}
        self._lines: list[str] = []
        self._stubs = 0

    def text(self) -> str:
        plan = self._plan
        for name, stop in plan.stops.items():
            if name not in plan.unreachable:
                self._node(stop)
        if plan.start in self._ids:
            style = (
                f"shape=circle, width=0.62, fixedsize=true, style=filled, color={_quoted(_INK)},"
                f" fillcolor={_quoted(_INK)}"
            )
            self._lines.append(f'  caller [{style}, fontcolor={_quoted(_SURFACE)}, label="caller"];')
            self._lines.append(f"  caller -> {self._ids[plan.start]};")
        for root in plan.roots:
            self._root(root)
        return "\n".join(
            [
                "digraph flow {",
                (
                    f"  graph [rankdir=LR, nodesep=0.16, ranksep=0.42, bgcolor={_quoted(_SURFACE)},"
                    f" fontname={_quoted(_FONT)}, label=<{self._legend()}>, labelloc=t, labeljust=l, pad=0.3,"
                    " ordering=out, outputorder=edgesfirst];"
                ),
                (
                    f"  node [fontname={_quoted(_FONT)}, fontsize=11, fontcolor={_quoted(_INK)},"
                    f" color={_quoted(_LINE)}, margin=0];"
                ),
                (
                    f"  edge [fontname={_quoted(_FONT)}, fontsize=10, color={_quoted(LIGHT['neutral'])}, arrowsize=0.6,"
                    " penwidth=1.1, headport=w];"
                ),
                *self._lines,
                "}",
                "",
            ]
        )

    def _legend(self) -> str:
        plan = self._plan
        keys = "  ".join(f"{_keycap(key)} {_escaped(label or target)}" for key, label, target in plan.keys)
        rows = [f'<TR><TD ALIGN="LEFT"><FONT POINT-SIZE="20"><B>{_escaped(plan.title)}</B></FONT></TD></TR>']
        if keys:
            rows.append(f'<TR><TD ALIGN="LEFT"><FONT COLOR="{_SOFT}">In every menu:  {keys}</FONT></TD></TR>')
        note = "Seconds: when a first-time caller gets there. ✓ serves the caller. ↗ goes on at the node of that name."
        rows.append(f'<TR><TD ALIGN="LEFT"><FONT COLOR="{_SOFT}">{note}</FONT></TD></TR>')
        return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2">{"".join(rows)}</TABLE>'

    def _root(self, name: str) -> None:
        keys = [key for key, _, target in self._plan.keys if target == name]
        text = " ".join(_keycap(key) for key in keys) + " in every menu" if keys else "after silence"
        self._lines.append(f'  r_{self._ids[name]} [shape=plaintext, label=<<FONT COLOR="{_SOFT}">{text}</FONT>>];')
        self._lines.append(f"  r_{self._ids[name]} -> {self._ids[name]};")

    def _node(self, stop: Stop) -> None:
        shape, tone = _STYLES.get(stop.type, _PLAIN)
        if stop.queue >= 0:
            tone = queue_colour(stop.queue)
        if stop.serves:
            tone = LIGHT["good"]
        exits = rows(stop)
        single = len(exits) == 1 and stop.type in _GOES_ON
        shown = [] if single else [self._row(exit_, i, tone) for i, exit_ in enumerate(exits)]
        name = self._ids[stop.name]
        if shape == "plain":
            self._lines.append(f"  {name} [shape=plain, label=<{self._card(stop, tone, shown)}>];")
        else:
            table = (
                '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="3"'
                f' CELLPADDING="2">{self._title(stop)}{"".join(shown)}</TABLE>'
            )
            self._lines.append(
                f"  {name} [shape={shape}, style=filled, fillcolor={_quoted(_tint(tone, 0.12))}, color={_quoted(tone)},"
                f" penwidth=1.4, margin={_quoted('0.08,0.04')}, label=<{table}>];"
            )
        stubs: dict[Link, str] = {}
        for i, exit_ in enumerate(exits):
            self._edge(f"{name}:e" if single else f"{name}:p{i}:e", exit_.link, stubs)

    def _title(self, stop: Stop) -> str:
        mark = " ✓" if stop.serves else ""
        seconds = f"at {stop.reach.seconds:.0f} s" if stop.reach else "never reached"
        lines = [_escaped(f"{stop.type}  ·  {seconds}"), *map(_escaped, _wrapped(stop.about))]
        small = "".join(f'{line}<BR ALIGN="LEFT"/>' for line in lines)
        small = f'<FONT POINT-SIZE="9" COLOR="{_SOFT}">{small}</FONT>'
        name = f'<B>{_escaped(stop.name.replace("_", " "))}{mark}</B><BR ALIGN="LEFT"/>'
        return f'<TR><TD ALIGN="LEFT" BALIGN="LEFT" COLSPAN="2">{name}{small}</TD></TR>'

    def _card(self, stop: Stop, tone: str, rows: list[str]) -> str:
        return (
            f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="3" CELLPADDING="3" STYLE="rounded" COLOR="{tone}"'
            f' BGCOLOR="{_tint(tone, 0.08)}">{self._title(stop)}{"".join(rows)}</TABLE>'
        )

    def _row(self, exit_: Row, index: int, tone: str) -> str:
        label = '<BR ALIGN="RIGHT"/>'.join(map(_escaped, _wrapped(exit_.label)))
        words = f'<TD ALIGN="RIGHT" BALIGN="RIGHT">{label}</TD>' if label else ""
        span = "" if label else ' COLSPAN="2"'
        pressed = bool(label)
        cap = _INK if pressed else _tint(tone, 0.22)
        shown = f'<FONT COLOR="{_SURFACE if pressed else _INK}"><B>{_escaped(exit_.shown)}</B></FONT>'
        return (
            f'<TR>{words}<TD PORT="p{index}" ALIGN="{"CENTER" if pressed else "RIGHT"}"{span} STYLE="rounded"'
            f' BGCOLOR="{cap}">{shown}</TD></TR>'
        )

    def _edge(self, source: str, link: Link, stubs: dict[Link, str]) -> None:
        if link.kind == "here":
            self._lines.append(f"  {source} -> {self._ids[link.target]};")
            return
        if link not in stubs:
            stubs[link] = f"s{self._stubs}"
            self._stubs += 1
            bad = link.kind == "nowhere"
            text = f"✗ nowhere {link.target}".strip() if bad else f"↗ {link.target.replace('_', ' ')}"
            ink = LIGHT["harm-ink"] if bad else _SOFT
            label = f'<FONT POINT-SIZE="10" COLOR="{ink}">{_escaped(text)}</FONT>'
            self._lines.append(f'  {stubs[link]} [shape=plaintext, height=0, margin="0.03,0.01", label=<{label}>];')
        self._lines.append(f"  {source} -> {stubs[link]} [arrowhead=none, style=dotted];")


def _keycap(key: str) -> str:
    """A key within a line of text. It is not bold: that would be a text of its own, which a wider font runs into."""
    return f"[{_escaped(SPOKEN.get(key, key))}]"


def _wrapped(text: str) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < _WRAP:
            lines[-1] += f" {word}"
        else:
            lines.append(word if len(word) <= _WRAP else f"{word[: _WRAP - 1]}…")
    return lines


def _escaped(text: str) -> str:
    """Text for an HTML-like label: markup is escaped, control characters become spaces."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _tint(colour: str, strength: float) -> str:
    """`colour` mixed into the surface colour, `strength` from 0 to 1."""
    return mixed(colour, _SURFACE, strength)
