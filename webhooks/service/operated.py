"""The dispatcher of a service, with the telephone that carries out its decisions: the real one, or a virtual one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.dispatch.dispatcher import Dispatcher
from webhooks.dispatch.twilio_telephone import TwilioTelephone
from webhooks.service.staffed import Staffed
from webhooks.settings.config import Config

if TYPE_CHECKING:
    from webhooks.carrier.exchange.http_client import InProcessClient

__all__ = ["VIRTUAL_ACCOUNT", "VIRTUAL_NUMBER", "operated"]

VIRTUAL_ACCOUNT = "AC" + "0" * 32
VIRTUAL_NUMBER = "+18005550100"
"""The number called where none is set: that of the browser phone."""


def operated(
    config: Config, answered: Staffed, http_client: InProcessClient | None = None, base: str = ""
) -> Dispatcher:
    """The dispatcher of this process, not started yet.

    Parameters
    ----------
    config : Config
    answered : Staffed
    http_client : InProcessClient, optional
        The virtual carrier's; default: the real one, with the account of the settings.
    base : str
        Put before the addresses of documents, which have no host on a virtual line.
    """
    if http_client is None:
        telephone, calls_from = TwilioTelephone(config.account_sid, config.auth_token), config.answering.calls_from
    else:
        telephone = TwilioTelephone(VIRTUAL_ACCOUNT, "virtual", http_client=http_client)
        calls_from = config.answering.calls_from or VIRTUAL_NUMBER
    orders = answered.orders(telephone, calls_from, base)
    return answered.dispatcher(orders.carry_out, answered.silent_calls(telephone).turn)
