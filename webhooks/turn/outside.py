"""What a flow asks of the outside world: the clock, draws, lookups, text messages and callbacks."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flows.nodes.dial import Dial as DialNode
from flows.protocol.actions import Ask, Dial, Effect, Fetch, Outcome
from ivr.interpreter.clock_and_chance import answer
from ivr.interpreter.session import Session
from webhooks.effects.perform_once import Effects, NoRoomError, failed
from webhooks.settings.rehearsals import Rehearsals
from webhooks.settings.spending import AllowedNumbers
from webhooks.store import Store
from webhooks.turn.admission import Admission
from webhooks.turn.hours_stability import HoursStability
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
    """

    def __init__(
        self,
        effects: Effects,
        admission: Admission,
        allowed_numbers: AllowedNumbers,
        rehearsals: Rehearsals,
        stated: Mapping[str, Outcome],
        store: Store | None,
    ) -> None:
        self._effects, self._admission, self._allowed = effects, admission, allowed_numbers
        self._rehearsals, self._stated, self._store = rehearsals, stated, store
        self._hours_stable = HoursStability()

    def patience_s(self, waited_s: float) -> float:
        """How long a turn waits for room for an effect, given how long its request waited for a thread."""
        return self._admission.patience_s(waited_s)

    def answer(self, turn: Turn, session: Session, ask: Ask, row: int) -> Outcome:
        """The answer of the clock, or of a draw, for the current node of `session` and a row of the steps table."""
        stated = self._stated.get(ask.name)
        if stated and stated.label in ask.labels:
            return stated
        if self._store and not self._hours_stable(turn.flow, ask, turn.now):
            label = self._store.outcome_of(turn.call_sid, row, session.node)
            if label in ask.labels:
                return Outcome(label)
        return answer(turn.flow, ask, turn.now, call=turn.call_sid)

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
