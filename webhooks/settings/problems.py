"""Settings with which the service must not start."""

from __future__ import annotations

from flows.source.finding import UsageError, usage_error

__all__ = ["problem"]


def problem(message: str, hint: str, *, code: str = "W001") -> UsageError:
    """A setting with which the service must not start."""
    return usage_error(code, message, hint)
