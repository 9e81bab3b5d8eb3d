"""What a flow is: its model, node types, rules, timing and graph. Pure, and imports nothing of ours.

What the package offers is loaded on first use; ``docs/api.md`` has examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.registry import on_first_use

if TYPE_CHECKING:
    from flows.lint.context import Context
    from flows.lint.engine import lint as check
    from flows.lint.problem import Option, Problem
    from flows.lint.rules.base import Rule
    from flows.lint.try_rule import try_rule
    from flows.model.flow import Flow
    from flows.model.load import Loaded, load, load_text
    from flows.protocol.actions import HungUp, Keys, Outcome, Silence, Speech, Start
    from flows.source.finding import Finding, Fix, FlowError

__all__ = [
    "Context",
    "Finding",
    "Fix",
    "Flow",
    "FlowError",
    "HungUp",
    "Keys",
    "Loaded",
    "Option",
    "Outcome",
    "Problem",
    "Rule",
    "Silence",
    "Speech",
    "Start",
    "check",
    "load",
    "load_text",
    "try_rule",
]

__getattr__ = on_first_use(
    __name__,
    {
        "Context": "flows.lint.context:Context",
        "Finding": "flows.source.finding:Finding",
        "Fix": "flows.source.finding:Fix",
        "Flow": "flows.model.flow:Flow",
        "FlowError": "flows.source.finding:FlowError",
        "HungUp": "flows.protocol.actions:HungUp",
        "Keys": "flows.protocol.actions:Keys",
        "Loaded": "flows.model.load:Loaded",
        "Option": "flows.lint.problem:Option",
        "Outcome": "flows.protocol.actions:Outcome",
        "Problem": "flows.lint.problem:Problem",
        "Rule": "flows.lint.rules.base:Rule",
        "Silence": "flows.protocol.actions:Silence",
        "Speech": "flows.protocol.actions:Speech",
        "Start": "flows.protocol.actions:Start",
        "check": "flows.lint.engine:lint",
        "load": "flows.model.load:load",
        "load_text": "flows.model.load:load_text",
        "try_rule": "flows.lint.try_rule:try_rule",
    },
)
