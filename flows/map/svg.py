"""A map as SVG: light and dark, with titles and roles, every card a group that pages and readers can address."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from flows.display.theme import DARK, FONT_STACK, LIGHT, mixed
from flows.map.cards import FlowMap
from flows.map.layout import ABOUT, CAP, LINE, META, PAD, TITLE, Layout, PlacedCard, PlacedRow, PlacedStart, PlacedWire
from flows.map.outline import outline, shape_of
from flows.map.text_width import text_width

__all__ = ["drawing", "style", "svg"]

_TONES = ("ink", "good", "neutral", "blue", "orange", "purple", "sky", "yellow")
_FONTS = f"Arial,Helvetica,'Liberation Sans',{FONT_STACK}".replace('"', "'")
_EDGE, _HEAD, _CORNER, _ARROW = 24.0, 64.0, 8.0, 6.0


def svg(laid: Layout) -> str:
    """The whole picture, for a file.

    Examples
    --------
    >>> from flows.model.load import load
    >>> from flows.map.cards import flow_map
    >>> from flows.map.layout import laid_out
    >>> svg(laid_out(flow_map(load("northwind").flow, part="sales_menu"))).count('class="card')
    4
    """
    width = max(laid.width, _head_width(laid.map)) + 2 * _EDGE
    height = laid.height + _HEAD + 2 * _EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' height="{height:.0f}" role="graphics-document document" aria-labelledby="map-title" class="map">'
        f'<title id="map-title">{escape(laid.map.title)}: the map of its menus</title><style>{style()}</style>'
        f'<rect class="ground" width="100%" height="100%"/><g transform="translate({_EDGE:g} {_EDGE:g})">'
        f'{_head(laid.map)}<g transform="translate(0 {_HEAD:g})">{drawing(laid)}</g></g></svg>\n'
    )


def drawing(laid: Layout) -> str:
    """Lines, starts and cards, without a frame."""
    wires = "".join(_wire(wire) for wire in laid.wires)
    starts = "".join(_start(start) for start in laid.starts)
    return f'<g class="wires">{wires}</g>{starts}{"".join(_card(card) for card in laid.cards)}'


def style() -> str:
    """The rules of a map in both themes; a page may set ``data-theme``."""
    return (
        f".map{{{_colours('light')}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]) .map,svg.map:root{{{_colours('dark')}}}}}"
        f":root[data-theme=dark] .map{{{_colours('dark')}}}"
        f"@media print{{:root:root .map,svg.map:root{{{_colours('light')}}}}}"
        f".map text{{font-family:{_FONTS};font-size:{ABOUT:g}px;fill:var(--m-ink)}}"
        ".map .ground{fill:var(--m-surface)}"
        f".map .name{{font-size:{TITLE:g}px;font-weight:700}}.map .meta,.map .goes{{font-size:{META:g}px;"
        "fill:var(--m-soft)}.map .flow{font-size:20px;font-weight:700}"
        ".map .shape{fill:var(--tint);stroke:var(--tone);stroke-width:1.4}"
        ".map .behind{fill:var(--m-surface);stroke:var(--tone);stroke-width:1.2}"
        ".map .cap{fill:var(--m-ink)}.map .key{fill:var(--m-surface);font-weight:700}.map .nowhere{fill:var(--m-harm)}"
        ".map .wire{fill:none;stroke:var(--m-wire);stroke-width:1.4}.map .arrow{fill:var(--m-wire)}"
        ".map .dot{fill:var(--m-wire)}.map .start{fill:var(--m-ink)}.map .start-words{fill:var(--m-surface)}"
        + "".join(f".map .t-{tone}{{--tone:var(--m-{tone});--tint:var(--m-{tone}-tint)}}" for tone in _TONES)
    )


def _colours(theme: str) -> str:
    of = LIGHT if theme == "light" else DARK
    plain = {"surface": "surface", "ink": "ink", "soft": "ink-soft", "wire": "neutral", "harm": "harm-ink"}
    found = {f"--m-{name}": of[role] for name, role in plain.items()}
    for tone in _TONES:
        found[f"--m-{tone}"] = of[tone]
        found[f"--m-{tone}-tint"] = mixed(of[tone], of["surface"], 0.07 if tone == "ink" else 0.12)
    return "".join(f"{name}:{value};" for name, value in found.items())


def _head_width(drawn: FlowMap) -> float:
    words = sum(text_width(words, ABOUT) + CAP + 18 for _, words, _ in drawn.keys)
    return max(text_width(drawn.title, 20, bold=True), words + 90)


def _head(drawn: FlowMap) -> str:
    found = [_words(drawn.title, 0, 18, 20, "flow")]
    if drawn.keys:
        x = text_width("In every menu", ABOUT) + 10
        found.append(_words("In every menu", 0, 42, ABOUT, "about"))
        for key, words, _ in drawn.keys:
            found.append(f'<g transform="translate({x:.1f} 28)">{_cap(_sign(key), CAP)}</g>')
            found.append(_words(words, x + CAP + 6, 42, ABOUT, "about"))
            x += CAP + 18 + text_width(words, ABOUT)
    return "".join(found)


def _sign(key: str) -> str:
    return {"*": "✱"}.get(key, key)


def _start(start: PlacedStart) -> str:
    r = start.height / 2
    return (
        f'<g transform="translate({start.x:.1f} {start.y:.1f})"><rect class="start" width="{start.width:.1f}"'
        f' height="{start.height:g}" rx="{r:g}"/>'
        f"{_words(start.start.words, PAD, r + ABOUT * 0.36, ABOUT, 'start-words')}</g>"
    )


def _card(placed: PlacedCard) -> str:
    card, shape = placed.card, shape_of(placed.card.type)
    path = outline(shape, placed.width, placed.height)
    label = f"{card.title}: {card.meta}"
    behind = f'<path class="behind" transform="translate(4 -4)" d="{path}"/>' if shape == "waits" else ""
    return (
        f'<g class="card t-{card.tone}" id="node-{_plain(card.name)}" data-node="{_plain(card.name)}" role="group"'
        f' aria-label="{_plain(label)}" transform="translate({placed.x:.1f} {placed.y:.1f})">{behind}'
        f'<path class="shape" d="{path}"/>{"".join((*_text(placed), *(_row(placed, row) for row in placed.rows)))}</g>'
    )


def _text(placed: PlacedCard) -> Iterator[str]:
    y = PAD
    parts = ((placed.title, TITLE, "name"), (placed.meta, META, "meta"), (placed.about, ABOUT, "about"))
    for lines, size, name in parts:
        for line in lines:
            y += size * LINE
            yield _words(line, PAD, y - size * 0.3, size, name)


def _row(placed: PlacedCard, row: PlacedRow) -> str:
    found, right = [], placed.width - PAD
    high = LINE * (len(row.lines) * ABOUT + bool(row.goes) * META)
    y = row.y + (row.height - high) / 2
    room = right - (row.cap + 8 if row.cap else 0)
    if row.cap:
        at = f"translate({right - row.cap:.1f} {row.y + (row.height - CAP) / 2:.1f})"
        found.append(f'<g transform="{at}">{_cap(row.port.shown, row.cap)}</g>')
    for line in row.lines:
        y += ABOUT * LINE
        found.append(_words(line, room, y - ABOUT * 0.3, ABOUT, "label", "end"))
    if row.goes:
        y += META * LINE
        wrong = " nowhere" if row.port.kind == "nowhere" else ""
        found.append(_words(row.goes, room, y - META * 0.3, META, f"goes{wrong}", "end"))
    if row.port.kind == "here":
        found.append(f'<circle class="dot" cx="{placed.width:.1f}" cy="{row.y + row.height / 2:.1f}" r="3"/>')
    return "".join(found)


def _words(text: str, x: float, y: float, size: float, name: str, anchor: str = "start") -> str:
    """A line of text that is as wide as it was measured, whatever font draws it."""
    bold = name in ("name", "key", "flow")
    width = text_width(text, size, bold=bold)
    ends = f' text-anchor="{anchor}"' if anchor != "start" else ""
    fits = f' textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs"' if len(text) > 1 else ""
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}"{ends}{fits}>{_plain(text)}</text>'


def _cap(key: str, width: float) -> str:
    return (
        f'<rect class="cap" width="{width:.1f}" height="{CAP:g}" rx="5"/>'
        f"{_words(key, width / 2, CAP / 2 + ABOUT * 0.36, ABOUT, 'key', 'middle')}"
    )


def _wire(wire: PlacedWire) -> str:
    x, y = wire.points[-1]
    ends = f'data-from="{_plain(wire.source)}" data-port="{wire.port}" data-to="{_plain(wire.target)}"'
    a = _ARROW
    return (
        f'<g {ends}><path class="wire" d="{_rounded((*wire.points[:-1], (x - a, y)))}"/>'
        f'<path class="arrow" d="M{x:.1f} {y:.1f}l{-a * 1.3:.1f} {-a * 0.7:.1f}v{a * 1.4:.1f}Z"/></g>'
    )


def _rounded(points: tuple[tuple[float, float], ...]) -> str:
    """A path of straight lines with round corners."""
    (x, y), *rest = points
    found = [f"M{x:.1f} {y:.1f}"]
    for place, (cx, cy) in enumerate(rest[:-1]):
        nx, ny = rest[place + 1]
        r = min(_CORNER, (abs(cx - x) + abs(cy - y)) / 2, (abs(nx - cx) + abs(ny - cy)) / 2)
        before, after = _towards((cx, cy), (x, y), r), _towards((cx, cy), (nx, ny), r)
        found.append(f"L{before[0]:.1f} {before[1]:.1f}Q{cx:.1f} {cy:.1f} {after[0]:.1f} {after[1]:.1f}")
        x, y = cx, cy
    found.append(f"L{rest[-1][0]:.1f} {rest[-1][1]:.1f}")
    return "".join(found)


def _towards(start: tuple[float, float], end: tuple[float, float], by: float) -> tuple[float, float]:
    (x, y), (u, v) = start, end
    length = abs(u - x) + abs(v - y) or 1.0
    return x + (u - x) / length * by, y + (v - y) / length * by


def _plain(text: str) -> str:
    """Text for XML: markup is escaped, control characters become spaces."""
    return escape("".join(c if c.isprintable() else " " for c in text))
