"""Text messages by Twilio: SMS and WhatsApp, in words or by a content template."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.protocol.service_actions import Send

__all__ = ["TextMessages", "TryAgainError", "as_kept", "parameters"]

_log = logging.getLogger("ivr.effects")
logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # it logs the account, the number and all headers
_NO_MOBILE = {21211, 21217, 21614, 30006}
"""Twilio's errors for a malformed number, or one that cannot receive text messages."""
_STOPPED = 21610
"""Twilio's error for a number that has answered STOP."""
_BUSY = 429
_LONGEST = 1_600


class TryAgainError(Exception):
    """The message was certainly not sent, and may be sent in a while."""


@dataclass(frozen=True)
class TextMessages:
    """The account that messages are sent from.

    Parameters
    ----------
    account_sid, auth_token : str
    sms_from, whatsapp_from : str
        The senders; without one nothing is sent that way.
    """

    account_sid: str = ""
    auth_token: str = field(default="", repr=False)
    sms_from: str = ""
    whatsapp_from: str = ""

    def sender(self, channel: str) -> str:
        """The number that messages of a channel come from; empty if none can be sent."""
        number = self.whatsapp_from if channel == "whatsapp" else self.sms_from
        return number if self.account_sid and self.auth_token else ""

    def send(self, to: str, message: Mapping[str, Any], seconds: float) -> str:
        """Send now: ``sent``, ``failed``, ``no_mobile`` or ``stopped``; raises `TryAgainError`.

        Parameters
        ----------
        to : str
        message : mapping
            As `as_kept` makes it.
        seconds : float
            For the whole exchange.
        """
        from twilio.base.exceptions import TwilioRestException
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        client = Client(self.account_sid, self.auth_token, http_client=TwilioHttpClient(timeout=seconds))
        try:
            client.messages.create(**parameters(to, self.sender(message["channel"]), message))
        except TwilioRestException as error:
            _log.warning("text message of %s: error %s", message["name"], error.code)
            if error.status == _BUSY:
                raise TryAgainError from error
            return "stopped" if error.code == _STOPPED else "no_mobile" if error.code in _NO_MOBILE else "failed"
        except Exception as error:  # whatever the network does, the call goes on
            _log.warning("text message of %s: %s", message["name"], type(error).__name__)
            return "failed"
        return "sent"


def as_kept(send: Send) -> dict[str, Any]:
    """What is kept of a message, JSON-ready."""
    return {
        "name": send.name,
        "text": send.text[:_LONGEST],
        "channel": send.channel,
        "template": send.template,
        "variables": dict(send.variables),
        "within": list(send.within),
    }


def parameters(to: str, sender: str, message: Mapping[str, Any]) -> dict[str, str]:
    """The parameters of Twilio's Message resource, as its library names them.

    Source: twilio.com/docs/messaging/api/message-resource, twilio.com/docs/content.

    Examples
    --------
    >>> plain = {"text": "Bye.", "channel": "sms", "template": "", "variables": {}}
    >>> parameters("+14155550123", "+14155550100", plain)
    {'to': '+14155550123', 'from_': '+14155550100', 'body': 'Bye.'}
    >>> by_template = {"text": "", "channel": "whatsapp", "template": "HX1", "variables": {"1": "Ana"}}
    >>> parameters("+14155550123", "+14155550100", by_template)["to"]
    'whatsapp:+14155550123'
    """
    before = "whatsapp:" if message["channel"] == "whatsapp" else ""
    found = {"to": f"{before}{to}", "from_": f"{before}{sender}"}
    if not message["template"]:
        return {**found, "body": message["text"][:_LONGEST]}
    found["content_sid"] = message["template"]
    if message["variables"]:
        found["content_variables"] = json.dumps(message["variables"], ensure_ascii=False)
    return found
