"""Settings with several parts."""

from __future__ import annotations

__all__ = ["listed"]


def listed(text: str) -> tuple[str, ...]:
    """The comma-separated parts of a setting.

    Examples
    --------
    >>> listed("crm.internal:8080, 10.0.0.7")
    ('crm.internal:8080', '10.0.0.7')
    """
    return tuple(part.strip() for part in text.split(",") if part.strip())
