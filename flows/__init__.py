"""What a flow is: its model, node types, rules, timing and graph. Pure, and imports nothing of ours.

What the package offers is loaded on first use; ``docs/api.md`` has examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.registry import on_first_use

if TYPE_CHECKING:
    from flows.lint.engine import lint as check
    from flows.model.flow import Flow
    from flows.model.load import Loaded, load, load_text
    from flows.protocol.actions import HungUp, Keys, Outcome, Silence, Speech, Start
    from flows.source.finding import Finding, FlowError

__all__ = [
    "Finding",
    "Flow",
    "FlowError",
    "HungUp",
    "Keys",
    "Loaded",
    "Outcome",
    "Silence",
    "Speech",
    "Start",
    "check",
    "load",
    "load_text",
]

__getattr__ = on_first_use(
    __name__,
    {
        "Finding": "flows.source.finding:Finding",
        "Flow": "flows.model.flow:Flow",
        "FlowError": "flows.source.finding:FlowError",
        "HungUp": "flows.protocol.actions:HungUp",
        "Keys": "flows.protocol.actions:Keys",
        "Loaded": "flows.model.load:Loaded",
        "Outcome": "flows.protocol.actions:Outcome",
        "Silence": "flows.protocol.actions:Silence",
        "Speech": "flows.protocol.actions:Speech",
        "Start": "flows.protocol.actions:Start",
        "check": "flows.lint.engine:lint",
        "load": "flows.model.load:load",
        "load_text": "flows.model.load:load_text",
    },
)
