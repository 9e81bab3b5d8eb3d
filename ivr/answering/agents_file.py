"""An agents file: who answers a line, in which groups, and how calls are routed to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from flows.source.json_schema import ShortForms, file_schema, with_short_forms
from flows.values.addresses import sip_fault
from flows.values.caller_numbers import is_dialled
from flows.values.scalars import Duration
from ivr.answering.routing import Routing, Skills

__all__ = ["ROLES", "Agent", "AgentGroup", "AgentsFile", "Role", "agents_schema"]

Role = Literal["agent", "supervisor", "admin"]
ROLES: tuple[Role, ...] = ("agent", "supervisor", "admin")
"""What somebody may do at the desk; each may do what those before it may."""
_HASH = re.compile(r"\$argon2id\$v=[0-9]+\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")


def _dialled(number: str) -> str:
    if not is_dialled(number):
        raise ValueError(f"{number!r} cannot be dialled; write a plus and the country code, like +14155550123")
    return number


def _sip(address: str) -> str:
    if fault := sip_fault(address):
        raise ValueError(f"{address!r} is not a SIP address; {fault.hint}")
    return address


def _hashed(text: str) -> str:
    if not _HASH.fullmatch(text):
        raise ValueError("this is not a hash of a password; 'ivr agents password' makes one: $argon2id$...")
    return text


class Agent(BaseModel):
    """One person who answers.

    Parameters
    ----------
    name
        As colleagues know them.
    group
        One of the groups of the file.
    skills
        Instead of a group: what this agent alone can do, a list of names or a mapping to levels, 1 = best.
    phone
        The number that rings for a call, with its country code.
    sip
        The address of a SIP telephone that rings instead.
    browser
        True if they answer in the browser.
    languages
        Languages they speak; default: those of the line.
    role
        What they may do at the desk: agent; supervisor, who sees everybody; admin, who sets passwords too.
    password_hash
        The hash of their password, as ``ivr agents password`` makes it; without one they cannot sign in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)]
    group: str | None = None
    skills: Skills | None = None
    phone: Annotated[str, AfterValidator(_dialled)] | None = None
    sip: Annotated[str, AfterValidator(_sip)] | None = None
    browser: bool = False
    languages: tuple[str, ...] = ()
    role: Role = "agent"
    password_hash: Annotated[str, AfterValidator(_hashed)] | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _in_one_group_and_reachable(self) -> Agent:
        if (self.group is None) == (self.skills is None):
            raise ValueError("an agent has either a group or skills; write group: billing, or skills: [billing, sales]")
        if self.ways != 1:
            raise ValueError(
                "an agent answers in one place; write one of phone: '+14155550123', sip: sip:NAME@HOST, browser: true"
            )
        return self

    @property
    def ways(self) -> int:
        """At how many places a call could ring."""
        return (self.phone is not None) + (self.sip is not None) + self.browser

    @property
    def rings_at(self) -> str:
        """Where a call rings, in a word or two."""
        return "browser" if self.browser else self.phone or self.sip or ""


class AgentGroup(BaseModel):
    """Agents with the same skills.

    Parameters
    ----------
    skills
        A list of names or a mapping to levels, 1 = best.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    skills: Skills


class AgentsFile(BaseModel):
    """The people who answer a line.

    Parameters
    ----------
    description
        What the file is for, in a sentence.
    routing
        Which call goes to which agent: a policy by name, or with changes, as in a scenario.
    groups
        Groups by name.
    agents
        People by a short name.
    wrap_up
        How long they have after a call before the next one comes, whatever its queue.

    Examples
    --------
    >>> file = AgentsFile.model_validate(
    ...     {
    ...         "groups": {"billing": {"skills": ["billing"]}},
    ...         "agents": {"ana": {"name": "Ana Ruiz", "group": "billing", "browser": True}},
    ...     }
    ... )
    >>> file.agents["ana"].rings_at, file.group_of("ana")
    ('browser', 'billing')
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str = ""
    routing: Routing = Routing()
    groups: dict[str, AgentGroup] = Field(default={})
    agents: dict[str, Agent] = Field(min_length=1)
    wrap_up: Annotated[Duration, Field(le=3600)] = 30.0

    def group_of(self, agent: str) -> str:
        """The group of an agent; one with skills of their own is a group of one."""
        return self.agents[agent].group or agent

    def skills_by_group(self) -> dict[str, dict[str, int]]:
        """The skills of every group, those of one included."""
        alone = {name: agent.skills for name, agent in self.agents.items() if agent.skills is not None}
        return {name: group.skills for name, group in self.groups.items()} | alone


_SKILLS = ({"type": "string"}, {"type": "array", "items": {"type": "string"}})
_SHORT: ShortForms = {
    ("AgentsFile", "routing"): ({"type": "string"},),
    ("AgentGroup", "skills"): _SKILLS,
    ("Agent", "skills"): _SKILLS,
}


def agents_schema() -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of an agents file.

    Examples
    --------
    >>> sorted(agents_schema()["properties"])
    ['agents', 'description', 'groups', 'routing', 'wrap_up']
    """
    return with_short_forms(file_schema(AgentsFile), "AgentsFile", _SHORT)
