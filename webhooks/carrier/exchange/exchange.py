"""Several calls at once at one virtual carrier: callers, calls that the REST API makes, queues and conferences.

Each call is a `Call` as everywhere else. The exchange plays them on one clock and tells each what the others do: who
joins the conference, who leaves it, what is said. It decides nothing that TwiML decides.
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import count

from webhooks.carrier.call import Call
from webhooks.carrier.call_log import Did
from webhooks.carrier.drivers.driver import Driver
from webhooks.carrier.exchange.dialled import Dialled, dialled_course
from webhooks.carrier.exchange.leg import Leg, OutboundOrder, TimedTransport
from webhooks.carrier.exchange.outbound import outbound
from webhooks.carrier.exchange.phones import Phone
from webhooks.carrier.exchange.queues import Queues
from webhooks.carrier.exchange.recordings import Recordings
from webhooks.carrier.exchange.rooms import Room, Rooms
from webhooks.carrier.exchange.time import RealTime, Time
from webhooks.carrier.protocol import (
    LineEvent,
    Number,
    OtherParty,
    QueueState,
    Request,
    Spoken,
    Transport,
    Waits,
    Words,
)

__all__ = ["MAX_KEPT", "Exchange", "Moment"]

MAX_KEPT = 10_000
"""Calls that are over, kept for those who ask about them."""
_MAX_MOMENTS = 100_000
_TRANSCRIBED_S = 2.0
"""A transcript is sent so long after the recording; Twilio may take minutes."""


@dataclass(frozen=True)
class Moment:
    """Something that happened at the exchange.

    Parameters
    ----------
    at_s : float
    what : {"begins", "rings", "waits", "in room", "talks", "over"}
    call_sid : str
    about : str
        The telephone, the queue, the conference, the others in it, or the final status.
    """

    at_s: float
    what: str
    call_sid: str
    about: str = ""


class Exchange:
    """A virtual carrier with several calls at once.

    Parameters
    ----------
    number : Number
        The number that callers call; its account and token are those of the exchange.
    transport : Transport
        Carries requests to webhooks; used by several calls at once.
    time : Time, optional
        Default: the real clock.
    began : datetime, optional
        What the clock stands for at 0; default: now.
    run : str
        Distinguishes the CallSids of runs; default: random.

    Examples
    --------
    >>> from webhooks.carrier.exchange.time import VirtualTime
    >>> from webhooks.carrier.requests.wsgi import Wsgi
    >>> def app(environ, start_response):
    ...     start_response("200 OK", [("Content-Type", "text/xml")])
    ...     return [b"<Response><Say>Hello.</Say><Hangup/></Response>"]
    >>> time = VirtualTime()
    >>> exchange = Exchange(Number("http://localhost/voice"), Wsgi(app), time=time)
    >>> leg = exchange.call_in("+14155550123", "+18005550100")
    >>> time.run_until(60.0)
    >>> leg.is_over, leg.call.status
    (True, 'completed')
    """

    def __init__(
        self,
        number: Number,
        transport: Transport,
        *,
        time: Time | None = None,
        began: dt.datetime | None = None,
        run: str = "",
    ) -> None:
        self.number, self.time = number, time or RealTime()
        self.began = began or dt.datetime.now(dt.UTC)
        self.legs: dict[str, Leg] = {}
        self.names: Callable[[str], str] = lambda address: ""
        """Whose telephone is at an address, as others on the line see them; empty: the address is shown."""
        self.phones: dict[str, Phone] = {}
        self.moments: deque[Moment] = deque(maxlen=_MAX_MOMENTS)
        self.lock = threading.RLock()
        self.queues, self.recordings = Queues(self.time), Recordings()
        self.dialled = Dialled(self.post)
        self.rooms = Rooms(self.post, self.now, number.account_sid)
        self.transport = TimedTransport(transport, self.time)
        self._run, self._serial = run or secrets.token_hex(8), count()
        self._states: dict[str, tuple[str, str]] = {}

    def now(self) -> dt.datetime:
        """The present time, by the exchange's clock."""
        return self.began + dt.timedelta(seconds=self.time.now_s)

    def new_sid(self, prefix: str = "CA") -> str:
        """A Sid that nothing else has."""
        return prefix + sha256(f"{self._run} {prefix} {next(self._serial)}".encode()).hexdigest()[:32]

    # --- calls ------------------------------------------------------------------------------------------------------

    def call_in(
        self,
        ani: str,
        dnis: str,
        *,
        shown: str = "",
        watch: Callable[[Leg], None] | None = None,
        number: Number | None = None,
    ) -> Leg:
        """Somebody calls the number, and then does what `watch` does for them."""
        call = Call(number or self.number, sid=self.new_sid(), began=self.now(), ani=ani, dnis=dnis, others=self)
        leg = Leg(Driver(call, self.transport, _stops), self.time, shown or ani or "the caller")
        leg.watch = watch
        return self.add(leg)

    def call_out(self, order: OutboundOrder, number: Number) -> Leg:
        """The REST API calls somebody; `number` says where the documents of the call are."""
        call = Call(
            replace(number, status_url=""),
            sid=self.new_sid(),
            began=self.now(),
            ani=order.from_,
            dnis=order.to,
            direction="outbound-api",
            others=self,
        )
        call.status = "queued"
        phone = self.phone(order.to)
        driver = Driver(call, self.transport, _stops, outbound(order))
        return self.add(Leg(driver, self.time, self.names(order.to) or phone.name or phone.address, order))

    def add(self, leg: Leg) -> Leg:
        """Take a call in; the exchange begins it unless it has begun."""
        with self.lock:
            self.legs[leg.sid] = leg
            for sid in [sid for sid, each in self.legs.items() if each.is_over][: max(0, len(self.legs) - MAX_KEPT)]:
                del self.legs[sid]
            self._note(leg, "begins")
        if not leg.begun:
            self._wake(leg)
        return leg

    def post(self, leg: Leg, event: LineEvent, holds: Callable[[], bool] = lambda: True) -> None:
        """Something happens to a call, unless `holds` is false by the time the call hears of it."""
        leg.tell(event, holds)
        self._wake(leg)

    def phone(self, address: str) -> Phone:
        """The telephone at an address; every address has one."""
        with self.lock:
            return self.phones.setdefault(address, Phone(address, self.post))

    def moved(self, leg: Leg) -> None:
        """A call has moved: tell the others, and continue it when it is due."""
        with self.lock:
            self.queues.moved(leg, "" if leg.is_over else leg.in_queue)
            self.rooms.moved(leg, None if leg.is_over else leg.call.room)
            self.dialled.joined(leg)
            self.dialled.moved(leg)
            self._relay(leg)
            self._rings(leg)
            self._remember(leg)
            due_s = leg.due_s()
            if due_s is not None and due_s != leg.scheduled_s:
                leg.scheduled_s = due_s
                self.time.at(due_s, lambda: self._step(leg))
        if leg.watch:
            leg.watch(leg)

    def others_of(self, leg: Leg) -> str:
        """Who else is in the conference of a call, in words; empty for nobody."""
        with self.lock:
            room = self.rooms.room_of(leg)
            return ", ".join(other.shown for other in room.others(leg)) if room else ""

    def place(self, call_sid: str, queue: str) -> QueueState:
        """The state of a queue for a call, which joins it unless it has."""
        with self.lock:
            leg = self.legs.get(call_sid)
            return self.queues.place(leg, queue) if leg else QueueState()

    def rings(self, call_sid: str, to: str, sid: str, timeout_s: float) -> None:
        """A telephone rings for a call, by one named `sid`."""
        with self.lock:
            leg = self.legs[call_sid]
            order = OutboundOrder(to, str(leg.call.parameters().get("From", "")), timeout_s)
            call = Call(
                replace(leg.call.number, status_url=""),
                sid=sid,
                began=self.now(),
                ani=order.from_,
                dnis=to,
                direction="outbound-dial",
                others=self,
            )
            course = dialled_course(order, leg.shown, partial(self._rung, leg, to))
            phone = self.phone(to)
            shown = self.names(to) or phone.name or phone.address
            child = Leg(Driver(call, self.transport, _stops, course), self.time, shown, order)
            self.dialled.ringing.setdefault(leg, {})[to] = child
        self.add(child)

    def dequeues(self, call_sid: str, queue: str, whisper_url: str) -> None:
        """A call wants the first who waits in a queue, or the next to join."""
        with self.lock:
            first = next((each.leg for each in self.queues.by_name.get(queue, []) if not each.leg.is_over), None)
            self.dialled.takes(self.legs[call_sid], queue, first, whisper_url)

    def rings_no_more(self, call_sid: str) -> None:
        """A call waits for no answer any more."""
        with self.lock:
            self.dialled.no_more(self.legs[call_sid])

    def parts(self, call_sid: str) -> None:
        """Who has answered a call is not connected with it after all."""
        with self.lock:
            self.dialled.part(self.legs[call_sid])

    def peer(self, call_sid: str) -> str:
        """The call that this one was connected with by a dial; empty for none."""
        with self.lock:
            return self.legs[call_sid].peer_sid

    def recorded(self, sid: str, seconds: float, said: str, transcript: Request | None) -> None:
        """Keep a recording, and send its transcript a little later."""
        self.recordings.keep(sid, seconds, said)
        if transcript:
            self.time.at(self.time.now_s + _TRANSCRIBED_S, lambda: self.transport.send(transcript))

    def room(self, sid: str) -> Room | None:
        """The conference with this Sid or name, unless it is over."""
        with self.lock:
            return next((room for room in self.rooms.by_name.values() if sid in (room.sid, room.name)), None)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _wake(self, leg: Leg) -> None:
        self.time.at(self.time.now_s, lambda: self._step(leg))

    def _step(self, leg: Leg) -> None:
        leg.step(lambda: self.moved(leg))

    def _relay(self, leg: Leg) -> None:
        """What is said in a conference, the others hear."""
        said = leg.call.log[leg.relayed :]
        leg.relayed = len(leg.call.log)
        room, peer = self.rooms.room_of(leg), self.dialled.peers.get(leg)
        if peer is not None and leg.talks:
            for entry in said:
                if isinstance(entry, Did) and isinstance(entry.event, Words) and entry.taken:
                    self.post(peer, Spoken(entry.event.text, leg.shown), lambda: self.dialled.peers.get(peer) is leg)
        if room is None or not leg.talks:
            return
        me = next(each for each in room.participants if each.leg is leg)
        for entry in said:
            if isinstance(entry, Did) and isinstance(entry.event, Words) and entry.taken and not me.muted:
                spoken = Spoken(entry.event.text, leg.shown)
                for each in room.participants:
                    if each is not me and not each.on_hold:
                        self.rooms.tell(each, spoken)

    def _rung(self, leg: Leg, name: str, what: str) -> None:
        with self.lock:
            self.dialled.rung(leg, name, what)

    def _rings(self, leg: Leg) -> None:
        if leg.order is None:
            return
        phone = self.phone(leg.order.to)
        if leg.is_over:
            phone.leg = None if phone.leg is leg else phone.leg
        elif leg.waiting and leg.waiting.waits.kind == "ringing" and phone.leg is not leg:
            if phone.leg is not None:
                self.post(leg, OtherParty("busy"))
                return
            phone.leg = phone.last = leg
            if phone.on_ring:
                rings = phone.on_ring
                self.time.at(self.time.now_s, lambda: rings(leg))

    def _remember(self, leg: Leg) -> None:
        """Note what a call has come to, for tests and pages."""
        if leg.is_over:
            if leg.ended_s is None:
                leg.ended_s = self.time.now_s
                self._states.pop(leg.sid, None)
                self._note(leg, "over", leg.call.status)
            return
        kind = leg.waiting.waits.kind if leg.waiting else ""
        room = leg.call.room.text if leg.call.room else ""
        state = ("", "")
        if kind == "ringing" and leg.order:
            state = ("rings", leg.order.to)
        elif leg.in_queue:
            state = ("waits", leg.in_queue)
        elif room:
            state = ("talks", room) if kind == "talk" else ("in room", room)
        if state != self._states.get(leg.sid, ("", "")) and state[0]:
            self._note(leg, *state)
        self._states[leg.sid] = state

    def _note(self, leg: Leg, what: str, about: str = "") -> None:
        self.moments.append(Moment(self.time.now_s, what, leg.sid, about))


def _stops(waits: Waits) -> bool:
    """Everything but the joining of a queue, which always succeeds here, is a wait."""
    return waits.kind != "joining"
