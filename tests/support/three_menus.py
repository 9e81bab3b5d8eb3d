"""A line of three menus, and what its callers hear."""

from __future__ import annotations

LINE = """
ivr: 1
name: Line
start: first
nodes:
  first: {type: menu, choices: [{key: 1, label: the second menu, next: second}], otherwise: bye}
  second: {type: menu, choices: [{key: 2, label: the third menu, next: third}], otherwise: bye}
  third: {type: menu, choices: [{key: 3, label: the end, next: bye}], otherwise: bye}
  bye: {type: hangup, say: Goodbye.}
"""
HEARD = ["For the second menu, press 1.", "For the third menu, press 2.", "For the end, press 3.", "Goodbye."]
