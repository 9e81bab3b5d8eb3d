"""Runs the Eclipse Layout Kernel, which places cards in layers and leads lines from port to port.

Its JavaScript (npm ``elkjs``, the worker's part) is run by V8 within Python, so no browser and no Node.js are needed.
Layered layout after Sugiyama, Tagawa and Toda 1981, "Methods for visual understanding of hierarchical system
structures"; ports and orthogonal lines as in Schulze, Spoenemann and von Hanxleden 2014, "Drawing layered graphs with
port constraints".
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from py_mini_racer import MiniRacer

__all__ = ["placed"]

_AROUND = """
var self = globalThis, answer = null;
self.postMessage = function (message) { answer = message; };
self.setTimeout = function (call) { call(); };
self.console = {log: function () {}, warn: function () {}, error: function () {}};
"""
_LAYOUT = """
self.onmessage({data: {id: 0, cmd: "register", algorithms: ["layered"]}});
function layout(graph) {
  self.onmessage({data: {id: 1, cmd: "layout", graph: JSON.parse(graph), layoutOptions: {}, options: {}}});
  return JSON.stringify(answer);
}
"""


@cache
def _kernel() -> MiniRacer:
    engine = MiniRacer()
    for text in (_AROUND, (files("flows.map.assets") / "elk-worker.min.js").read_text(encoding="utf-8"), _LAYOUT):
        engine.eval(text)
    return engine


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
    answer = json.loads(_kernel().call("layout", json.dumps(graph)))
    if "error" in answer:
        raise RuntimeError(answer["error"].get("message", "no reason given"))
    found: dict[str, Any] = answer["data"]
    return found
