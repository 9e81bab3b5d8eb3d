"""A scenario against what really happened: the same days, real beside simulated."""
