"""How long the floor waits for people."""

from __future__ import annotations

from dataclasses import dataclass

from flows.values.units import US_PER_S

__all__ = ["FloorTimes"]


@dataclass(frozen=True)
class FloorTimes:
    """How long the floor waits for agents, in seconds.

    Parameters
    ----------
    ring_s : int
        A phone rings this long.
    lost_s : float
        Without news from the carrier after that, the offer has failed.
    key_s : float
        An agent who has picked up takes this long to press the key; a mailbox never does.
    again_s : float
        An agent who did not take a call is not asked for it again before.
    alone_s : float
        A caller whose agent has gone, and who has not come back to the flow by then, is fetched.
    slack_s : float
        The carrier may ask so much later what a caller hears next than the last document takes.
    silent_s : float
        A page that shows no sign of life for so long is gone; only agents who answer in the browser then pause.
    signed_in_s : float
        Whose page is silent for so long is signed out, wherever their phone rings.
    """

    ring_s: int = 20
    lost_s: float = 10.0
    key_s: float = 40.0
    again_s: float = 10.0
    alone_s: float = 5.0
    slack_s: float = 90.0
    silent_s: float = 30.0
    signed_in_s: float = 4 * 3_600.0

    def us(self, seconds: float) -> int:
        """Seconds as microseconds."""
        return round(seconds * US_PER_S)
