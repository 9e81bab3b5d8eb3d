"""The virtual telephones at an exchange: each rings for one call at a time, and whoever has it answers, or does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from webhooks.carrier.exchange.leg import Leg
from webhooks.carrier.protocol import HangUp, Key, LineEvent, OtherParty, Words

__all__ = ["Phone"]


@dataclass(eq=False)
class Phone:
    """A telephone.

    Parameters
    ----------
    address : str
        A number, ``client:NAME`` or ``sip:NAME@HOST``.
    post : callable
        Tells a call an event.
    name : str
        Whose it is, as others on the line see them; empty: the address.

    Attributes
    ----------
    leg : Leg or None
        The call that rings or is in hand.
    last : Leg or None
        The last call that has rung here.
    on_ring : callable or None
        Called with a call that begins to ring.
    """

    address: str
    post: Callable[[Leg, LineEvent], None]
    name: str = ""
    leg: Leg | None = field(default=None, init=False)
    last: Leg | None = field(default=None, init=False)
    on_ring: Callable[[Leg], None] | None = field(default=None, init=False)

    @property
    def rings(self) -> bool:
        """Whether it rings now."""
        return self.leg is not None and self.leg.waiting is not None and self.leg.waiting.waits.kind == "ringing"

    def answer(self) -> bool:
        """Pick up; False when nothing rings."""
        return self._act(OtherParty("answer"), ringing=True)

    def decline(self) -> bool:
        """Refuse the ringing call; False when nothing rings."""
        return self._act(OtherParty("busy"), ringing=True)

    def press(self, key: str) -> bool:
        """Press a key; False when there is no call in hand."""
        return self._act(Key(key), ringing=False)

    def say(self, text: str) -> bool:
        """Say something; False when there is no call in hand."""
        return self._act(Words(text), ringing=False)

    def hang_up(self) -> bool:
        """Hang up; False when there is no call in hand."""
        return self._act(HangUp(), ringing=False)

    def _act(self, event: LineEvent, *, ringing: bool) -> bool:
        leg = self.leg
        if leg is None or self.rings != ringing:
            return False
        self.post(leg, event)
        return True
