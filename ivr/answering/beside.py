"""Where the agents file of a flow lies."""

from __future__ import annotations

from pathlib import Path

__all__ = ["agents_beside", "names_beside"]


def names_beside(flow_file: str) -> tuple[Path, Path]:
    """The names that an agents file may have beside a flow; the first is its own.

    Parameters
    ----------
    flow_file : str

    Examples
    --------
    >>> [name.name for name in names_beside("lines/shop.yaml")]
    ['shop.agents.yaml', 'agents.yaml']
    """
    flow = Path(flow_file)
    return flow.with_name(f"{flow.stem}.agents.yaml"), flow.with_name("agents.yaml")


def agents_beside(flow_file: str) -> Path | None:
    """The agents file beside a flow; None when there is none.

    Parameters
    ----------
    flow_file : str
    """
    return next((name for name in names_beside(flow_file) if name.is_file()), None)
