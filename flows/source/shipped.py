"""Where the shipped flows, scenarios, call scripts and language packs are, and their names."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["LIBRARY", "PACKS", "shipped", "shipped_packs"]

LIBRARY = Path(__file__).parent.parent / "library"
PACKS = Path(__file__).parent.parent / "speech" / "packs"


def shipped(suffix: str) -> list[str]:
    """Names of the shipped files of a kind, in order.

    Parameters
    ----------
    suffix : str
        ``.yaml`` for flows, ``.scenario.yaml`` for scenarios, ``.calls`` for call scripts.

    Examples
    --------
    >>> shipped(".yaml")
    ['city_services', 'credit_union', 'northwind', 'power_outage']
    """
    names = (path.name.removesuffix(suffix) for path in LIBRARY.glob(f"*{suffix}"))
    return sorted(name for name in names if "." not in name)


@cache
def shipped_packs() -> tuple[str, ...]:
    """Codes of the languages that are spoken by a shipped pack, in order.

    Examples
    --------
    >>> shipped_packs()
    ('ar', 'el', 'it', 'ja', 'pl')
    """
    return tuple(sorted(path.stem for path in PACKS.glob("*.yaml")))
