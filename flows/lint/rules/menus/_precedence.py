"""Which of the rules on the keys of a menu yields to which: no advice may be undone by another."""

from __future__ import annotations

__all__ = ["PRECEDENCE"]

PRECEDENCE = (
    "Where rules on keys disagree, M114 (one label, one key) comes before M105 (the order that saves time), and M105"
    " before M115 (keys that count up)."
)
"""For the page of each of them."""
