"""Assembles what carries out a floor's decisions: the telephone, the orders to it, and the dispatcher."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from webhooks.dispatch.dispatcher import Dispatcher
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.orders import Orders
from webhooks.dispatch.twilio_telephone import TwilioTelephone
from webhooks.service.staffed import Staffed
from webhooks.settings.config import Config
from webhooks.store import Store

if TYPE_CHECKING:
    from webhooks.carrier.exchange.http_client import InProcessClient

__all__ = ["VIRTUAL_ACCOUNT", "VIRTUAL_NUMBER", "operated"]

VIRTUAL_ACCOUNT = "AC" + "0" * 32
VIRTUAL_NUMBER = "+18005550100"
"""The number called where none is set: that of the browser phone."""


class _News:
    """Tells the floor how orders went."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.offer_rings, self.offer_missed = floor.offer_rings, floor.offer_missed

    def move_failed(self, offer: str, call_sid: str, *, gone: bool) -> None:
        if gone:
            self._floor.call_left(call_sid, "gone")
        else:
            self._floor.move_failed(offer, gone=False)

    def dial_placed(self, offer: str, leg_sid: str) -> None: ...

    def dial_failed(self, offer: str, how: str) -> None: ...


def operated(
    config: Config, store: Store, answered: Staffed, http_client: InProcessClient | None = None, base: str = ""
) -> Dispatcher:
    """The dispatcher of this process, not started yet.

    Parameters
    ----------
    config : Config
    store : Store
    answered : Staffed
    http_client : InProcessClient, optional
        The virtual carrier's; default: the real one, with the account of the settings.
    base : str
        Put before the addresses of documents, which have no host on a virtual line.
    """
    if http_client is None:
        telephone = TwilioTelephone(config.account_sid, config.auth_token)
    else:
        telephone = TwilioTelephone(VIRTUAL_ACCOUNT, "virtual", http_client=http_client)
    orders = Orders(
        store,
        telephone,
        _News(answered.floor),
        lambda path, offer: f"{base}{answered.addresses.of(path, offer)}",
        from_number=config.answering.calls_from or VIRTUAL_NUMBER,
        number_of=lambda call_sid: "",
        clock_us=lambda: time.time_ns() // 1_000,
    )
    return Dispatcher(answered.floor, orders.carry_out, adopt=orders.adopt)
