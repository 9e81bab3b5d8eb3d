"""One turn of a live call: the carrier's request comes in, a TwiML document goes out.

`line.Line` answers the calls of one flow: it puts the parts together, and hands each `request` from stage to stage
(`webhooks.turn.stages`) as a `turn.Turn`. What the stages use:

- ``flow_versions`` and ``flow_file``: the versions of the flow that calls are on.
- ``secret_vault``: what callers entered in secret; ``queue_keys``: the key with which they left a queue.
- ``outside``: answers what the flow asks on the way, the clock and draws (``hours_stability``) and effects, each
  carried out once (``webhooks.effects``).
- ``queue_wait``: what a caller in a queue hears next.
- ``addresses``: where the next request goes; ``phone_state``: where the call is, for the browser phone.

``admission`` says when new calls hear a busy tone.
"""
