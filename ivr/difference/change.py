"""One difference between two flows, as callers feel it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Change", "Kind"]

Kind = Literal["leads", "gained", "lost", "words", "passes", "skipped", "waits", "decided"]
"""``leads``: an exit leads elsewhere; ``gained``, ``lost``: an exit that only one has; ``words``: something else is
said; ``passes``: something new is said or done on the way, ``skipped``: no longer; ``waits``: another time, queue,
number or message box; ``decided``: the flow decides by something else."""


@dataclass(frozen=True)
class Change:
    """One difference, told once, at the first place where a caller meets it.

    Parameters
    ----------
    kind : Kind
    node : str
        Where it is met, by its name in the new flow; in the old for what is lost.
    way : tuple of (node, outcome)
        The shortest way there, by nodes and outcomes of the new flow.
    about : str
        What differs: an outcome, or what is waited for; empty for words.
    language : str
        For words: the language.
    old, new : str
        As it was and as it is; empty for what was not there.
    """

    kind: Kind
    node: str
    way: tuple[tuple[str, str], ...] = ()
    about: str = ""
    language: str = ""
    old: str = ""
    new: str = ""
