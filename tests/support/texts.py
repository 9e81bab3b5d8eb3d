"""Flows and scenarios as text: the parts that a test is not about."""

from __future__ import annotations

SURE = {
    "hear_all": "0",
    "key_ahead": "0",
    "wrong_key": "0",
    "no_input": "0",
    "zero_out": "0",
    "hang_up_per_minute": "0",
    "reaction": "{constant: 1s}",
}
"""Behaviour without chance: callers hear the option they want and press it after a second."""


def flow(nodes: str, *, start: str = "main", more: str = "") -> str:
    """A flow of these nodes; `more` is text before them, in whole lines."""
    return f"ivr: 1\nname: Line\nstart: {start}\n{more}nodes:\n{nodes}"


def scenario(name: str = "Called", **parts: str | dict[str, str]) -> str:
    """A scenario of flow.yaml: two hours of a Tuesday in half hours, 120 calls an hour, with parts of its own.

    A part is a value as YAML writes it, or a dict of such values, each on a line; an empty one is left out.
    """
    usual = {
        "flow": "flow.yaml",
        "start": "2026-11-24 08:00",
        "horizon": "2h",
        "interval": "30m",
        "arrivals": "{kind: constant, per_hour: 120}",
    }
    lines = [f"\nname: {name}"]
    for part, value in (usual | parts).items():
        if isinstance(value, dict):
            lines += [f"{part}:", *(f"  {key}: {each}" for key, each in value.items())]
        elif value:
            lines.append(f"{part}: {value}")
    return "\n".join(lines) + "\n"
