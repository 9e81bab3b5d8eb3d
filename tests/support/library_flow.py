"""A line of a library, whose lookup gets no answer."""

from __future__ import annotations

from flows.model.load import load_text

__all__ = ["FLOW"]

FLOW = load_text("""
ivr: 1
name: Bay Library
start: open
hours: {desk: {zone: America/New_York, mon-fri: "09:00-17:00"}}
nodes:
  open: {type: hours, hours: desk, on: {open: who, closed: shut}}
  who:
    type: lookup
    url: http://127.0.0.1:9/card
    say: One moment.
    into: {name: name, fines: fines}
    on: {member: {status: 200, next: hello}, stranger: {status: 404, next: join}}
    failure: sorry
  hello: {type: hangup, say: "Hello {name}, you owe {fines:money:USD}."}
  join: {type: hangup, say: Please join us.}
  sorry: {type: hangup, say: We cannot look you up.}
  shut: {type: hangup, say: We are closed.}
""").flow
