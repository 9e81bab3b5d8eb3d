"""Small lines to begin with, one for each trade: a flow, its scenario, its call scripts and its people, as texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from flows.model.load import LIBRARY

__all__ = ["DEFAULT_TRADE", "ENDINGS", "line_of", "name_in", "trade_in", "trades"]

ENDINGS = (".yaml", ".scenario.yaml", ".calls", ".agents.yaml")
"""A flow, its scenario, its call scripts and the people who answer it have one name with these endings."""
DEFAULT_TRADE = "telecom"
_FOLDER = LIBRARY / "templates"
_OWN_NAME = re.compile(r'^name: "(.*)"$', re.MULTILINE)
_FLOW = re.compile(r"^flow: .*$", re.MULTILINE)


def trades() -> tuple[str, ...]:
    """The trades that there is a line for.

    Examples
    --------
    >>> trades()
    ('bank', 'city', 'clinic', 'telecom', 'utility')
    """
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.calls")))


def trade_in(name: str) -> str:
    """The trade that a name says; empty if it says none.

    Examples
    --------
    >>> trade_in("oak_street_clinic"), trade_in("acme")
    ('clinic', '')
    """
    words = re.split(r"[^a-z]+", name.lower())
    return next((trade for trade in trades() if trade in words), "")


def line_of(trade: str, flow_file: str, name: str = "") -> Mapping[str, str]:
    """The texts of a line, by `ENDINGS`.

    Parameters
    ----------
    trade : str
        One of `trades`.
    flow_file : str
        Name of the flow's file, as the scenario gives it.
    name : str
        What callers hear as the name of the organisation; default: an invented one.

    Examples
    --------
    >>> line_of("clinic", "oak.yaml", "Oak Street Clinic")[".scenario.yaml"].splitlines()[1:3]
    ['name: "Oak Street Clinic, a Monday"', 'flow: oak.yaml']
    """
    texts = {ending: (_FOLDER / f"{trade}{ending}").read_text("utf-8") for ending in ENDINGS}
    plain = re.fullmatch(r"[A-Za-z][\w.-]*", flow_file)
    stated = f"flow: {flow_file if plain else json.dumps(flow_file, ensure_ascii=False)}"
    texts[".scenario.yaml"] = _FLOW.sub(lambda match: stated, texts[".scenario.yaml"])
    invented = _OWN_NAME.search(texts[".yaml"])
    if not name or invented is None:
        return texts
    quoted = json.dumps(name, ensure_ascii=False)[1:-1]  # every place of the name is in double quotes
    return {
        ending: text.replace(invented[1], name.replace('"', "'") if ending == ".calls" else quoted)
        for ending, text in texts.items()
    }


def name_in(texts: Mapping[str, str]) -> str:
    """The name of the organisation in the texts of a line.

    Examples
    --------
    >>> name_in(line_of("clinic", "oak.yaml"))
    'Riverside Clinic'
    """
    stated = _OWN_NAME.search(texts[".yaml"])
    return str(json.loads(f'"{stated[1]}"')) if stated else ""
