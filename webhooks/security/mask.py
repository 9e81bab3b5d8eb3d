"""Masks a value: only its length and its last characters remain visible."""

from __future__ import annotations

__all__ = ["DOT", "mask"]

DOT = "•"


def mask(value: str, shown: int, dot: str = DOT) -> str:
    """A value with all but its last characters hidden.

    Parameters
    ----------
    value : str
    shown : int
        How many characters are shown, 0 or more.
    dot : str
        Stands for each hidden character.

    Examples
    --------
    >>> mask("+14155550123", 3), mask("4021", 0)
    ('•••••••••123', '••••')
    """
    hidden = max(0, len(value) - shown)
    return dot * hidden + value[hidden:]
