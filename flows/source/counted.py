"""A number and what it counts, in the singular or plural."""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int | str, one: str, many: str = "") -> str:
    """A number and the noun it belongs to.

    Parameters
    ----------
    number : int or str
        A number, or one that is already written for people (``flows.display.numbers.count``).
    one : str
        The noun in the singular.
    many : str
        In the plural; by default with an s.

    Examples
    --------
    >>> counted(1, "call"), counted(1_200, "call"), counted("1.0", "call"), counted(2, "leaf", "leaves")
    ('1 call', '1,200 calls', '1.0 calls', '2 leaves')
    """
    text = number if isinstance(number, str) else f"{number:,}"
    return f"{text} {one if text == '1' else many or f'{one}s'}"
