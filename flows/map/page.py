"""A map as one HTML page: to pan, zoom, search and fold, with everything about a card beside it. It opens offline."""

from __future__ import annotations

from dataclasses import asdict
from html import escape
from importlib.resources import files
from typing import Any

from flows.display.embed import embed
from flows.display.theme import css
from flows.map.cards import as_dict
from flows.map.layout import Layout
from flows.map.overlays.base import Overlay
from flows.map.svg import drawing, style

__all__ = ["page"]


def page(laid: Layout, overlays: tuple[Overlay, ...] = ()) -> str:
    """The whole page; its content security policy forbids any request.

    Parameters
    ----------
    laid : Layout
    overlays : tuple of Overlay
        What the reader can lay over it.
    """
    assets, title = files("flows.map.assets"), escape(laid.map.title)
    keys = "".join(
        f"<li><kbd>{escape(key)}</kbd> {_goes_to(target, words)}</li>" for key, words, target in laid.map.keys
    )
    keys = f'<ul class="everywhere" aria-label="Keys of every menu">{keys}</ul>' if keys else ""
    names = "".join(f'<option value="{escape(card.card.name)}">' for card in laid.cards)
    data = {"map": as_dict(laid.map), "overlays": [_overlay(one) for one in overlays]}
    choices = "".join(f'<option value="{escape(one.name)}">{escape(one.title)}</option>' for one in overlays)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
script-src 'unsafe-inline'; img-src data:">
<title>{title}: map</title>
<style>{css()}{style()}{(assets / "map.css").read_text(encoding="utf-8")}</style>
</head>
<body>
<header class="bar">
<h1>{title}</h1>
{keys}
<div class="tools">
<label>Find <input id="find" type="search" list="nodes" autocomplete="off" placeholder="node or words"></label>
<datalist id="nodes">{names}</datalist>
<label>Show <select id="overlay"><option value="">the flow</option>{choices}</select></label>
<button id="out" type="button" aria-label="Zoom out">−</button>
<button id="in" type="button" aria-label="Zoom in">+</button>
<button id="fit" type="button">Fit</button>
<button id="unfold" type="button" hidden>Unfold all</button>
</div>
<ul id="legend" class="legend" aria-label="What the colours mean" hidden></ul>
</header>
<main>
<svg id="map" class="map" role="application" tabindex="0" aria-label="The map: arrows move, plus and minus zoom, \
Tab goes from card to card" data-width="{laid.width:.0f}" data-height="{laid.height:.0f}"><g id="world">{drawing(laid)}\
<g id="ways"></g></g></svg>
<svg id="mini" class="map" aria-hidden="true" viewBox="0 0 {laid.width:.0f} {laid.height:.0f}"></svg>
<aside id="about" aria-live="polite" hidden><button id="close" type="button" aria-label="Close">×</button>\
<div id="told"></div></aside>
<p id="hint">Drag to move, scroll to zoom, choose a card to read it.</p>
</main>
<script type="application/json" id="data">{embed(data)}</script>
<script>{(assets / "map.js").read_text(encoding="utf-8")}</script>
</body>
</html>
"""


def _goes_to(target: str, words: str) -> str:
    return (
        f'<a href="#node-{escape(target)}">{escape(words)}</a>' if target not in ("back", "repeat") else escape(words)
    )


def _overlay(one: Overlay) -> dict[str, Any]:
    return {
        "name": one.name,
        "legend": [list(row) for row in one.legend],
        "marks": {node: asdict(mark) for node, mark in one.marks.items()},
    }
