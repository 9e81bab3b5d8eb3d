"""The readable definition of what a simulation is, on SimPy, in whole microseconds.

What happens is said step by step in ``docs/engines.md``; the methods of
``calls`` and ``agents`` have the names it uses. Who takes which call is decided by the routing table
alone (``ivr.routing``); everything random is in the call table.

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
9. call back: a vain attempt is repeated, by call id
10. limit of the flow, by call id
11. abandonment, by call id

An event that is caused at the present instant takes its place among those not
yet done. So service at the very moment a caller's patience ends comes first,
and a caller without patience is served if an agent is idle.
"""

from simulation.engines.reference.engine import run

__all__ = ["run"]
