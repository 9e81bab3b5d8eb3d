"""A virtual carrier: executes TwiML as Twilio does, on a virtual clock, over any transport."""

from __future__ import annotations

from webhooks.carrier.call import Call
from webhooks.carrier.drivers.driver import play
from webhooks.carrier.protocol import Number
from webhooks.carrier.requests.wsgi import Wsgi

__all__ = ["Call", "Number", "Wsgi", "play"]
