"""Answers the calls of one flow. Flask wiring is in `webhooks.service.app`."""

from __future__ import annotations

import logging
from dataclasses import replace

from flows.model.flow import Flow
from flows.protocol.actions import Dial, Enqueue, Outcome
from flows.speech import ssml
from flows.speech.timing import speech_s
from flows.values.units import US_PER_S
from ivr.phone.call_time import moment_of
from webhooks.dispatch.returning import ANSWERED, AS_BEFORE
from webhooks.effects.live_services import LiveServices
from webhooks.effects.perform_once import Effects
from webhooks.records.changes import CallMoved, CallOver, Change, WaitAnnounced
from webhooks.records.journal import Journal
from webhooks.security.sealed_cursor import Seal
from webhooks.settings.config import Config
from webhooks.settings.flow_errors import objections
from webhooks.settings.rehearsals import Rehearsals
from webhooks.store import Store
from webhooks.store.effect_ledger import Callbacks, EffectLedger
from webhooks.turn.addresses import Addresses
from webhooks.turn.admission import Admission
from webhooks.turn.floor_calls import FloorCalls
from webhooks.turn.flow_versions import FlowVersions
from webhooks.turn.outside import Outside
from webhooks.turn.queue_keys import QueueKeys
from webhooks.turn.queue_wait import next_wait
from webhooks.turn.request import CallRequest, Reply
from webhooks.turn.secret_vault import SecretVault
from webhooks.turn.stages.advance import advance
from webhooks.turn.stages.classify import classify
from webhooks.turn.stages.open_call import begin_call, open_call
from webhooks.turn.stages.record import epoch_us, log_path, record
from webhooks.turn.stages.reply import apologise, reply, reply_in_queue, reply_to_called
from webhooks.turn.turn import Turn
from webhooks.twilio import leg_twiml, twiml
from webhooks.twilio.dial_verb import ACCEPTED
from webhooks.twilio.events import DECLINED, is_over, start_event

__all__ = ["Line", "WrongTimeError"]

_log = logging.getLogger("ivr.calls")


class WrongTimeError(ValueError):
    """The time at which a scripted call is to begin cannot be one."""


