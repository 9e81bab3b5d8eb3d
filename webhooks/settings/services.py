"""What carries out the effects of calls: lookups, text messages, callbacks."""

from __future__ import annotations

from typing import Protocol

from flows.protocol.actions import Effect, Outcome

__all__ = ["Services"]


class Services(Protocol):
    """Carries out effects."""

    def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
        """Carry out one effect.

        Parameters
        ----------
        effect : Effect
        call_sid : str
        seq : int
            Row of the steps table that the effect belongs to.
        seconds : float
            Time limit.

        Returns
        -------
        Outcome
            A failure is also an outcome; `perform` must not raise.
        """
        ...
