"""The errors of wrong settings: one, and all of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flows.source.finding import Finding, IvrError, UsageError, usage_error

__all__ = ["Together", "problem"]


def problem(message: str, hint: str, *, code: str = "W001") -> UsageError:
    """The error of a setting with which the service must not start."""
    return usage_error(code, message, hint)


class Together:
    """Collects what several checks refuse, so that everything that is wrong is told at once.

    Examples
    --------
    >>> together = Together()
    >>> for name in ("IVR_FLOW", "IVR_PUBLIC_URL"):
    ...     with together.checking():
    ...         raise problem(f"{name} is not set", f"set {name}")
    >>> together.refuse()
    Traceback (most recent call last):
    flows.source.finding.UsageError: W001 IVR_FLOW is not set; W001 IVR_PUBLIC_URL is not set
    """

    def __init__(self) -> None:
        self._errors: list[IvrError] = []

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was refused, each thing once."""
        return tuple(dict.fromkeys(finding for error in self._errors for finding in error.findings))

    @contextmanager
    def checking(self) -> Iterator[None]:
        """Collect what is refused within; what follows it there is not done."""
        try:
            yield
        except IvrError as error:
            self._errors.append(error)

    def refuse(self) -> None:
        """Raise what was collected, if anything.

        Raises
        ------
        IvrError
            The error itself if it is the only one.
        """
        if len(self._errors) == 1:
            raise self._errors[0]
        if self._errors:
            raise UsageError(self.findings)
