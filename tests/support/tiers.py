"""A line where the number called and the tier of a caller decide where they end, by what they want."""

from __future__ import annotations

from pathlib import Path

from simulation.loading.load import load_scenario
from simulation.scenario.loaded import LoadedScenario
from tests.support.small_scenarios import write
from tests.support.texts import SURE, scenario

FLOW = """
ivr: 1
name: Tiers
start: number
nodes:
  number: {type: split, value: dnis, cases: {"+1900*": sales}, otherwise: main}
  main:
    type: menu
    choices:
      - {key: 1, label: help, next: find}
      - {key: 2, label: sales, next: sales}
      - {key: 3, label: bills, next: bills}
  find: {type: lookup, url: "https://example.com/{ani}", into: {tier: tier}, on: {found: tier}, failure: plain}
  tier: {type: split, value: tier, cases: {gold: gold, silver: silver}, otherwise: plain}
  gold: {type: queue, queue: gold}
  silver: {type: queue, queue: silver}
  plain: {type: queue, queue: plain}
  sales: {type: queue, queue: sales}
  bills: {type: queue, queue: bills}
"""
INTENTS = {
    "vip": "{share: 0.2, goal: gold, splits: {tier: {gold: 80%, silver: 20%}}}",
    "help": "{share: 0.5, goal: [plain, silver], lookups: {find: {found: 90%, failure: 10%}}, values: {tier: bronze}}",
    "buy": '{share: 0.2, goal: sales, values: {dnis: "+19005550100"}}',
    "pay": "{share: 0.1, goal: bills}",
}


def tiers_called(folder: Path, **intents: str) -> LoadedScenario:
    text = scenario(
        "Tiers, called",
        horizon="4h",
        interval="1h",
        arrivals="{kind: constant, per_hour: 2000}",
        intents=INTENTS | intents,
        behaviour=SURE,
        talk="{exponential: 1m}",
        groups="{agents: {skills: [gold, silver, plain, sales, bills], agents: 40}}",
    )
    return load_scenario(write(folder, FLOW, text))
