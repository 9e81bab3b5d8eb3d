"""The look shared by report, diagram, browser phone and live page: colours, type and spacing, as data.

Hues are those of Okabe and Ito (2008, "Color Universal Design"), which people
with any kind of colour vision can tell apart. A hue with too little contrast
against its background is darkened (light theme) or lightened (dark theme): marks
have at least 3 : 1 and text 4.5 : 1 (WCAG 2.2, AA). Each meaning has the same
colour everywhere, vermilion always means harm, and nothing is shown by colour
alone: queues also differ by dash and outcomes by label.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

__all__ = [
    "DARK",
    "FONT_STACK",
    "LIGHT",
    "MEANINGS",
    "MONO_STACK",
    "SPACE_REM",
    "Theme",
    "css",
    "echarts_theme",
    "meaning_colour",
    "mixed",
    "queue_colour",
    "queue_dash",
    "queue_hue",
]

Theme = Literal["light", "dark"]

FONT_STACK = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif'
)
MONO_STACK = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace'

SPACE_REM: tuple[float, ...] = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
"""The spacing scale, ``--space-1`` to ``--space-8``."""

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "ground": "#f6f7f9",
        "surface": "#ffffff",
        "raised": "#eef1f4",
        "line": "#d9dee5",
        "ink": "#16202b",
        "ink-soft": "#52606f",
        "accent": "#0072b2",
        "accent-ink": "#005e93",
        "on-accent": "#ffffff",
        "good": "#009e73",
        "good-ink": "#007a58",
        "harm": "#d55e00",
        "harm-ink": "#b54a00",
        "neutral": "#6b7785",
        "staffed": "#6b7785",
        "load": "#0072b2",
        "blue": "#0072b2",
        "orange": "#bf7f00",
        "purple": "#b95f92",
        "sky": "#2a8fcb",
        "yellow": "#9a8a00",
    }
)
"""Every colour of the light theme by role, then the hues used for queues."""

DARK: Mapping[str, str] = MappingProxyType(
    {
        "ground": "#0f1318",
        "surface": "#171c23",
        "raised": "#212832",
        "line": "#333d49",
        "ink": "#e8edf3",
        "ink-soft": "#a3b0bf",
        "accent": "#56b4e9",
        "accent-ink": "#7cc5ee",
        "on-accent": "#0f1318",
        "good": "#2cc295",
        "good-ink": "#4bd0a8",
        "harm": "#ff7f3f",
        "harm-ink": "#ff965f",
        "neutral": "#8c99a8",
        "staffed": "#8c99a8",
        "load": "#56b4e9",
        "blue": "#3f9bdc",
        "orange": "#e69f00",
        "purple": "#d88ab4",
        "sky": "#8fd0f5",
        "yellow": "#f0e442",
    }
)
"""The same roles on a dark background."""

_QUEUE_HUES = ("blue", "orange", "purple", "sky", "yellow")
_QUEUE_DASHES: tuple[tuple[int, ...], ...] = ((), (7, 4), (2, 3), (10, 3, 2, 3))

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "handled": "good",
        "contained": "accent",
        "voicemail": "purple",
        "callback": "sky",
        "transferred_out": "yellow",
        "closed": "neutral",
        "abandoned": "harm",
        "abandoned_in_menu": "harm",
        "blocked": "harm",
        "failed": "harm",
        "turned_away": "harm",
        "rejected": "neutral",
        "error": "harm",
        "warning": "orange",
        "info": "accent",
    }
)
"""The colour role of each call outcome and each finding severity."""


def meaning_colour(name: str, theme: Theme = "light") -> str:
    """Return the colour for an outcome or a severity.

    >>> meaning_colour("handled"), meaning_colour("abandoned", "dark")
    ('#009e73', '#ff7f3f')
    """
    return (LIGHT if theme == "light" else DARK)[MEANINGS[name]]


def mixed(colour: str, ground: str, strength: float) -> str:
    """Return a colour mixed into another, `strength` from 0 (the ground) to 1.

    >>> mixed("#ff0000", "#ffffff", 0.5)
    '#ff8080'
    """
    parts = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(ink * strength + under * (1 - strength)):02x}" for ink, under in parts)


def queue_colour(index: int, theme: Theme = "light") -> str:
    """Return the colour of a queue by its position in the flow; the same in every chart and diagram.

    >>> queue_colour(0), queue_colour(5)
    ('#0072b2', '#0072b2')
    """
    return (LIGHT if theme == "light" else DARK)[queue_hue(index)]


def queue_hue(index: int) -> str:
    """Return the name of a queue's colour: a key of ``LIGHT`` and ``DARK`` and a custom property in ``css()``.

    >>> queue_hue(1)
    'orange'
    """
    return _QUEUE_HUES[index % len(_QUEUE_HUES)]


def queue_dash(index: int) -> tuple[int, ...]:
    """Return the dash pattern of a queue's line, in pixels; none for the first.

    Neighbours differ in hue and dash; with 5 hues and 4 dashes, a pair repeats after 20 queues.

    >>> queue_dash(0), queue_dash(1)
    ((), (7, 4))
    """
    return _QUEUE_DASHES[index % len(_QUEUE_DASHES)]


def css() -> str:
    """Return the custom properties of both themes and the rules shared by all pages.

    A page follows the reader's system theme, light or dark, unless the root element
    has ``data-theme="light"`` or ``"dark"``. Printed pages are light.
    """
    scale = "".join(f"--space-{i}:{rem:g}rem;" for i, rem in enumerate(SPACE_REM, start=1))
    return f"""\