class Line:
    """Answers the calls of one flow without keeping them: each request carries its call.

    Parameters
    ----------
    config : Config
    store : Store or None
    journal : Journal or None
        Where records go; None to keep none.
    rehearsals : Rehearsals or None
        The calls of browser phones; None where there are none.
    floor_calls : FloorCalls or None
        The floor of those who answer the queues; None where the carrier's own queues are answered by others.
    """

    def __init__(
        self,
        config: Config,
        store: Store | None,
        journal: Journal | None,
        rehearsals: Rehearsals | None = None,
        floor_calls: FloorCalls | None = None,
    ) -> None:
        self._floor_calls = floor_calls
        self._workflow = "" if floor_calls else config.answering.workflow
        rehearsals = rehearsals or Rehearsals(config.clock)
        self.admission = Admission()
        self._clock, self._call_clock, self._set_clock = config.clock, rehearsals.now, rehearsals.set_clock
        self._numbers, self._journal, self._show_state = config.numbers, journal, config.development
        self._log_level = logging.DEBUG if journal and not config.development else logging.INFO
        """Logs the paths that calls take; not needed where the paths are recorded."""
        self._seal = Seal(config.secrets)
        self._vault = SecretVault(self._seal, store)
        self._queue_keys = QueueKeys(store)
        self._versions = FlowVersions(
            config.flow, config.earlier, config.flow_files, lambda changed: objections(changed, config), store
        )
        self._addresses = Addresses(
            config.base,
            self._versions,
            serves_recordings=config.flow_folder is not None,
            takes_transcripts=floor_calls is not None,
        )
        services = config.services or LiveServices(
            allowed_hosts=config.lookup_hosts,
            account_sid=config.account_sid,
            auth_token=config.auth_token,
            messages_from=config.messages_from,
            pretend=config.development,
            callbacks=Callbacks(store) if store else None,
            tell_why=rehearsals.tell_why,
        )
        self._effects = Effects(services, self._seal, EffectLedger(store) if store else None, config.stated)
        self._outside = Outside(
            self._effects,
            self.admission,
            config.allowed_numbers,
            rehearsals,
            config.stated,
            store,
            lambda: epoch_us(self._clock()),
        )

    def lend(self, threads: int) -> None:
        """Set the number of threads that answer: one of them never waits for a slow service."""
        self._effects.limit(max(1, threads - 1))

    @property
    def flows(self) -> tuple[Flow, ...]:
        """The versions that calls are on, that of new calls last."""
        return self._versions.known

    @property
    def is_current(self) -> bool:
        """Whether new calls hear the flow as its file has it now."""
        return self._versions.is_current

    @property
    def recordings(self) -> frozenset[str]:
        """Names of the recordings that are served."""
        return self._addresses.recordings

    def apology(self) -> Reply:
        """For requests that cannot be understood."""
        return apologise(self._versions.now)

    def voice(self, request: CallRequest) -> Reply:
        """The call begins, or what it waited for has happened.

        Raises
        ------
        CursorError
            When the cursor is damaged, forged, or of another call.
        WrongTimeError
        """
        if not request.call_sid:
            _log.warning("a request without a CallSid")
            return self.apology()
        if request.at and not request.cursor:
            try:
                self._set_clock(request.call_sid, moment_of(self._versions.now, request.at))
            except ValueError as error:
                raise WrongTimeError(f"at {error}") from None
        if request.full and not request.cursor and request.form.get("CallStatus") == "ringing":
            return self._refuse(request)
        turn = self._open(request)
        word, document = self._from_the_floor(turn, request)
        if document:
            return Reply(document, {})
        turn = classify(turn, request, self._queue_keys)
        if word == ANSWERED:
            turn = replace(turn, event=Outcome("answered"))
        turn = advance(turn, self._outside, request.waited_s)
        if self._journal:
            record(turn, request, self._journal, self._numbers)
        log_path(turn, self._log_level)
        return reply(
            turn, self._seal, self._vault, self._addresses, show_state=self._show_state, workflow=self._workflow
        )

    def wait(self, request: CallRequest) -> Reply:
        """What a caller in a queue hears next; raises as `voice` does."""
        turn = open_call(request, self._versions, self._seal, self._vault, self._call_clock)
        queue = turn.awaited
        if not isinstance(queue, Enqueue):
            return Reply(twiml.leaving(), {})
        place = self._floor_calls.place(turn, queue, request) if self._floor_calls else None
        wait = next_wait(queue, request.form, place)
        if wait.by:
            self._queue_keys.remember(turn.call_sid, turn.before.session.seq, wait.by)
        if wait.announced_wait_s is not None:
            visit, announced_us = turn.before.visits - 1, wait.announced_wait_s * US_PER_S
            self._note(WaitAnnounced(turn.call_sid, visit, queue.queue, announced_us, epoch_us(turn.now)))
        if self._floor_calls and not wait.leaves:
            self._floor_calls.waits(turn, queue, wait, request)
        return reply_in_queue(turn, queue, wait, request.cursor, self._addresses, show_state=self._show_state)

    def called(self, request: CallRequest) -> Reply:
        """What those hear who are dialled and have picked up; raises as `voice` does.

        The request is about their leg; the conversation in its address is that of the caller, whose leg made it.
        """
        turn = self._open_for_called(request)
        if not isinstance(turn.awaited, Dial):
            return Reply(leg_twiml.hang_up(), {})
        return Reply(reply_to_called(turn.awaited, request.cursor, self._addresses), {})

    def called_key(self, request: CallRequest) -> Reply:
        """Whether those accept the call who are dialled and have picked up; raises as `voice` does."""
        turn = self._open_for_called(request)
        if isinstance(turn.awaited, Dial) and request.form.get("Digits", "") == ACCEPTED:
            return Reply(leg_twiml.nothing(), {})
        self._queue_keys.remember(turn.call_sid, turn.before.session.seq, DECLINED)
        return Reply(leg_twiml.hang_up(), {})

    def status(self, request: CallRequest) -> None:
        """A status callback: only the end of a call matters, and only once.

        Raises what the database raises if the floor does not know of it now; the carrier is to report it again.
        """
        if request.call_sid and is_over(request.form):
            self._note(CallOver(request.call_sid, epoch_us(self._call_clock(request.call_sid))))
            if self._floor_calls:
                self._floor_calls.over(request.call_sid)

    def forget(self) -> None:
        """Drop what memory holds about calls. Those in progress continue with what the database has."""
        self._effects.forget()
        self._vault.forget()
        self._queue_keys.forget()
        ssml.read.cache_clear()  # this and the next know texts with the values of callers
        speech_s.cache_clear()

    def _open(self, request: CallRequest) -> Turn:
        if not request.cursor:
            return begin_call(request, self._versions, self._call_clock)
        return open_call(request, self._versions, self._seal, self._vault, self._call_clock)

    def _open_for_called(self, request: CallRequest) -> Turn:
        """The caller's call, as a request about the leg of somebody who was dialled has it in its address."""
        caller = replace(request, form={**request.form, "CallSid": request.form.get("ParentCallSid", "")})
        return open_call(caller, self._versions, self._seal, self._vault, self._call_clock)

    def _from_the_floor(self, turn: Turn, request: CallRequest) -> tuple[str, bytes]:
        """What the floor knows about a caller who comes back from a queue, and the document if it has one."""
        if self._floor_calls is None or not isinstance(turn.awaited, Enqueue):
            return AS_BEFORE, b""
        return self._floor_calls.returns(turn, request)

    def _refuse(self, request: CallRequest) -> Reply:
        """Refuse a call: it costs nothing, and the caller hears a busy tone."""
        language, caller = self._versions.now.languages[0], self._numbers.kept(start_event(request.form).ani)
        at_us = epoch_us(self._clock())
        self._note(CallMoved(request.call_sid, 0, at_us, language, "blocked", False, True, False, *caller))
        return Reply(twiml.busy(), {"ended": "blocked"})

    def _note(self, *new: Change) -> None:
        if self._journal:
            self._journal.add(new)
