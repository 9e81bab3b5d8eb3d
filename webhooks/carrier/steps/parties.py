"""The parties that a <Dial> calls: numbers, clients and SIP addresses, a queue or a conference.

Source: twilio.com/docs/voice/twiml/number, client, sip, queue, conference.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5
from typing import TYPE_CHECKING, Literal

from webhooks.carrier.twiml.document import Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["MAX_AT_ONCE", "Party", "parties", "queue_sid"]

MAX_AT_ONCE = 10
"""Most parties that one <Dial> rings at once (voice/twiml/number)."""


@dataclass(frozen=True)
class Party:
    """A dialled party.

    Parameters
    ----------
    kind : {"person", "queue", "conference"}
    name : str
        As shown to people; ``client:NAME`` for a client.
    element : Element
        The noun.
    place : int
        Index of the noun in the document, from 0.
    """

    kind: Literal["person", "queue", "conference"]
    name: str
    element: Element
    place: int = 0


def parties(dial: Element) -> tuple[Party, ...]:
    """The dialled parties in the order of the document; those without a name are left out.

    Examples
    --------
    >>> nouns = (Element("Number", {}, "+12"), Element("Client", {}, "ann x", (Element("Identity", {}, "ann"),)))
    >>> [party.name for party in parties(Element("Dial", {}, "", nouns))]
    ['+12', 'client:ann']
    """
    nouns = dial.children or (Element("Number", {}, dial.text),)
    found = (Party(_KINDS.get(noun.name, "person"), _name(noun), noun, place) for place, noun in enumerate(nouns))
    return tuple(party for party in found if party.name)


def queue_sid(call: Call, name: str) -> str:
    """``QueueSid`` of a queue: the same in every call of an account."""
    return "QU" + md5(f"{call.number.account_sid} {name}".encode(), usedforsecurity=False).hexdigest()


_KINDS: dict[str, Literal["queue", "conference"]] = {"Queue": "queue", "Conference": "conference"}


def _name(noun: Element) -> str:
    if noun.name != "Client":
        return noun.text
    identity = next((child.text for child in noun.children if child.name == "Identity"), noun.text)
    return f"client:{identity}" if identity else ""
