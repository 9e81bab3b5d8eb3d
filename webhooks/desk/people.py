"""Who answers the line: the people of the agents file, and those added by command, as they are now."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from flows.kinds import Sample
from flows.model.flow import Flow
from flows.source.finding import Finding, IvrError
from flows.source.yaml_reader import parse, read_text
from ivr.answering.agents_file import Agent, AgentsFile
from ivr.answering.read_agents import agents_findings, parse_agents
from ivr.routing import RoutingTable
from webhooks.settings.problems import problem
from webhooks.store import UNREACHABLE, Store
from webhooks.store.floor_tables import PEOPLE

__all__ = ["People", "added_people", "as_stated", "findings_with", "save_person", "whole"]

_log = logging.getLogger("ivr.desk")
_LOOK_S = 1.0
"""How long an answer holds before the file and the database are looked at again."""


_Seen = tuple[object, dict[str, dict[str, Any]]]
"""The state of file and flow, and the people of the database."""


class People:
    """The people of a line, read anew when the agents file, the database or the flow changes.

    Parameters
    ----------
    flow : Flow
    file : Path or None
        The agents file; None when all people are in the database.
    store : Store or None

    Raises
    ------
    IvrError
        When they are wrong now, or there is nobody.
    """

    def __init__(self, flow: Flow, file: Path | None, store: Store | None) -> None:
        self._flows: Callable[[], Sequence[Flow]] = lambda: (flow,)
        self._file, self._store = file, store
        self._reading = threading.Lock()
        self._added: dict[str, dict[str, Any]] = {}
        self._seen: object = None
        self._looked_s = 0.0
        self._known = self._read(self._look())

    @property
    def agents(self) -> AgentsFile:
        """Everybody, as if they stood in one agents file."""
        return self._now()[0]

    @property
    def table(self) -> RoutingTable:
        """Which group may take which calls, in which order."""
        return self._now()[1]

    @property
    def added(self) -> tuple[str, ...]:
        """Those added by command, whose passwords are in the database."""
        self._now()
        return tuple(self._added)

    def follow(self, flows: Callable[[], Sequence[Flow]]) -> None:
        """Answer the line as it is now, whose versions this gives, that of new calls last."""
        self._flows = flows

    def again(self) -> None:
        """Look at file and database before the next answer."""
        self._looked_s = 0.0

    def _now(self) -> tuple[AgentsFile, RoutingTable]:
        if time.monotonic() - self._looked_s < _LOOK_S or not self._reading.acquire(blocking=False):
            return self._known
        try:
            seen = self._look()
            if seen != self._seen:
                self._known = self._read(seen)
        except UNREACHABLE:
            pass  # those known so far go on answering
        except IvrError as error:
            self._seen = seen
            _log.error("agents: not read again, those known so far stay: %s", error)
        finally:
            self._looked_s = time.monotonic()
            self._reading.release()
        return self._known

    def _look(self) -> _Seen:
        try:
            told = self._file.stat() if self._file else None
        except OSError:
            told = None
        flows = self._flows()
        added = added_people(self._store) if self._store else {}
        return (told and (told.st_mtime_ns, told.st_size), tuple(flow.digest for flow in flows)), added

    def _read(self, seen: _Seen) -> tuple[AgentsFile, RoutingTable]:
        text, name = whole(self._file, seen[1])
        *earlier, flow = self._flows()
        try:
            known = parse_agents(text, name, flow, earlier)
        except IvrError as error:
            try:
                known = parse_agents(text, name, flow)  # a queue that is gone may have nobody any more
            except IvrError:
                raise error from None
        self._seen, self._added, self._looked_s = seen, seen[1], time.monotonic()
        return known


def added_people(store: Store) -> dict[str, dict[str, Any]]:
    """The people of the database, by short name, as an agents file would state them; raises what the database raises.

    Parameters
    ----------
    store : Store
    """
    with store.transaction() as connection:
        rows = connection.execute(sa.select(PEOPLE).order_by(PEOPLE.c.agent)).mappings().all()
    return {row["agent"]: _stated(row) for row in rows}


def _stated(row: sa.RowMapping) -> dict[str, Any]:
    told = {
        "name": row["name"],
        "group": row["grouped"],
        "skills": json.loads(row["skills"]) if row["skills"] else None,
        "phone": row["phone"],
        "sip": row["sip"],
        "browser": row["browser"] or None,
        "languages": json.loads(row["languages"]) if row["languages"] else None,
        "role": row["role"],
        "password_hash": row["password_hash"],
    }
    return {key: value for key, value in told.items() if value is not None}


def as_stated(agent: Agent) -> dict[str, Any]:
    """An agent as an agents file would state them."""
    return agent.model_dump(mode="json", exclude_defaults=True)


def save_person(store: Store, short: str, agent: Agent | None) -> bool:
    """Add or change somebody in the database; with None take them out. Raises what the database raises.

    Returns
    -------
    bool
        Whether they were there before.
    """
    with store.transaction() as connection:
        was = connection.execute(sa.delete(PEOPLE).where(PEOPLE.c.agent == short)).rowcount
        if agent is not None:
            row = {
                "agent": short,
                "name": agent.name,
                "grouped": agent.group,
                "skills": json.dumps(agent.skills) if agent.skills else None,
                "phone": agent.phone,
                "sip": agent.sip,
                "browser": agent.browser,
                "languages": json.dumps(agent.languages) if agent.languages else None,
                "role": agent.role,
                "password_hash": agent.password_hash,
                "at_us": time.time_ns() // 1_000,
            }
            connection.execute(sa.insert(PEOPLE), [row])
    return bool(was)


def whole(file: Path | None, added: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """One agents file of everybody: its text and its name.

    Parameters
    ----------
    file : Path or None
    added : mapping of str to mapping
        Those of the database; one of the file with the same name counts.

    Raises
    ------
    IvrError
        When there is nobody, or the file cannot be read.
    """
    if not added and file is None:
        raise problem(
            "nobody answers this line: it has no agents file, and nobody was added by command",
            "write FLOW.agents.yaml beside the flow, or 'ivr agents add FLOW NAME'",
        )
    text = read_text(str(file)) if file else "{}"
    if not added:
        return text, str(file)
    data = dict(parse(text, str(file or "")).data)
    stated = data.get("agents") or {}
    data["agents"] = {**stated, **{short: told for short, told in added.items() if short not in stated}}
    return json.dumps(data, ensure_ascii=False), str(file or "the people of the database")


def findings_with(
    flow: Flow, file: Path | None, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> tuple[Finding, ...]:
    """What is wrong with the people of the database as they would be, and was not wrong before.

    Parameters
    ----------
    flow : Flow
    file : Path or None
        The agents file.
    before, after : mapping of str to mapping
        The people of the database.
    """

    def found(added: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
        if not added and file is None:
            return []
        text, name = whole(file, added)
        return [
            Finding(code=one.code, severity=one.severity, message=one.message, hint=one.hint)
            for one in agents_findings(Sample(name, text), flow)
        ]

    known = found(before)
    return tuple(one for one in found(after) if one not in known)