:root{{--font:{FONT_STACK};--mono:{MONO_STACK};{scale}--radius:.625rem;--small:.8125rem;--body:.9375rem;--large:1.125rem;\
--title:1.75rem;--figure:2rem;color-scheme:light dark}}
{_rule(":root", LIGHT)}
@media (prefers-color-scheme:dark){{{_rule(':root:not([data-theme="light"])', DARK)}}}
{_rule(':root[data-theme="dark"]', DARK, scheme="dark")}
:root[data-theme="light"]{{color-scheme:light}}
@media print{{{_rule(":root:root:root", LIGHT, scheme="light")}}}
*,*::before,*::after{{box-sizing:border-box}}
body{{margin:0;background:var(--ground);color:var(--ink);font:400 var(--body)/1.5 var(--font);\
font-variant-numeric:tabular-nums lining-nums;-webkit-text-size-adjust:100%}}
:focus-visible{{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}}
a{{color:var(--accent-ink)}}
@media (prefers-reduced-motion:reduce){{*{{animation:none!important;transition:none!important}}}}
"""


def _rule(selector: str, colours: Mapping[str, str], *, scheme: str = "") -> str:
    tail = f"color-scheme:{scheme}" if scheme else ""
    return f"{selector}{{{''.join(f'--{name}:{value};' for name, value in colours.items())}{tail}}}"


def echarts_theme(theme: Theme) -> dict[str, Any]:
    """Return the Apache ECharts theme with the same values.

    >>> echarts_theme("dark")["textStyle"]["color"]
    '#e8edf3'
    """
    colours = LIGHT if theme == "light" else DARK
    axis = {
        "axisLine": {"lineStyle": {"color": colours["line"]}},
        "axisTick": {"show": False},
        "axisLabel": {"color": colours["ink-soft"], "fontSize": 12},
        "splitLine": {"lineStyle": {"color": colours["line"], "type": [2, 4]}},
        "nameTextStyle": {"color": colours["ink-soft"], "fontSize": 12},
    }
    return {
        "color": [queue_colour(i, theme) for i in range(len(_QUEUE_HUES))],
        "backgroundColor": "transparent",
        "textStyle": {"fontFamily": FONT_STACK, "color": colours["ink"]},
        "categoryAxis": axis | {"splitLine": {"show": False}},
        "valueAxis": axis | {"axisLine": {"show": False}},
        "legend": {"textStyle": {"color": colours["ink"], "fontSize": 12}, "itemWidth": 22, "itemHeight": 8},
        "tooltip": {
            "backgroundColor": colours["surface"],
            "borderColor": colours["line"],
            "textStyle": {"color": colours["ink"], "fontSize": 13},
            "axisPointer": {"lineStyle": {"color": colours["neutral"]}},
        },
    }
