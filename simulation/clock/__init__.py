"""Local time: what the wall clock shows at each moment of a scenario, and how logged times are read."""
