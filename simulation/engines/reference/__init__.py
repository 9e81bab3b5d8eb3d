"""The readable definition of what a simulation does, on SimPy, in whole microseconds.

``docs/engines.md`` describes it step by step, in the terms that name the functions here. ``call_events`` and
``agent_events`` handle events; ``calls`` and ``agents`` are the steps they consist of; all share one ``State``. The
routing table alone decides who takes which call (``ivr.routing``); everything random is in the call table.

The tie rule
------------
Events are ordered by (time, kind, id), the kinds in this order:

1. closing of the doors (only ``at_end="clear"``)
2. talk end, by agent id (with no after-call work the agent is free at once)
3. release after wrap-up, by agent id
4. shift on, by agent id
5. shift off, by agent id
6. arrival, by call id
7. menu end, by call id: the call ends there or is offered
8. overflow: the call has waited long enough for more groups, by call id
9. callback: an unanswered attempt is repeated, by call id
10. limit of the flow, by call id
11. abandonment, by call id

An event caused at the current instant takes its place among those still to come. So an agent who becomes free at the
very moment a caller's patience ends still serves them, and a caller with zero patience is served if an agent is idle.
"""

from simulation.engines.reference.engine import run

__all__ = ["run"]
