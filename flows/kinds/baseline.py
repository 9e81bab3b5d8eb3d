"""A baseline: findings that are known, as ``ivr lint --write-baseline`` writes them."""

from __future__ import annotations

from flows.kinds.base import Kind

__all__ = ["KIND"]

KIND = Kind(
    name="baseline",
    title="a baseline",
    plural="baselines",
    needs="'ivr-lint-baseline', as --write-baseline writes it",
    fits=lambda sample: "ivr-lint-baseline" in sample.names,
    found_as=(".json",),
    clean="it can be read",
)
