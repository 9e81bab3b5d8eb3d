"""Messages that callers send to the line: STOP ends all messages to them, START begins them again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from webhooks.dispatch.leg_endpoints import Answer
from webhooks.store.later_messages import OptOuts

__all__ = ["InboundMessages", "inbound"]

_log = logging.getLogger("ivr.effects")
_STOP = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "alto", "baja", "arret", "arrêt",
     "stopp", "parar", "sair", "stoppen"}
)  # fmt: skip
"""Twilio's own words (support article 223134027), and those of the languages that lines speak."""
_START = frozenset({"start", "unstop", "yes"})
_EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response />'


class InboundMessages:
    """Answers the carrier about messages that come in.

    Parameters
    ----------
    opted_out : OptOuts
    clock_us : callable
        Microseconds since 1970.
    """

    def __init__(self, opted_out: OptOuts, clock_us: Callable[[], int]) -> None:
        self._opted_out, self._clock_us = opted_out, clock_us

    def __call__(self, form: Mapping[str, str], _cursor: str) -> bytes:
        """The answer: nothing is sent back, as the carrier confirms STOP itself."""
        number = form.get("From", "").removeprefix("whatsapp:")
        said = form.get("OptOutType", "") or form.get("Body", "")
        word = said.strip().strip(".!").lower()
        if number.startswith("+") and word in _STOP:
            withdrawn = self._opted_out.add(number, self._clock_us())
            _log.info("a caller wants no more messages; %d withdrawn", withdrawn)
        elif number.startswith("+") and word in _START:
            self._opted_out.remove(number)
        return _EMPTY


def inbound(opted_out: OptOuts | None) -> Mapping[str, Answer]:
    """What answers messages that come in, by path; nothing without a database."""
    if opted_out is None:
        return {}
    return {"/message": InboundMessages(opted_out, lambda: time.time_ns() // 1_000)}
