"""The messages that callers of a virtual carrier leave, kept in memory, as its account would keep them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from webhooks.carrier.exchange.sound import wav

__all__ = ["MOST", "Recordings"]

MOST = 500
"""Messages that are kept; the oldest goes first."""


@dataclass
class Recordings:
    """Messages by their Sid.

    Examples
    --------
    >>> kept = Recordings()
    >>> kept.keep("RE1", 2.0, "Please call me")
    >>> sound, kind = kept.sound("https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1")
    >>> sound[:4], kind, kept.sound("https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE2")
    (b'RIFF', 'audio/wav', None)
    """

    _kept: dict[str, tuple[float, str]] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def keep(self, sid: str, seconds: float, said: str) -> None:
        """Keep what somebody has said."""
        with self._lock:
            self._kept[sid] = seconds, said
            while len(self._kept) > MOST:
                del self._kept[next(iter(self._kept))]

    def sound(self, url: str) -> tuple[bytes, str] | None:
        """The sound of a message by its address, and its content type; None if it is not kept."""
        with self._lock:
            found = self._kept.get(url.rpartition("/")[2])
        return (wav(*found), "audio/wav") if found else None
