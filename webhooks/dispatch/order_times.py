"""How long orders to the carrier are tried, and with which pauses."""

from __future__ import annotations

from dataclasses import dataclass

from flows.values.units import US_PER_S

__all__ = ["OrderTimes"]


@dataclass(frozen=True)
class OrderTimes:
    """Times of orders, in seconds.

    Parameters
    ----------
    first_pause_s, longest_pause_s : float
        The pause before the second try, which doubles up to the longest.
    lease_s : float
        A worker that has not written the end of an order by then has died; longer than the carrier may take to answer.
    ring_s : int
        How long a phone rings.
    first_look_s, listed_s : float
        When a call whose answer was lost is first looked for, and when one that is not listed was not placed.
    patience_s : float
        How long a call is placed or moved again that the carrier refuses for now: somebody waits for it.
    hang_up_s : float
        How long it is tried to end a call.
    notice_s : float
        How long it is tried to tell of a voicemail.
    """

    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    lease_s: float = 10.0
    ring_s: int = 25
    first_look_s: float = 1.0
    listed_s: float = 5.0
    patience_s: float = 10.0
    hang_up_s: float = 300.0
    notice_s: float = 3_600.0

    @property
    def lease_us(self) -> int:
        """`lease_s` in microseconds."""
        return round(self.lease_s * US_PER_S)

    @property
    def first_look_us(self) -> int:
        """`first_look_s` in microseconds."""
        return round(self.first_look_s * US_PER_S)

    @property
    def listed_us(self) -> int:
        """`listed_s` in microseconds."""
        return round(self.listed_s * US_PER_S)

    def pause_us(self, tries: int) -> int:
        """The pause after so many tries, microseconds.

        Examples
        --------
        >>> [OrderTimes().pause_us(tries) for tries in (1, 2, 3, 20)]
        [500000, 1000000, 2000000, 30000000]
        """
        doubled: float = self.first_pause_s * 2 ** min(tries - 1, 20)
        return round(min(doubled, self.longest_pause_s) * US_PER_S)

    def patience_us(self, what: str) -> int:
        """How long an order is tried, microseconds."""
        longer = {"hang_up": self.hang_up_s, "mail": self.notice_s, "webhook": self.notice_s}
        return round(longer.get(what, self.patience_s) * US_PER_S)
