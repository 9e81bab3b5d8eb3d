"""A line whose names and texts try to be markup."""

from __future__ import annotations

NASTY = """
ivr: 1
name: "<script>alert('name')</script> & \\"co\\" `x` \\\\"
start: main
nodes:
  main:
    type: menu
    choices:
      - {key: 1, label: "<script>alert(1)</script> & \\"more\\" | ] --> #quot; </TD></TABLE>>", next: bye}
      - {key: 2, label: "{{x}} \\\\N \\\\n end", next: 'a"b<c'}
    otherwise: bye
  'a"b<c': {type: play, say: "</TABLE>>]; evil [label=x <script>alert(2)</script>", next: bye}
  bye: {type: hangup, say: "<img src=x onerror=alert(3)>"}
"""
