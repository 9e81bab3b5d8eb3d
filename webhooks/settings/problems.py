"""The error of a wrong setting."""

from __future__ import annotations

from flows.source.finding import UsageError, usage_error

__all__ = ["problem"]


def problem(message: str, hint: str, *, code: str = "W001") -> UsageError:
    """The error of a setting with which the service must not start."""
    return usage_error(code, message, hint)
