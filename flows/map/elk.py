"""Runs the Eclipse Layout Kernel, which places cards in layers and leads lines from port to port.

Its JavaScript (npm ``elkjs``) is run by QuickJS, an interpreter in one small library, so no browser and no Node.js are
needed. Layered layout after Sugiyama, Tagawa and Toda 1981, "Methods for visual understanding of hierarchical system
structures"; ports and orthogonal lines as in Schulze, Spoenemann and von Hanxleden 2014, "Drawing layered graphs with
port constraints".
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import quickjs

__all__ = ["placed"]

_AROUND = (
    "var self = this, global = this; function setTimeout(f) { f(); } function clearTimeout() {}"
    " var console = {log: function() {}, warn: function() {}, error: function() {}};"
    " var module = {exports: {}}, exports = module.exports;"
)
_LAYOUT = """
var elk = new module.exports(), told = null, wrong = null;
function layout(text) {
  told = null; wrong = null;
  elk.layout(JSON.parse(text)).then(function(r) { told = JSON.stringify(r); }, function(e) { wrong = String(e); });
}
"""
_STACK = 16 * 1024 * 1024


@cache
def _kernel() -> quickjs.Context:
    context = quickjs.Context()
    context.set_max_stack_size(_STACK)
    program = (files("flows.map.assets") / "elk.bundled.js").read_text(encoding="utf-8")
    for text in (_AROUND, program.replace("'use strict';", ""), _LAYOUT):
        context.eval(text)
    return context


def placed(graph: dict[str, Any]) -> dict[str, Any]:
    """Lay out a graph in ELK's JSON format.

    Parameters
    ----------
    graph : dict
        See https://eclipse.dev/elk/documentation/tooldevelopers/graphdatastructure/jsonformat.html

    Returns
    -------
    dict
        The same, with ``x`` and ``y`` of every node and the ``sections`` of every edge.

    Raises
    ------
    RuntimeError
        With the kernel's words, when it cannot.

    Examples
    --------
    >>> a, b = ({"id": name, "width": 10, "height": 10} for name in "ab")
    >>> found = placed({"id": "all", "children": [a, b], "edges": [{"id": "e", "sources": ["a"], "targets": ["b"]}]})
    >>> found["children"][0]["x"] < found["children"][1]["x"]
    True
    """
    context = _kernel()
    context.get("layout")(json.dumps(graph))
    while context.execute_pending_job():
        pass
    if (wrong := context.get("wrong")) is not None:
        raise RuntimeError(wrong)
    found: dict[str, Any] = json.loads(context.get("told"))
    return found
