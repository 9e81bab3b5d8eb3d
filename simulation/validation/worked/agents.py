"""Agents: chosen at random."""

from __future__ import annotations

from simulation.validation.by_hand import drawn

__all__ = ["TARGETS", "TITLE"]

TITLE = "Agents: chosen at random"

_EQUAL = "30 calls an hour of 60 s are half an agent's work, and two agents alike share it equally"

TARGETS = (
    *drawn("random_choice", "group left", _EQUAL, occupancy=(0.25, 0.005)),
    *drawn("random_choice", "group right", _EQUAL, occupancy=(0.25, 0.005)),
)
