"""Every measure as data: its name, formula, denominator, unit and source.

A measure is a ratio of two sums of ``ivr.records.measures.Sums``: both are additive
over replications, so every measure over several replications is a ratio of
averages. Reports, JSON and the documentation read names and texts from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ivr.records.definitions.cost_measures import COSTS
from ivr.records.definitions.count_measures import COUNTS
from ivr.records.definitions.measure_type import COLUMNS, Measure, Scope
from ivr.records.definitions.ratio_measures import RATIOS

__all__ = ["COLUMNS", "MEASURES", "QUANTILES", "Measure", "Scope"]

MEASURES: Mapping[str, Measure] = MappingProxyType({measure.name: measure for measure in (*COUNTS, *RATIOS, *COSTS)})
"""Every measure that is a ratio of sums, by name, in reading order."""

QUANTILES: Mapping[str, float] = MappingProxyType({"wait_p50_s": 0.5, "wait_p80_s": 0.8, "wait_p95_s": 0.95})
"""Quantiles of the wait of all offered: the smallest bound (whole seconds up to 10 minutes, tens of seconds beyond)
that this share of all waits, over all replications, does not exceed."""
