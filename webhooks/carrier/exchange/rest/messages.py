"""The resource of text messages, which nobody receives. Source: twilio.com/docs/messaging/api/message-resource."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webhooks.carrier.exchange.rest.calls import rfc2822
from webhooks.carrier.exchange.rest.errors import RestError, not_found
from webhooks.carrier.exchange.rest.parameters import Form

if TYPE_CHECKING:
    from webhooks.carrier.exchange.exchange import Exchange

__all__ = ["MAX_BODY", "Messages"]

MAX_BODY = 1_600
"""Longest text, in characters (error 21617)."""


@dataclass
class Messages:
    """The messages sent so far, by Sid, in order."""

    sent: dict[str, dict[str, object]] = field(default_factory=dict)

    def create(self, exchange: Exchange, form: Form) -> dict[str, object]:
        """Send a message."""
        to = form.messaged("To", 21604, 21211)
        from_ = form.messaged("From", 21603, 21212) if not form.has("MessagingServiceSid") else None
        if from_ and to.startswith("whatsapp:") != from_.startswith("whatsapp:"):
            raise RestError(400, 21910, "Invalid From and To pair. From and To should be of the same channel")
        if form.has("ContentVariables") and not form.has("ContentSid"):
            raise RestError(400, 21654, "ContentSid Required")
        body = form.get("Body")
        if not body and not form.has("ContentSid"):
            raise RestError(400, 21602, "Message body is required.")
        if len(body) > MAX_BODY:
            raise RestError(400, 21617, f"The concatenated message body exceeds the {MAX_BODY} character limit")
        account, sid, now = exchange.number.account_sid, exchange.new_sid("SM"), rfc2822(exchange.now())
        uri = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
        made: dict[str, object] = {
            "sid": sid,
            "account_sid": account,
            "to": to,
            "from": from_,
            "messaging_service_sid": form.get("MessagingServiceSid") or None,
            "body": body,
            "status": "queued",
            "direction": "outbound-api",
            "num_segments": "1",
            "num_media": "0",
            "error_code": None,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "date_created": now,
            "date_updated": now,
            "date_sent": None,
            "api_version": "2010-04-01",
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }
        self.sent[sid] = made
        return made

    def fetch(self, path: str, sid: str) -> dict[str, object]:
        """One message."""
        if sid not in self.sent:
            raise not_found(path)
        return self.sent[sid]

    def listed(self, form: Form) -> list[dict[str, object]]:
        """The messages that fit the filters, the last one first."""
        fits: Callable[[dict[str, object]], bool] = lambda made: all(  # noqa: E731 - a condition with a name
            form.get(name) in ("", made[key]) for name, key in (("To", "to"), ("From", "from"))
        )
        return [made for made in reversed(self.sent.values()) if fits(made)]
