"""Reads an agents file, and checks that its people fit each other and the line they answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flows.kinds import Sample
from flows.model.flow import Flow
from flows.source.checks import Checks
from flows.source.finding import Finding, FlowError
from flows.source.validate import validate
from flows.source.yaml_reader import parse
from flows.values.addresses import as_client_name
from ivr.answering.agents_file import AgentsFile
from ivr.answering.check_routing import check_routing, check_served, check_skills
from ivr.answering.routing import queue_specs
from ivr.routing import GroupSpec, RoutingTable

__all__ = ["agents_findings", "parse_agents", "who_may_answer"]


def parse_agents(text: str, file: str, flow: Flow, earlier: Sequence[Flow] = ()) -> tuple[AgentsFile, RoutingTable]:
    """Read an agents file for a line.

    Parameters
    ----------
    text, file : str
    flow : Flow
    earlier : sequence of Flow
        Versions of it that calls are still on: their queues are in the table too.

    Returns
    -------
    AgentsFile
    RoutingTable
        Which group may take which calls, in which order.

    Raises
    ------
    FlowError
        With every error, each with its place.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> line = "{ivr: 1, name: L, start: q, nodes: {q: {type: queue, queue: billing}}}"
    >>> text = "{groups: {office: {skills: [billing]}}, agents: {ana: {name: Ana, group: office, browser: true}}}"
    >>> parse_agents(text, "agents.yaml", load_text(line, "line.yaml").flow)[1].groups
    ('office',)
    """
    checks = Checks(parse(text, file))
    agents = validate(checks.document, AgentsFile)
    table = _check(checks, agents, flow, earlier)
    if table is None or checks.wrong:
        raise FlowError(tuple(checks.found))
    return agents, table


def agents_findings(sample: Sample, flow: Flow | None) -> tuple[Finding, ...]:
    """Errors and warnings of an agents file, for ``ivr lint``.

    Parameters
    ----------
    sample : Sample
    flow : Flow or None
        The line they answer; without it, only what the file says by itself is checked.

    Examples
    --------
    >>> text = "agents: {ana: {name: Ana, group: ofice, browser: true}}\\ngroups: {office: {skills: [billing]}}"
    >>> [finding.hint for finding in agents_findings(Sample("agents.yaml", text), None)]
    ["did you mean 'office'?", 'give it somebody, or take it out']
    """
    try:
        checks = Checks(parse(sample.text, sample.file))
        _check(checks, validate(checks.document, AgentsFile), flow)
    except FlowError as error:
        return error.findings
    return tuple(checks.found)


def _check(checks: Checks, agents: AgentsFile, flow: Flow | None, earlier: Sequence[Flow] = ()) -> RoutingTable | None:
    _people(checks, agents)
    if flow is None or checks.wrong:
        return None
    asked = {spec.name: spec for version in earlier for spec in queue_specs(version)}
    queues = queue_specs(flow)
    queues += tuple(spec for name, spec in asked.items() if name not in {one.name for one in queues})
    groups = [GroupSpec(name, skills) for name, skills in agents.skills_by_group().items()]
    for name, agent in agents.agents.items():
        for i, language in enumerate(agent.languages):
            checks.unknown(
                "language of the line", language, flow.languages, ("agents", name, "languages", i), of_key=False
            )
    check_skills(checks, queues, groups, lambda name: ("groups" if name in agents.groups else "agents", name, "skills"))
    table = check_routing(checks, agents.routing, queues, groups)
    if checks.wrong or table is None:
        return None
    check_served(checks, table)
    _answered(checks, agents, table)
    _languages(checks, agents, flow, table)
    return table


def _people(checks: Checks, agents: AgentsFile) -> None:
    rings: dict[str, str] = {}
    for name, agent in agents.agents.items():
        if agent.group is not None:
            checks.unknown("group", agent.group, agents.groups, ("agents", name, "group"), of_key=False)
        elif name in agents.groups:
            checks.add(
                "X005",
                f"{name!r} is an agent with skills of their own, and a group",
                ("agents", name),
                of_key=True,
                hint="rename one of them",
            )
        where = "" if agent.browser else agent.rings_at
        if where and (other := rings.setdefault(where, name)) != name:
            checks.add(
                "X005",
                f"{where} rings for {other!r} and for {name!r}",
                ("agents", name, "phone" if agent.phone else "sip"),
                hint="give each a telephone of their own; two calls cannot ring at one",
            )
        if agent.browser and (fitting := as_client_name(name)) != name:
            checks.note(
                "X005",
                f"{name!r} answers in a browser, but no browser registers with Twilio under that name",
                ("agents", name),
                hint=f"write letters, digits and _ only, at most 100: {fitting}",
            )
    used = {agent.group for agent in agents.agents.values()}
    for group in agents.groups:
        if group not in used:
            checks.note(
                "X004", f"group {group!r} has nobody", ("groups", group), hint="give it somebody, or take it out"
            )


def _answered(checks: Checks, agents: AgentsFile, table: RoutingTable) -> None:
    """Check that each queue has a group with somebody in it; which groups may serve it has been checked."""
    for queue, ranks in zip(table.queues, table.rank, strict=True):
        able = [group for group, rank in zip(table.groups, ranks, strict=True) if rank is not None]
        if able and not list(who_may_answer(agents, table, queue)):
            checks.add(
                "X004",
                f"nobody answers the queue {queue!r}: {', '.join(able)} {'has' if len(able) == 1 else 'have'} nobody",
                ("groups", able[0]),
                of_key=True,
                hint=f"give an agent 'group: {able[0]}'",
            )


def _languages(checks: Checks, agents: AgentsFile, flow: Flow, table: RoutingTable) -> None:
    """Warn of languages in which a queue has nobody who speaks them."""
    for language in flow.languages:
        silent = [
            queue
            for queue in table.queues
            if (able := list(who_may_answer(agents, table, queue)))
            and not any(_speaks(agents, name, language) for name in able)
        ]
        if silent:
            checks.note(
                "X004",
                f"nobody who answers {', '.join(silent)} speaks {language}",
                ("agents",),
                hint=f"add {language} to the languages of somebody who does",
            )


def _speaks(agents: AgentsFile, name: str, language: str) -> bool:
    """Whether an agent speaks a language; those who state none speak all of the line."""
    spoken = agents.agents[name].languages
    return not spoken or language in spoken


def who_may_answer(agents: AgentsFile, table: RoutingTable, queue: str) -> Iterable[str]:
    """The agents who may take calls of a queue, in the order of the file."""
    ranks = dict(zip(table.groups, table.rank[table.queues.index(queue)], strict=True))
    return (name for name in agents.agents if ranks[agents.group_of(name)] is not None)
