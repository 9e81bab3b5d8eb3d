"""One turn of a live call: the carrier's request comes in, a TwiML document goes out.

`line.Line` answers the calls of one flow: it puts the parts together, and hands each `request` from stage to stage as a
`turn.Turn`.

1. ``open_call``: which call is it, on which version of the flow (``flow_versions``, ``flow_file``), and where is it?
Its secrets are put back (``secret_vault``).
2. ``classify``: what has happened to it, in the flow's terms? ``queue_keys`` knows which key a caller pressed to leave
a queue.
3. ``advance``: step through the flow until the caller hears something or has to wait. ``outside`` answers what the
flow asks on the way: the clock and draws (``hours_stability``), and effects, each carried out once
   (``webhooks.effects``).
4. ``record``: what the turn adds to the records.
5. ``reply``: the TwiML document, whose ``addresses`` carry the sealed call to the next turn.

``queue_wait`` decides what a caller in a queue hears next. ``admission`` says when new calls hear a busy tone.
``phone_state`` tells the browser phone where its call is.
"""
