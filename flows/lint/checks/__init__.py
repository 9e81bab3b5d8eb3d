"""How a file of each kind is checked, one file a kind, under the kind's name."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from flows.kinds import Kind, Sample
from flows.lint.around import Around
from flows.source.finding import Finding

__all__ = ["Check", "check_of"]


class Check(Protocol):
    """The function ``check`` of each file here."""

    def __call__(self, sample: Sample, around: Around) -> tuple[Finding, ...]:
        """Everything that is wrong with a file of this kind."""


def check_of(kind: Kind) -> Check:
    """The check of a kind; only what it needs is imported.

    Examples
    --------
    >>> from flows.kinds import kinds
    >>> check_of(kinds()["part"]).__module__
    'flows.lint.checks.part'
    """
    return cast(Check, import_module(f"{__name__}.{kind.name}").check)
