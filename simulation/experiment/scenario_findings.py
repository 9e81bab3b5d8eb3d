"""Everything that keeps a scenario from being simulated, found without simulating it: for ``ivr lint``."""

from __future__ import annotations

from flows.kinds import Sample
from flows.model.flow import Flow
from flows.source.finding import Finding, IvrError
from simulation.loading.load import parse_scenario
from simulation.scenario.routing import routing_table
from simulation.workload.build_call_table import prepare
from simulation.workload.build_staff_table import build_staff_table

__all__ = ["scenario_findings"]


def scenario_findings(sample: Sample, flow: Flow | None) -> tuple[Finding, ...]:
    """The findings with which ``ivr simulate`` refuses a scenario, and its warnings.

    Parameters
    ----------
    sample : Sample
    flow : Flow or None
        Not used: the scenario names its flow.

    Examples
    --------
    >>> from flows.model.load import LIBRARY
    >>> file = LIBRARY / "power_outage.scenario.yaml"
    >>> text = file.read_text("utf-8")
    >>> scenario_findings(Sample(str(file), text), None)
    ()
    >>> scenario_findings(Sample(str(file), text.replace("horizon: ", "horizont: ")), None)[0].hint
    "did you mean 'horizon'?"
    """
    try:
        loaded = parse_scenario(sample.text, sample.file)
    except IvrError as error:
        return error.findings
    try:
        prepare(loaded)
        build_staff_table(loaded.scenario)
        routing_table(loaded.scenario, loaded.flow)
    except IvrError as error:
        return (*loaded.notes, *error.findings)
    return loaded.notes
