"""One line being served: requests of a carrier in, documents out. What the web is made of is in `webhooks.service.app`."""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from flows.model.flow import Flow
from flows.protocol.actions import EFFECTS, Action, Ask, Effect, Enqueue, Event, Fetch, Outcome, Passed, Record, Start
from flows.speech.languages import language as language_of
from flows.values.units import US_PER_S
from ivr.interpreter.action_cache import Remembered
from ivr.interpreter.clock_and_chance import answer
from ivr.interpreter.session import Session
from ivr.interpreter.step import awaiting, step
from webhooks.records.journal import CallMoved, CallOver, Change, Journal, MessageLeft, WaitAnnounced, changes
from webhooks.security.sealed_cursor import LONG, LONGEST, Cursor, CursorError, Seal
from webhooks.settings.config import Config
from webhooks.settings.flow_errors import objections
from webhooks.settings.rehearsals import Rehearsals
from webhooks.store import Store
from webhooks.store.effect_ledger import Callbacks, EffectLedger
from webhooks.turn.admission import Admission
from webhooks.turn.effects import Effects, LiveServices, NoRoomError, failed, late
from webhooks.turn.flow_versions import Versions, recordings
from webhooks.turn.hours_stability import HoursStability
from webhooks.turn.phone_state import phone_state
from webhooks.turn.queue_wait import next_wait
from webhooks.turn.secret_vault import SecretVault, needs_lost
from webhooks.twilio.events import event_of, start_event, whole_number
from webhooks.twilio.twiml import apology, busy, document, forget, leaving, waiting

__all__ = ["TRY_AGAIN", "CallRequest", "Line", "Reply"]

_log = logging.getLogger("ivr.calls")
_CALL_SID = re.compile(r"[A-Za-z0-9]{2,64}")
_KEPT_KEYS = 10_000
TURN_S = 8.0
"""Time for everything a turn asks of services: Twilio waits 15 s for a document, and a proxy in between less."""
_MOST_PUT_OFF = 5
"""So often a caller waits for `webhooks.twilio.twiml.PUT_OFF_S` more; then the flow goes on without."""
TRY_AGAIN = "rc=5&rp=all"
"""Connection overrides hold for the one address they stand in, so that of the number does not cover those of our
documents. Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides."""
_RECORDING = re.compile(r"https?://[\x21-\x7e]{1,480}")


@dataclass(frozen=True)
class CallRequest:
    """A carrier's request, its signature checked where one is wanted.

    Parameters
    ----------
    form : mapping of str to str
    cursor : str
        The sealed conversation; empty for the first request of a call.
    waited_s : float
        How long it has waited for somebody to look at it.
    full : bool
        Whether no call can be let in, see `webhooks.turn.admission`.
    """

    form: Mapping[str, str]
    cursor: str = ""
    waited_s: float = 0.0
    full: bool = False

    @property
    def call_sid(self) -> str:
        """The call; empty when there is none or it cannot be one."""
        sid = self.form.get("CallSid", "")
        return sid if _CALL_SID.fullmatch(sid) else ""


@dataclass(frozen=True)
class Reply:
    """A document, and for a phone in development what it is about."""

    body: bytes
    state: Mapping[str, Any]


