"""A virtual carrier: TwiML executed as Twilio executes it, on a clock of its own, over whatever transport it is
given.
"""

from __future__ import annotations

from webhooks.carrier.call import Call
from webhooks.carrier.drivers.callers import play
from webhooks.carrier.protocol import Number
from webhooks.carrier.requests.wsgi import Wsgi

__all__ = ["Call", "Number", "Wsgi", "play"]
