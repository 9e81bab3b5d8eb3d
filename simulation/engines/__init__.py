"""The simulation engines, what they promise, and the checks that nothing is lost."""
