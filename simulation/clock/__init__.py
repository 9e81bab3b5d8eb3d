"""Local time: what the wall clock shows at each moment of a scenario, and what logged times mean."""
