"""Several calls at once at one virtual carrier: callers, agents' telephones, queues, conferences, and the REST API."""

from __future__ import annotations

from webhooks.carrier.exchange.exchange import Exchange
from webhooks.carrier.exchange.time import RealTime, VirtualTime

__all__ = ["Exchange", "RealTime", "VirtualTime"]
