"""Where the shipped flows, scenarios and call scripts are, and their names."""

from __future__ import annotations

from pathlib import Path

__all__ = ["LIBRARY", "shipped"]

LIBRARY = Path(__file__).parent.parent / "library"


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
