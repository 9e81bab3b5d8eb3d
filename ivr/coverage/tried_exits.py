"""Which exits of a flow the call scripts in files have tried."""

from __future__ import annotations

from collections.abc import Sequence

from flows.model.flow import Flow
from flows.source.finding import FlowError
from flows.source.yaml_reader import read_text
from ivr.coverage.coverage import coverage
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run

__all__ = ["tried_exits"]


def tried_exits(flow: Flow, files: Sequence[str]) -> dict[tuple[str, str], bool]:
    """Play scripts, and say of each exit that calls can come to whether one of them took it.

    Raises
    ------
    FlowError
        When a call does not go as written; what it tries then says nothing.

    Examples
    --------
    >>> from flows.model.load import LIBRARY, load
    >>> found = tried_exits(load("northwind").flow, [str(LIBRARY / "northwind.calls")])
    >>> found["main", "1"]
    True
    """
    played = [run(flow, script) for file in files for script in read_scripts(read_text(file), file)]
    if wrong := [finding for one in played for finding in one.findings]:
        raise FlowError(wrong)
    exits = coverage(flow, played).of("exits")
    return {(name, outcome): (name, outcome) in exits.tried for name, outcome in (*exits.tried, *exits.untried)}
