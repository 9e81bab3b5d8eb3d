"""What a flow asks of the outside world: the clock, switches, draws, lookups, text messages and callbacks."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping

from flows.nodes.appointment import Appointment
from flows.nodes.dial import Dial as DialNode
from flows.protocol.actions import Ask, Dial, Effect, Fetch, Outcome
from flows.values.units import US_PER_S
from ivr.interpreter.clock_and_chance import NOBODY, OFF, Switched, answer, spoken
from ivr.interpreter.free_slots import Taken
from ivr.interpreter.session import Session
from webhooks.effects.perform_once import Effects, NoRoomError, failed
from webhooks.settings.rehearsals import Rehearsals
from webhooks.settings.spending import AllowedNumbers
from webhooks.store import UNREACHABLE, Store
from webhooks.store.places import Places, calendar_of
from webhooks.store.switch_states import SwitchStates
from webhooks.turn.admission import Admission
from webhooks.turn.hours_stability import REPEATED_MINUTES, HoursStability
from webhooks.turn.secret_vault import needs_lost
from webhooks.turn.turn import Turn

__all__ = ["Outside"]

_log = logging.getLogger("ivr.calls")


class Outside:
    """Answers what the flow asks. A repeated webhook gets the same answer as the first.

    Parameters
    ----------
    effects : Effects
    admission : Admission
        Learns whether effects find room.
    allowed_numbers : AllowedNumbers
    rehearsals : Rehearsals
    stated : mapping of str to Outcome
        Answers by node, used instead of asking a service (in development).
    store : Store or None
    clock_us : callable
        Microseconds since 1970, by which switches go off by themselves.
    """

    def __init__(
        self,
        effects: Effects,
        admission: Admission,
        allowed_numbers: AllowedNumbers,
        rehearsals: Rehearsals,
        stated: Mapping[str, Outcome],
        store: Store | None,
        clock_us: Callable[[], int] = lambda: time.time_ns() // 1_000,
    ) -> None:
        self._effects, self._admission, self._allowed = effects, admission, allowed_numbers
        self._rehearsals, self._stated, self._store, self._clock_us = rehearsals, stated, store, clock_us
        self._hours_stable, self._switches = HoursStability(), SwitchStates(store)

    def patience_s(self, waited_s: float) -> float:
        """How long a turn waits for room for an effect, given how long its request waited for a thread."""
        return self._admission.patience_s(waited_s)

    def answer(self, turn: Turn, session: Session, ask: Ask, row: int) -> Outcome:
        """The answer of clock, switch or draw, for the current node of `session` and a row of the steps table."""
        stated = self._stated.get(ask.name)
        if stated and stated.label in ask.labels:
            return stated
        switched, lately = self._switched(turn)
        if self._store and (lately or not self._hours_stable(turn.flow, ask, turn.now)):
            label = self._store.outcome_of(turn.call_sid, row, session.node)
            if label in ask.labels:
                known = self._switches.now().get(ask.name) if ask.what == "switch" and label == "on" else None
                return Outcome(label, spoken(known.messages, session.language) if known else {})
        return answer(
            turn.flow,
            ask,
            turn.now,
            call=turn.call_sid,
            language=session.language,
            switched=switched,
            taken=self._taken(turn, ask),
        )

    def _taken(self, turn: Turn, ask: Ask) -> Taken:
        """How many have each time of an appointment; nobody where that cannot be known: booking looks again."""
        node = turn.flow.nodes.get(ask.name)
        if ask.what != "slots" or self._store is None or not isinstance(node, Appointment):
            return NOBODY
        try:
            since = f"{turn.now.astimezone(dt.UTC) - dt.timedelta(days=1):%Y-%m-%d}"
            return Places(self._store).taken(calendar_of(ask.name, node.queue), since)
        except UNREACHABLE as error:
            _log.warning("appointments cannot be read now (%s)", type(error).__name__)
            return NOBODY

    def _switched(self, turn: Turn) -> tuple[Switched, bool]:
        """The switches that are on, and whether any changed so lately that a webhook may be repeated from before."""
        if not turn.flow.switches:
            return OFF, False
        now_us, states = self._clock_us(), self._switches.now()
        lately = any(now_us - state.changed_us(now_us) < REPEATED_MINUTES * 60 * US_PER_S for state in states.values())
        return {name: state.messages for name, state in states.items() if state.on(now_us)}, lately

    def may_dial(self, turn: Turn, session: Session, dial: Dial) -> bool:
        """Whether everybody may be dialled whom a value has named; those who are written down were checked before."""
        node = turn.flow.nodes[session.node]
        refused = self._allowed.refuses_dial(dial) if isinstance(node, DialNode) and node.by_value else ""
        if refused:
            _log.warning("%s %s: not dialled: %s", turn.call_sid, session.node, refused)
        return not refused

    def carry_out(
        self, turn: Turn, session: Session, effect: Effect, row: int, *, deadline: float, patience_s: float
    ) -> Outcome | None:
        """The outcome of an effect; None when there is no room for it now, and this thread should serve another call.

        It fails when its number is not allowed, or a secret that it needs is lost. `deadline` is a moment of
        `time.monotonic`, `patience_s` how long to wait for room.
        """
        if turn.flow.secrets and needs_lost(turn.flow, session, effect):
            _log.warning("%s %s: not done: a secret that it needs is no longer known", turn.call_sid, effect.name)
            return failed(effect)
        if refused := self._allowed.refuses(effect, session.value("dnis")):
            _log.warning("%s %s: not done: %s", turn.call_sid, effect.name, refused)
            return failed(effect)
        try:
            outcome = self._effects.answer(
                effect, call_sid=turn.call_sid, seq=row, deadline=deadline, patience_s=patience_s
            )
        except NoRoomError:
            self._admission.asked(found_room=False)
            return None
        self._admission.asked(found_room=True)
        if isinstance(effect, Fetch) and effect.name not in self._stated:
            return self._rehearsals.decided(turn.call_sid, row, effect, outcome)
        return outcome
