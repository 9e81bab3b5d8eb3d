"""Who calls again, of each intent: what is stated for all callers, and what differs."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.sampling.distributions import Distribution
from simulation.scenario.callers import Retry
from simulation.scenario.model import Scenario

__all__ = ["CallingAgain", "calling_again"]


@dataclass(frozen=True)
class CallingAgain:
    """How callers of one intent call again.

    Parameters
    ----------
    attempts : int
        Most calls of a caller; 1 = nobody calls again.
    share : float
        Share of those not served who try again.
    after : Distribution
    share_handled : float
        Share of those who were handled who call again.
    after_handled : Distribution or None
    """

    attempts: int
    share: float
    after: Distribution
    share_handled: float
    after_handled: Distribution | None

    @property
    def handled_from(self) -> float:
        """The caller's uniform from which they call again after a handled call; below `share` they try again.

        One uniform serves both, from both ends: a caller who does the one rarely does the other too, so that the call
        that follows can be drawn for the moment at which it comes.
        """
        return 1.0 - self.share_handled


def calling_again(scenario: Scenario) -> tuple[CallingAgain, ...]:
    """Who calls again, by intent in their order; empty if nobody does.

    Parameters
    ----------
    scenario : Scenario
    """
    common = scenario.behaviour.retry
    found = []
    for intent in scenario.intents.values():
        of, own = common or Retry.model_construct(), intent.retry
        attempts, share, after, repeat = of.attempts, of.share, of.after, of.after_handled
        if own:
            attempts, after = own.attempts or attempts, own.after or after
            share = share if own.share is None else own.share
            repeat = own.after_handled or repeat
        again = CallingAgain(attempts, share, after, repeat.share if repeat else 0.0, repeat.after if repeat else None)
        found.append(again)
    if not any(of.attempts > 1 and (of.share or of.share_handled) for of in found):
        return ()
    return tuple(found)
