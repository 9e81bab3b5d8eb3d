"""How many agents: the staffing of least cost that keeps a promise on most days, found by simulation."""
