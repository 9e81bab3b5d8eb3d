"""Tells the floor and the callbacks how orders to the carrier went."""

from __future__ import annotations

from webhooks.dispatch.callbacks import CallbackWork
from webhooks.dispatch.floor import Floor

__all__ = ["FloorNews"]

_GUEST = {"busy": "busy", "missed": "no answer", "cancelled": "not called"}


class FloorNews:
    """What `webhooks.dispatch.orders.Orders` tells.

    Parameters
    ----------
    floor : Floor
    callbacks : CallbackWork
    """

    def __init__(self, floor: Floor, callbacks: CallbackWork) -> None:
        self._floor, self._callbacks = floor, callbacks

    def offer_rings(self, offer: str, leg_sid: str) -> None:
        """The agent's phone is being called."""
        self._floor.offer_rings(offer, leg_sid)

    def offer_missed(self, offer: str, how: str) -> None:
        """The agent's phone was not called, or its call is over already."""
        self._floor.offer_missed(offer, how)

    def move_failed(self, offer: str, call_sid: str, *, gone: bool) -> None:
        """The caller could not be moved to the agent."""
        if gone:
            self._floor.call_left(call_sid, "gone")
        else:
            self._floor.move_failed(offer, gone=False)

    def dial_placed(self, offer: str, leg_sid: str) -> None:
        """The caller of a callback is being called."""
        self._callbacks.taken(offer)

    def dial_failed(self, offer: str, how: str) -> None:
        """The caller of a callback was not called, or their call is over already."""
        self._callbacks.not_reached(offer, how)

    def guest_placed(self, offer: str, leg_sid: str) -> None:
        """Somebody outside, whom an agent has asked, is being called."""
        self._floor.guest_rings(offer, leg_sid)

    def guest_failed(self, offer: str, how: str) -> None:
        """They were not called, or their call is over already."""
        self._floor.guest_ends(offer, _GUEST.get(how, "could not be called"))
