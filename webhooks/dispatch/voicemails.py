"""Voicemails as work: listed, told of once, heard, marked."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from flows.model.flow import Flow
from flows.model.opening_hours import zone_of_hours
from flows.values.units import US_PER_S
from webhooks.dispatch.leg_endpoints import Answer
from webhooks.dispatch.notices import post_json, send_mail
from webhooks.settings.answering import Answering
from webhooks.store.database import UNREACHABLE
from webhooks.store.failure_reason import failure_reason
from webhooks.store.floor_tables import ORDERS, WORK
from webhooks.store.store import Store
from webhooks.store.tables import CALLS, MESSAGES, here

__all__ = ["Sound", "VoicemailWork", "voicemail_audio", "voicemail_done", "voicemails"]

_log = logging.getLogger("ivr.floor")
_AT_ONCE = 100
_LOOK_US = 2 * US_PER_S
_NEWS_US = 86_400 * US_PER_S
"""Nobody is told of messages that are older, as after an upgrade."""
_LONGEST_TRANSCRIPT = 10_000
_LARGEST = 64_000_000
_CARRIER = ("api.twilio.com",)
Sound = Callable[[str], tuple[bytes, str] | None]
"""Gives the sound of a recording by its address, and its content type; None if it cannot be had."""


@dataclass
class VoicemailWork:
    """The voicemails of a line.

    Parameters
    ----------
    store : Store
    settings : Answering
        Who is told of them.
    flow : callable
        Gives the flow as it is now, with its name and its time zone.
    base : str
        The public URL, for the link to the desk.
    clock_us : callable
        Microseconds since 1970.
    """

    store: Store
    settings: Answering
    flow: Callable[[], Flow]
    base: str
    clock_us: Callable[[], int]
    looked_us: int = 0

    def turn(self) -> None:
        """Make work of new messages, and plan who is told of them; raises what the database raises."""
        now_us = self.clock_us()
        if now_us - self.looked_us < _LOOK_US:
            return
        self.looked_us = now_us
        known = sa.exists().where(WORK.c.call_sid == MESSAGES.c.call_sid, WORK.c.seq == MESSAGES.c.seq)
        with self.store.transaction() as connection:
            new = connection.execute(sa.select(MESSAGES).where(~known).limit(_AT_ONCE)).mappings().all()
            for row in new:
                work = {"call_sid": row["call_sid"], "seq": row["seq"], "kind": "voicemail", "queue": row["box"]}
                connection.execute(sa.insert(WORK), {**work, "state": "open", "tries": 0, "at_us": row["at_us"]})
                details = json.dumps({"call_sid": row["call_sid"], "seq": row["seq"]})
                for what in self._ways if row["at_us"] > now_us - _NEWS_US else ():
                    order = {"what": what, "details": details, "state": "planned", "tries": 0}
                    connection.execute(sa.insert(ORDERS), {**order, "made_us": now_us, "next_us": now_us})

    @property
    def _ways(self) -> tuple[str, ...]:
        mail = ("mail",) if self.settings.mail_server and self.settings.notify_to else ()
        return (*mail, *(("webhook",) if self.settings.notify_url else ()))

    def notices(self) -> Mapping[str, Callable[[Mapping[str, Any]], str]]:
        """What carries out the orders to tell somebody, for `webhooks.dispatch.orders.Orders`."""
        return {"mail": self._mail, "webhook": self._webhook}

    def endpoints(self) -> Mapping[str, Answer]:
        """What answers the carrier's transcripts, by path."""
        return {"/transcript": self._transcript}

    def _mail(self, details: Mapping[str, Any]) -> str:
        told, server = self._told(details), self.settings.mail_server
        if server is None or told is None:
            return "nothing to tell"
        zone = ZoneInfo(zone_of_hours(self.flow().hours) or "UTC")
        at = dt.datetime.fromtimestamp(told["at_us"] / US_PER_S, zone).strftime("%Y-%m-%d %H:%M (%Z)")
        lines = [f"A caller left a voicemail in the box {told['box']}.", f"When: {at}", f"Length: {told['seconds']} s"]
        text = "\n".join([*lines, *([f"To hear it: {told['desk']}"] if told["desk"] else [])]) + "\n"
        subject = f"{self.flow().name}: voicemail in {told['box']}"
        return send_mail(server, self.settings.notify_from, self.settings.notify_to, subject, text)

    def _webhook(self, details: Mapping[str, Any]) -> str:
        told = self._told(details)
        if told is None:
            return "nothing to tell"
        key = hashlib.sha256(f"voicemail {told['call_sid']} {told['seq']}".encode()).hexdigest()[:32]
        return post_json(self.settings.notify_url, {"event": "voicemail", "line": self.flow().name, **told}, key)

    def _told(self, details: Mapping[str, Any]) -> dict[str, Any] | None:
        """What is told of a message; None if it was erased. No number: it is to be seen at the desk."""
        with self.store.transaction() as connection:
            mine = here(MESSAGES, call_sid=details["call_sid"], seq=details["seq"])
            row = connection.execute(sa.select(MESSAGES).where(mine)).mappings().one_or_none()
        if row is None:
            return None
        shown = {name: row[name] for name in ("call_sid", "seq", "box", "at_us")}
        return {**shown, "seconds": row["length_us"] // US_PER_S, "desk": f"{self.base}/desk" if self.base else ""}

    def _transcript(self, form: Mapping[str, str], sealed: str) -> bytes:
        """The carrier has a transcript, or could not make one. Signed like every request of the carrier."""
        text = form.get("TranscriptionText", "")[:_LONGEST_TRANSCRIPT]
        if form.get("TranscriptionStatus") != "completed" or not text:
            return b""
        try:
            self.turn_now()
            with self.store.transaction() as connection:
                mine = here(MESSAGES, call_sid=form.get("CallSid", ""), url=form.get("RecordingUrl", ""))
                for seq in connection.scalars(sa.select(MESSAGES.c.seq).where(mine)).all():
                    work = here(WORK, call_sid=form["CallSid"], seq=seq)
                    connection.execute(sa.update(WORK).where(work).values(transcript=text))
        except UNREACHABLE as error:
            _log.warning("a transcript is lost: the database is out of reach (%s)", failure_reason(error))
        return b""

    def turn_now(self) -> None:
        """As `turn`, however short ago the last was."""
        self.looked_us = 0
        self.turn()


def voicemails(store: Store, *, most: int = 200) -> list[dict[str, Any]]:
    """The voicemails, open ones first, latest at the front.

    Parameters
    ----------
    store : Store
    most : int
        How many at most.

    Returns
    -------
    list of dict
        ``call_sid``, ``seq``, ``box``, ``length_us``, ``at_us``, ``done_us``, ``state``, ``agent``, ``note``,
        ``transcript``, ``number`` (masked; empty where none is kept), ``language``.
    """
    same = MESSAGES.c.call_sid == WORK.c.call_sid, MESSAGES.c.seq == WORK.c.seq
    query = (
        sa.select(WORK, MESSAGES.c.box, MESSAGES.c.length_us, CALLS.c.caller_shown, CALLS.c.language)
        .join(MESSAGES, sa.and_(*same))
        .outerjoin(CALLS, CALLS.c.call_sid == WORK.c.call_sid)
        .where(WORK.c.kind == "voicemail")
        .order_by(WORK.c.state == "done", WORK.c.at_us.desc())
        .limit(most)
    )
    names = ["call_sid", "seq", "box", "length_us", "at_us", "done_us"]
    names += ["state", "agent", "note", "transcript", "language"]
    with store.transaction() as connection:
        rows = connection.execute(query).mappings().all()
    return [{**{name: row[name] for name in names}, "number": row["caller_shown"] or ""} for row in rows]


def voicemail_done(store: Store, call_sid: str, seq: int, agent: str, *, now_us: int, done: bool = True) -> bool:
    """Mark a voicemail as done, or as open again; False if there is none.

    Parameters
    ----------
    store : Store
    call_sid : str
    seq : int
    agent : str
        Who did it.
    now_us : int
    done : bool
    """
    mine = here(WORK, call_sid=call_sid, seq=seq, kind="voicemail")
    values = {"state": "done" if done else "open", "agent": agent, "done_us": now_us if done else None}
    with store.transaction() as connection:
        return connection.execute(sa.update(WORK).where(mine).values(values)).rowcount == 1


def voicemail_audio(
    store: Store,
    call_sid: str,
    seq: int,
    login: tuple[str, str],
    *,
    hosts: tuple[str, ...] = _CARRIER,
    timeout_s: float = 10.0,
    kept: Sound | None = None,
) -> tuple[bytes, str] | None:
    """The sound of a voicemail and its content type; None if there is none, or it cannot be had now.

    Parameters
    ----------
    store : Store
    call_sid : str
    seq : int
    login : tuple of str
        The account and its auth token, which only the carrier's hosts get.
    hosts : tuple of str
        The carrier's hosts; a recording elsewhere is not fetched.
    timeout_s : float
    kept : callable, optional
        The recordings of a virtual carrier, which is asked in place of the real one.
    """
    import requests

    with store.transaction() as connection:
        url = connection.execute(sa.select(MESSAGES.c.url).where(here(MESSAGES, call_sid=call_sid, seq=seq))).scalar()
    if not url or urlsplit(url).hostname not in hosts:
        return None
    if kept:
        return kept(url)
    try:
        answer = requests.get(url, auth=login, timeout=timeout_s)  # `requests` gives no other host the login
    except requests.RequestException as error:
        _log.warning("a recording cannot be fetched (%s)", type(error).__name__)
        return None
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if answer.status_code != 200 or not kind.startswith("audio/") or len(answer.content) > _LARGEST:
        _log.warning("a recording cannot be fetched (status %s, %s)", answer.status_code, kind)
        return None
    return answer.content, kind
