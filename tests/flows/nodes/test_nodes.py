"""Every node type and every other construct by its fixture: a flow that uses it, and calls that try every exit."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.model.load import load
from flows.nodes import node_types
from flows.protocol.actions import HangUp
from ivr.interpreter.chain import tabulate
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run, untried
from tests.support.library import FIXTURES
from tests.support.paths import DATA

CASES = DATA / "nodes"


@pytest.mark.parametrize("name", node_types())
def test_every_node_type_has_a_flow_and_calls(name: str) -> None:
    flow = load(CASES / f"{name}.yaml").flow
    assert name in {node.type for node in flow.nodes.values()}
    assert (CASES / f"{name}.calls").exists()


@pytest.mark.parametrize("case", FIXTURES, ids=lambda case: Path(case).stem)
def test_calls_go_as_written_and_try_every_exit(case: str) -> None:
    flow = load(case).flow
    calls = Path(case).with_suffix(".calls")
    results = tuple(run(flow, script) for script in read_scripts(calls.read_text("utf-8"), calls.name))
    assert [finding for result in results for finding in result.findings] == []
    assert untried(flow, results) == ()


@pytest.mark.parametrize("case", FIXTURES, ids=lambda case: Path(case).stem)
def test_a_node_states_all_its_outcomes(case: str) -> None:
    """Each outcome leads somewhere, and the chain takes the calls of the fixture the same way."""
    flow = load(case).flow
    chain = tabulate(flow)
    for state in chain.states:
        assert bool(state.edges) != isinstance(state.waits, HangUp)
        assert set(state.times) == {"", *(edge.outcome for edge in state.edges)}
    calls = Path(case).with_suffix(".calls")
    for script in read_scripts(calls.read_text("utf-8"), calls.name):
        path = run(flow, script).path
        returns = {node for node, kind in ((n, flow.nodes[n].type) for n, _ in path) if kind == "subflow"}
        taken = [(n, o) for n, o in path if not (n in returns and o != "call") and o not in ("hangup", "hung_up")]
        walked = [(n, o) for n, o in chain.path([o for _, o in taken]) if o != "hangup"]
        assert walked == [(n, o) for n, o in path if o not in ("hangup", "hung_up")]
