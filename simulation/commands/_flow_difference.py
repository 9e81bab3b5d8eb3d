"""What a scenario says about two versions of a flow: waits, agents and money, on the same callers."""

from __future__ import annotations

from typing import Any

from flows.display.progress import progress_bar
from flows.model.flow import Flow
from simulation.flow_comparison.compare_flows import compare_flows
from simulation.loading.load import load_scenario
from simulation.report.flows_text import flows_text

__all__ = ["flow_difference"]


def flow_difference(
    file: str, old: tuple[str, Flow], new: tuple[str, Flow], *, width: int
) -> tuple[list[str], dict[str, Any]]:
    """The same callers and agents with the menus of two flows, for ``ivr diff --scenario``.

    Parameters
    ----------
    file : str
        A scenario file, or the name of a shipped one; its callers call both flows, whichever it names.
    old, new : (name, Flow)
    width : int
        Columns of the text.

    Returns
    -------
    (list of str, dict)
        As text, and as data.

    Raises
    ------
    IvrError
        If the scenario cannot be simulated with one of them.
    """
    one, other = (load_scenario(file, flow=flow) for _, flow in (old, new))
    scenario = one.scenario
    with progress_bar("comparing menus") as bar:
        found = compare_flows(
            (old[0], one),
            (new[0], other),
            replications=scenario.replications,
            seed=scenario.seed,
            progress=bar.progress,
            on_compile=bar.on_compile,
        )
    return flows_text(found, scenario.currency, width)[1:], {
        "before": {name: value.as_dict() for name, value in found.before.items()},
        "after": {name: value.as_dict() for name, value in found.after.items()},
        **found.as_dict(),
    }
