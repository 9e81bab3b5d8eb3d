"""The outline of a card: its shape says what kind of node it is, without colour."""

from __future__ import annotations

__all__ = ["LEGEND", "outline", "shape_of"]

_SHAPES = {
    "menu": "asks", "language": "asks", "collect": "asks", "survey": "asks", "yes_no": "asks", "list": "asks",
    "queue": "waits", "play": "tells", "message": "tells", "voicemail": "tells", "callback": "tells",
    "appointment": "tells", "dial": "calls", "pay": "calls", "hangup": "ends",
}  # fmt: skip
LEGEND = {
    "asks": "asks the caller",
    "tells": "says or keeps something",
    "waits": "a queue",
    "calls": "calls somebody else",
    "decides": "decides by itself",
    "ends": "the end",
}
"""Every shape in words."""
_ROUND, _FOLD, _CUT, _END = 9.0, 14.0, 9.0, 18.0


def shape_of(kind: str) -> str:
    """The shape of a type of node: a key of `LEGEND`.

    Examples
    --------
    >>> shape_of("menu"), shape_of("hours")
    ('asks', 'decides')
    """
    return _SHAPES.get(kind, "decides")


def outline(shape: str, width: float, height: float) -> str:
    """The path of an SVG element, from the upper left corner.

    Examples
    --------
    >>> outline("decides", 100, 50)
    'M9 0H91L100 9V41L91 50H9L0 41V9Z'
    """
    w, h = width, height
    if shape == "decides":
        c = _CUT
        return f"M{c:g} 0H{w - c:g}L{w:g} {c:g}V{h - c:g}L{w - c:g} {h:g}H{c:g}L0 {h - c:g}V{c:g}Z"
    if shape == "tells":
        r, f = _ROUND / 2, _FOLD
        return (
            f"M{r:g} 0H{w - f:g}L{w:g} {f:g}V{h - r:g}Q{w:g} {h:g} {w - r:g} {h:g}H{r:g}Q0 {h:g} 0 {h - r:g}V{r:g}"
            f"Q0 0 {r:g} 0ZM{w - f:g} 0V{f:g}H{w:g}"
        )
    r = min(_END if shape in ("ends", "waits") else _ROUND, h / 2)
    around = (
        f"M{r:g} 0H{w - r:g}Q{w:g} 0 {w:g} {r:g}V{h - r:g}Q{w:g} {h:g} {w - r:g} {h:g}H{r:g}Q0 {h:g} 0 {h - r:g}V{r:g}"
        f"Q0 0 {r:g} 0Z"
    )
    if shape == "calls":
        return f"{around}M5 {r:g}V{h - r:g}"
    return around
