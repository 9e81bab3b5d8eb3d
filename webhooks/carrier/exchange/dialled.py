"""Calls that other calls make by <Dial>: telephones that ring, queues whose first caller is connected, and who talks to
whom.

Source: twilio.com/docs/voice/twiml/dial, number, queue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from webhooks.carrier.call import Call
from webhooks.carrier.exchange.leg import Leg, OutboundOrder
from webhooks.carrier.exchange.outbound import rings
from webhooks.carrier.protocol import CallerHungUp, CallRedirected, HangUp, LineEvent, OtherParty, Steps
from webhooks.carrier.steps.talk import talk

__all__ = ["Dialled", "dialled_course"]

Post = Callable[[Leg, LineEvent, Callable[[], bool]], None]


def dialled_course(order: OutboundOrder, shown: str, tell: Callable[[str], object]) -> Callable[[Call], Steps[None]]:
    """The course of a call that a <Dial> makes: it rings, and talks to who has dialled.

    Parameters
    ----------
    order : OutboundOrder
    shown : str
        Who has dialled, as this one sees them.
    tell : callable
        Told what has become of the ringing, as `OtherParty` says it.
    """

    def course(call: Call) -> Steps[None]:
        call.status = "ringing"
        call.status = yield from rings(call, order)
        call.ended_by = "line"
        if call.status != "in-progress":
            tell(call.status)
            return
        order.answered_s = call.now_s
        call.answer()
        tell("answer")
        try:
            yield from talk(call, shown)
        except CallerHungUp as how:
            call.ended_by = str(how)
        except CallRedirected:
            pass  # it has no document of its own to go on with
        call.status = "completed"

    return course


@dataclass
class Dialled:
    """Who rings for whom, who wants whom out of a queue, and who talks to whom; used under the exchange's lock.

    Parameters
    ----------
    post : callable
        Tells a call an event, while a condition holds.
    """

    post: Post
    ringing: dict[Leg, dict[str, Leg]] = field(default_factory=dict)
    """By who has dialled, the telephones that ring for them, by address."""
    wanting: dict[str, list[tuple[Leg, str]]] = field(default_factory=dict)
    """By queue, who has dialled it and waits for somebody to join, and what that one is told first."""
    peers: dict[Leg, Leg] = field(default_factory=dict)
    _talked: set[Leg] = field(default_factory=set, init=False)

    def rung(self, leg: Leg, name: str, what: str) -> None:
        """What has become of a telephone that rang for a call."""
        child = self.ringing.get(leg, {}).pop(name, None)
        if child is not None and what == "answer":
            self._pair(leg, child)
        if child is not None and what != "canceled":
            self.post(leg, OtherParty(what, name), lambda: not leg.is_over)

    def no_more(self, leg: Leg) -> None:
        """A call does not wait for an answer any more: what still rings for it stops."""
        for child in self.ringing.pop(leg, {}).values():
            self.post(child, HangUp("line"), partial(_is_on, child))
        for legs in self.wanting.values():
            legs[:] = [each for each in legs if each[0] is not leg]

    def takes(self, leg: Leg, queue: str, first: Leg | None, whisper_url: str) -> None:
        """Connect a call that has dialled a queue with the first in it, or let it wait for one."""
        if first is None:
            self.wanting.setdefault(queue, []).append((leg, whisper_url))
            return
        first.call.number = replace(first.call.number, whisper_url=whisper_url)
        self._pair(leg, first)
        self.post(first, OtherParty("answer"), lambda: first.in_queue == queue)
        self.post(leg, OtherParty("answer", queue), lambda: not leg.is_over)

    def joined(self, leg: Leg) -> None:
        """A call is in a queue: whoever waits for one gets it."""
        wanting = self.wanting.get(leg.in_queue, [])
        if wanting and leg not in self.peers:
            dialler, whisper_url = wanting.pop(0)
            self.takes(dialler, leg.in_queue, leg, whisper_url)

    def moved(self, leg: Leg) -> None:
        """A call has moved: when it leaves a conversation, the other is told."""
        peer = self.peers.get(leg)
        if peer is None:
            return
        if leg.talks:
            self._talked.add(leg)
        elif leg.is_over or leg in self._talked:
            self.part(leg)

    def part(self, leg: Leg) -> None:
        """A call is connected with its other no more, who is told."""
        peer = self.peers.pop(leg, None)
        if peer is not None:
            del self.peers[peer]
            self._talked -= {leg, peer}
            self.post(peer, OtherParty("over"), lambda: peer not in self.peers)

    def _pair(self, one: Leg, other: Leg) -> None:
        self.peers[one], self.peers[other] = other, one
        one.peer_sid, other.peer_sid = other.sid, one.sid


def _is_on(leg: Leg) -> bool:
    return not leg.is_over
