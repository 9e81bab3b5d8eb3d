"""A table of numbers of calls, or of logged calls, that a scenario names under ``arrivals``."""

from __future__ import annotations

from flows.kinds.base import Kind

__all__ = ["KIND"]

KIND = Kind(
    name="table",
    title="a table of calls",
    plural="tables of calls",
    needs="the ending .csv, and a scenario that names it",
    fits=lambda sample: sample.ending == ".csv",
    clean="the scenario that names it can be simulated",
)
