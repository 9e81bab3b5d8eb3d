"""Answers the carrier's requests about a leg, each of which brings its offer sealed in the address."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from webhooks.dispatch.leg_addresses import LegAddresses
from webhooks.store.database import UNREACHABLE
from webhooks.store.failure_reason import failure_reason
from webhooks.twilio import leg_twiml

__all__ = ["Answer", "Way", "leg_endpoints"]

Answer = Callable[[Mapping[str, str], str], bytes]
"""Gives the document for the carrier's form and what the address carries; empty for a status callback.

It raises what the database raises if the carrier is to report the same again."""
Way = Callable[[str, Mapping[str, str]], bytes]
"""Gives the document for an offer and the carrier's form."""

_log = logging.getLogger("ivr.floor")


def leg_endpoints(
    addresses: LegAddresses, ways: Mapping[str, Way], *, instead: Mapping[str, str] | None = None
) -> Mapping[str, Answer]:
    """What answers each path.

    While the floor is out of reach, a leg is asked to wait and to come again; a status is reported again.

    Parameters
    ----------
    addresses : LegAddresses
    ways : mapping of str to Way
        By path.
    instead : mapping of str to str, optional
        Where a leg comes again, if not to the same path.

    Returns
    -------
    mapping of str to Answer
        Each raises `webhooks.security.sealed_cursor.CursorError` for a forged address.
    """

    def answers(path: str, way: Way) -> Answer:
        def answer(form: Mapping[str, str], sealed: str) -> bytes:
            offer = addresses.offer_in(sealed)
            try:
                return way(offer, form)
            except UNREACHABLE as error:
                _log.warning("%s: the floor is out of reach (%s)", path, failure_reason(error))
                if path.endswith("/status"):
                    raise  # the carrier reports it again
                return leg_twiml.later(addresses.of((instead or {}).get(path, path), offer))

        return answer

    return {path: answers(path, way) for path, way in ways.items()}
