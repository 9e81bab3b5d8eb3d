"""Precedence of the rules on a menu's keys, so that no rule advises what another reports."""

from __future__ import annotations

__all__ = ["PRECEDENCE"]

PRECEDENCE = (
    "Where rules on keys conflict, M114 (one label, one key) comes before M105 (the order that saves time), and M105"
    " before M115 (keys in sequence)."
)
"""Text for the page of each of these rules."""