class Line:
    """Answers the calls of one flow; remembers none of them.

    Parameters
    ----------
    config : Config
    store : Store or None
    journal : Journal or None
        Where records go; None to keep none.
    rehearsals : Rehearsals or None
        The calls of browser phones; None where there are none.
    """

    def __init__(
        self, config: Config, store: Store | None, journal: Journal | None, rehearsals: Rehearsals | None = None
    ) -> None:
        self._config = config
        self._rehearsals = rehearsals or Rehearsals(config.clock)
        self._numbers, self._base = config.numbers, config.base
        self._seal = Seal(config.secrets)
        self._flows = {flow.digest: flow for flow in (*config.earlier, config.flow)}
        self._remembered: dict[str, Remembered] = {}
        self._steady = HoursStability()
        self._vault = SecretVault(self._seal, store)
        self._store = store
        self._journal = journal
        self._level = logging.DEBUG if journal and not config.development else logging.INFO
        """Of the way that calls take: where it is recorded, the log need not have it too."""
        world = config.services or LiveServices(
            allowed_hosts=config.lookup_hosts,
            account_sid=config.account_sid,
            auth_token=config.auth_token,
            messages_from=config.messages_from,
            pretend=config.development,
            callbacks=Callbacks(store) if store else None,
            tell_why=self._rehearsals.tell_why,
        )
        self._effects = Effects(world, self._seal, EffectLedger(store) if store else None, config.stated)
        self.admission = Admission()
        self._left_by: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._allowed = config.allowed_numbers
        self._versions = Versions(
            config.flow, config.flow_files, self._begin_version, lambda changed: objections(changed, config)
        )
        self._recordings = recordings(self._flows.values()) if config.flow_folder else frozenset()
        if store:
            store.keep_flow(config.flow)

    def lend(self, threads: int) -> None:
        """Answer with so many threads: one of them is never lent to a service that is slow."""
        self._effects.limit(max(1, threads - 1))

    @property
    def flows(self) -> tuple[Flow, ...]:
        """The versions that calls are on, the newest last."""
        return tuple(self._flows.values())

    @property
    def is_current(self) -> bool:
        """Whether new calls hear the flow file as it is now."""
        return self._versions.is_current

    @property
    def recordings(self) -> frozenset[str]:
        """Files that a flow plays and that may therefore be asked for."""
        return self._recordings

    def apology(self) -> Reply:
        """For requests that cannot be understood."""
        flow = self._versions.now
        return Reply(apology(language_of(flow.languages[0]).apology, flow.languages[0]), {"ended": "failed"})

    def voice(self, inbound: CallRequest) -> Reply:
        """The call begins, or what it waited for has happened.

        Raises
        ------
        CursorError
            When the cursor is not one of this call.
        """
        sid = inbound.call_sid
        if not sid:
            _log.warning("a request without a CallSid")
            return self.apology()
        if inbound.full and not inbound.cursor and inbound.form.get("CallStatus") == "ringing":
            return self._refused(inbound, sid)
        flow, before, awaited, event = self._stand(inbound, sid)
        put_off = event is None and isinstance(awaited, EFFECTS)
        entering = self._entering(flow)
        if event is None and not put_off:
            return self._reply(flow, sid, before, step(flow, before.session, Outcome(""), entering=entering)[1])
        now = self._rehearsals.now(sid)
        begun = (before.session, (awaited,)) if event is None else step(flow, before.session, event, entering=entering)
        session, actions = self._advance(flow, before, begun, sid, now, inbound.waited_s)  # type: ignore[arg-type]
        passed = [action for action in actions if isinstance(action, Passed)]
        joined = bool(passed) and isinstance(actions[-1], Enqueue)
        again = bool(actions) and isinstance(actions[-1], EFFECTS)
        after = Cursor(
            session,
            before.digest,
            before.rows + len(passed),
            before.visits + joined,
            before.put_off + 1 if again else 0,
        )
        self._write_down(inbound, sid, before, after, awaited, event or Outcome(""), actions, now)
        if passed and _log.isEnabledFor(self._level):
            _log.log(self._level, "%s %s", sid, " ".join([f"{action.node}={action.outcome}" for action in passed]))
        return self._reply(flow, sid, after, actions)

    def wait(self, inbound: CallRequest) -> Reply:
        """What a caller in a queue hears next."""
        sid = inbound.call_sid
        flow, cursor = self._open(inbound, sid)
        queue = awaiting(flow, cursor.session, entering=self._entering(flow))
        if not isinstance(queue, Enqueue):
            return Reply(leaving(), {})
        held = next_wait(queue, inbound.form)
        if held.leaves:
            if held.by:
                self._remember_key(sid, cursor.session.seq, held.by)
            return Reply(leaving(), self._state(flow, cursor, ()))
        if held.announced_wait_s is not None:
            self._note(
                (
                    WaitAnnounced(
                        sid,
                        cursor.visits - 1,
                        queue.queue,
                        held.announced_wait_s * US_PER_S,
                        _us(self._rehearsals.now(sid)),
                    ),
                )
            )
        body = waiting(
            held.said,
            keys=queue.keys,
            music=queue.music,
            plays=held.plays,
            pause_s=held.pause_s,
            wait_url=self._url("/wait", inbound.cursor),
            recording_url=self._recording_url,
        )
        return Reply(body, self._state(flow, cursor, ()))

    def status(self, inbound: CallRequest) -> None:
        """The carrier's word on a call: only its end matters, and only once."""
        if inbound.call_sid and inbound.form.get("CallStatus") in (
            "completed",
            "busy",
            "failed",
            "no-answer",
            "canceled",
        ):
            self._note((CallOver(inbound.call_sid, _us(self._rehearsals.now(inbound.call_sid))),))

    def _refused(self, inbound: CallRequest, sid: str) -> Reply:
        """A call that is not answered: it costs nobody anything, and the caller hears the tone that means: try
        again.
        """
        flow, at_us = self._versions.now, _us(self._config.clock())
        caller = self._numbers.kept(start_event(inbound.form).ani)
        self._note((CallMoved(sid, 0, at_us, flow.languages[0], "blocked", False, True, False, *caller),))
        return Reply(busy(), {"ended": "blocked"})

    def forget(self) -> None:
        """Let go of what is held in memory of calls. Those in progress go on with what the database has of them."""
        self._effects.forget()
        self._vault.forget()
        self._left_by.clear()
        forget()

    def _stand(self, inbound: CallRequest, sid: str) -> tuple[Flow, Cursor, Action | None, Event | None]:
        """Where the call stands and what has happened to it."""
        if not inbound.cursor:
            flow = self._versions.now
            return flow, Cursor(Session(), flow.digest), None, start_event(inbound.form)
        flow, cursor = self._open(inbound, sid)
        if not cursor.session.node:
            return flow, cursor, None, Start(language=cursor.session.language)
        awaited = awaiting(flow, cursor.session, entering=self._entering(flow))
        left_by = ""
        if (
            isinstance(awaited, Enqueue)
            and (awaited.keys or awaited.room is not None)
            and inbound.form.get("QueueResult") == "leave"
        ):
            here = (sid, cursor.session.seq)
            left_by = self._left_by.get(here) or (self._store.key_of(*here) if self._store else "")
        return flow, cursor, awaited, event_of(awaited, inbound.form, left_by=left_by)

    def _open(self, inbound: CallRequest, sid: str) -> tuple[Flow, Cursor]:
        if not sid:
            raise CursorError("a cursor without a CallSid")
        sealed = self._seal.open(inbound.cursor, sid)
        flow = self._version(sealed.digest)
        if flow is None or (sealed.session.node and sealed.session.node not in flow.nodes):
            # Better to hear the greeting again than to be cut off.
            _log.warning("%s began on a flow that is no longer known; it begins again", sid)
            again = Session(language=sealed.session.language)
            flow = self._versions.now
            return flow, replace(sealed, session=again, digest=flow.digest)
        shown = self._vault.shown(flow, sealed.session, sid)
        return flow, sealed if shown is sealed.session else replace(sealed, session=shown)

    def _version(self, digest: str) -> Flow | None:
        """The flow a call began on: as it is in memory, in the file (another worker saw it change first), in the
        database.
        """
        flow = self._flows.get(digest)
        if flow is None and self._versions.now.digest != digest and self._store:
            flow = self._store.flow(digest)
            if flow is not None:
                self._flows[digest] = flow
        return flow or self._flows.get(digest)

    def _entering(self, flow: Flow) -> Remembered:
        """What the nodes of a version say, worked out once for all calls."""
        remembered = self._remembered.get(flow.digest)
        if remembered is None or remembered.flow is not flow:
            remembered = self._remembered[flow.digest] = Remembered(flow)
        return remembered

    def _begin_version(self, flow: Flow) -> None:
        self._flows[flow.digest] = flow
        if self._config.flow_folder:
            self._recordings |= recordings((flow,))
        if self._store:
            self._store.keep_flow(flow)

    def _advance(
        self,
        flow: Flow,
        before: Cursor,
        begun: tuple[Session, tuple[Action, ...]],
        sid: str,
        now: dt.datetime,
        waited_s: float,
    ) -> tuple[Session, tuple[Action, ...]]:
        """`step` until the caller notices, or has to wait; what was answered before is answered alike, and done
        once.
        """
        session, out = begun[0], list(begun[1])
        deadline, patience_s = time.monotonic() + TURN_S - waited_s, self.admission.patience_s(waited_s)
        while out and isinstance(out[-1], (Ask, *EFFECTS)):
            asked = out.pop()
            row = before.rows + sum(isinstance(action, Passed) for action in out)
            if isinstance(asked, Ask):
                reply = self._answer(flow, asked, sid, row, session.node, now)
            else:
                found = self._carried_out(flow, session, asked, sid, row, deadline, patience_s)  # type: ignore[arg-type]
                if found is None and before.put_off < _MOST_PUT_OFF:
                    return session, (*out, asked)
                reply = found or late(asked)  # type: ignore[arg-type]
            session, more = step(flow, session, reply, entering=self._entering(flow))
            out += more
        return session, tuple(out)

    def _carried_out(
        self,
        flow: Flow,
        session: Session,
        effect: Effect,
        sid: str,
        row: int,
        deadline: float,
        patience_s: float,
    ) -> Outcome | None:
        """What came of an effect; one that may not be done, or lacks what was entered in secret, has failed.

        None when there is no room for it, and this thread should answer somebody else.
        """
        if flow.secrets and needs_lost(flow, session, effect):
            _log.warning("%s %s: not done: a secret that it needs is no longer known", sid, effect.name)
            return failed(effect)
        if refused := self._allowed.refuses(effect, session.value("dnis")):
            _log.warning("%s %s: not done: %s", sid, effect.name, refused)
            return failed(effect)
        try:
            outcome = self._effects.answer(effect, call_sid=sid, seq=row, deadline=deadline, patience_s=patience_s)
        except NoRoomError:
            self.admission.asked(found_room=False)
            return None
        self.admission.asked(found_room=True)
        if isinstance(effect, Fetch) and effect.name not in self._config.stated:
            return self._rehearsals.decided(sid, row, effect, outcome)
        return outcome

    def _answer(self, flow: Flow, ask: Ask, sid: str, row: int, node: str, now: dt.datetime) -> Outcome:
        stated = self._config.stated.get(ask.name)
        if stated and stated.label in ask.labels:
            return stated
        if self._store and not self._steady(flow, ask, now):
            label = self._store.outcome_of(sid, row, node)
            if label in ask.labels:
                return Outcome(label)
        return answer(flow, ask, now, call=sid)

    def _reply(self, flow: Flow, sid: str, after: Cursor, actions: tuple[Action, ...]) -> Reply:
        hidden = self._vault.hidden(flow, after.session, sid)
        travels = after if hidden is after.session else replace(after, session=hidden)
        text = self._seal.close(travels, sid) if not after.session.ended else ""
        if len(text) > LONGEST:
            _log.error("%s: %d characters of values do not fit into a URL; the call cannot go on", sid, len(text))
            return self.apology()
        if len(text) > LONG:
            _log.warning("%s: the address of the next request has %d characters", sid, len(text))
        body = document(
            actions,
            action_url=self._url("/voice", text),
            wait_url=self._url("/wait", text),
            recording_url=self._recording_url,
        )
        return Reply(body, self._state(flow, after, actions))

    def _url(self, path: str, cursor: str) -> str:
        return f"{self._base}{path}?c={cursor}#{TRY_AGAIN}"

    def _recording_url(self, name: str) -> str:
        if name.startswith(("https://", "http://")):
            return name
        return f"{self._config.base}/audio/{quote(name)}" if name in self._recordings else ""

    def _write_down(
        self,
        inbound: CallRequest,
        sid: str,
        before: Cursor,
        after: Cursor,
        awaited: Action | None,
        event: Event,
        actions: tuple[Action, ...],
        now: dt.datetime,
    ) -> None:
        if not self._journal:
            return
        at_us, waited_s = _us(now), whole_number(inbound.form.get("QueueTime"))
        waited_us = None if waited_s is None else waited_s * US_PER_S
        caller = self._numbers.kept(after.session.value("ani"))
        new: list[Change] = [
            *changes(
                sid,
                before,
                after,
                awaited,
                event,
                actions,
                at_us,
                waited_us,
                caller,
                taken=inbound.form.get("QueueResult") == "redirected",
            )
        ]
        url = inbound.form.get("RecordingUrl", "")
        if isinstance(awaited, Record) and event == Outcome("recorded") and _RECORDING.fullmatch(url):
            length_us = (whole_number(inbound.form.get("RecordingDuration")) or 0) * US_PER_S
            new.append(MessageLeft(sid, before.rows, awaited.box, url, length_us, at_us))
        self._note(new)

    def _remember_key(self, sid: str, seq: int, key: str) -> None:
        """The carrier does not say by which key a caller left a queue, so it is kept for the request that follows."""
        key = self._left_by.setdefault((sid, seq), key)
        if len(self._left_by) > _KEPT_KEYS:
            self._left_by.popitem(last=False)
        if self._store:
            self._store.remember_key(sid, seq, key)

    def _note(self, new: list[Change] | tuple[Change, ...]) -> None:
        if self._journal:
            self._journal.add(new)

    def _state(self, flow: Flow, cursor: Cursor, actions: tuple[Action, ...]) -> Mapping[str, Any]:
        return phone_state(flow, cursor.session, actions) if self._config.development else {}


def _us(moment: dt.datetime) -> int:
    return int(moment.timestamp() * US_PER_S)
