"""The stages of a turn, in order: `open_call`, `classify`, `advance`, `record`, `reply`.

1. ``open_call``: which call is it, on which version of the flow, and where is it? Its secrets are put back.
2. ``classify``: what has happened to it, in the flow's terms?
3. ``advance``: step through the flow until the caller hears something or has to wait.
4. ``record``: what the turn adds to the records.
5. ``reply``: the TwiML document, whose addresses carry the sealed call to the next turn.
"""
