"""Where the agents file of a flow lies."""

from __future__ import annotations

from pathlib import Path

from flows.model.flow import Flow

__all__ = ["agents_beside", "names_beside", "smallest_agents"]


def names_beside(flow_file: str) -> tuple[Path, Path]:
    """The names that an agents file may have beside a flow; the first is its own.

    Parameters
    ----------
    flow_file : str

    Examples
    --------
    >>> [name.name for name in names_beside("lines/shop.yaml")]
    ['shop.agents.yaml', 'agents.yaml']
    """
    flow = Path(flow_file)
    return flow.with_name(f"{flow.stem}.agents.yaml"), flow.with_name("agents.yaml")


def agents_beside(flow_file: str) -> Path | None:
    """The agents file beside a flow; None when there is none.

    Parameters
    ----------
    flow_file : str
    """
    return next((name for name in names_beside(flow_file) if name.is_file()), None)


def smallest_agents(flow: Flow) -> str:
    """An agents file of one person who answers every queue of a flow, in a line.

    Parameters
    ----------
    flow : Flow

    Examples
    --------
    >>> from flows.model.load import load
    >>> smallest_agents(load("credit_union").flow)[:53]
    '{groups: {office: {skills: [cards, loans, home_loans,'
    """
    skills = dict.fromkeys(skill for name, queue in flow.queues.items() for skill in queue.skills or (name,))
    return (
        f"{{groups: {{office: {{skills: [{', '.join(skills)}]}}}},"
        " agents: {ana: {name: Ana, group: office, browser: true}}}"
    )
