"""Callbacks and voicemails that wait for somebody to work them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from flows.model.flow import Flow
from webhooks.desk.guard import Person
from webhooks.dispatch.callbacks import RESULTS, callback_result, open_callbacks
from webhooks.dispatch.voicemails import Sound, voicemail_audio, voicemail_done, voicemails
from webhooks.store import Store
from webhooks.store.floor_tables import WORK
from webhooks.store.tables import here

__all__ = ["Work"]

_OVER = ("done", "failed")


class Work:
    """Callbacks and voicemails of a line.

    Parameters
    ----------
    flow : callable
        Gives the line, which says when a callback is tried again.
    store : Store
    clock_us : callable
        Microseconds since 1970.
    login : tuple of str
        The account and its auth token, with which the carrier gives recordings out.
    kept : callable or None
        The recordings of a virtual carrier.
    """

    def __init__(
        self,
        flow: Callable[[], Flow],
        store: Store,
        clock_us: Callable[[], int],
        login: tuple[str, str] = ("", ""),
        kept: Sound | None = None,
    ) -> None:
        self._flow, self._store, self._clock_us, self._login, self._kept = flow, store, clock_us, login, kept

    def open(self) -> dict[str, list[dict[str, Any]]]:
        """What is not done, JSON-ready; raises what the database raises."""
        callbacks = [one for one in open_callbacks(self._store, most=100) if one["state"] not in _OVER]
        messages = [one for one in voicemails(self._store, most=100) if one["state"] not in _OVER]
        return {"callbacks": callbacks, "voicemails": messages}

    def sound(self, call_sid: str, seq: int) -> tuple[bytes, str] | None:
        """The sound of a voicemail and its content type; None if it cannot be had now."""
        return voicemail_audio(self._store, call_sid, seq, self._login, kept=self._kept)

    def callback(self, person: Person, posted: Mapping[str, str]) -> str:
        """Mark how a callback went; why it cannot be marked, or an empty string."""
        named = self._named(posted)
        if named is None or posted.get("how") not in RESULTS:
            return "There is no such callback."
        if self._held_by_another(*named, person.agent):
            return "Somebody else has this callback."
        marked = callback_result(
            self._store,
            *named,
            person.agent,
            posted["how"],
            flow=self._flow(),
            now_us=self._clock_us(),
            note=posted.get("note", ""),
        )
        return "" if marked else "There is no such callback."

    def voicemail(self, person: Person, posted: Mapping[str, str]) -> str:
        """Mark a voicemail as done; why it cannot be marked, or an empty string."""
        named = self._named(posted)
        done = named and voicemail_done(self._store, *named, person.agent, now_us=self._clock_us())
        return "" if done else "There is no such message."

    def _named(self, posted: Mapping[str, str]) -> tuple[str, int] | None:
        seq = posted.get("seq", "")
        return (posted.get("call_sid", ""), int(seq)) if seq.isascii() and seq.isdigit() and len(seq) < 10 else None

    def _held_by_another(self, call_sid: str, seq: int, agent: str) -> bool:
        query = sa.select(WORK.c.agent).where(here(WORK, call_sid=call_sid, seq=seq, state="taken"))
        with self._store.transaction() as connection:
            holder = connection.execute(query).scalar()
        return holder is not None and holder != agent
