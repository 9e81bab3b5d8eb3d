"""The scenario, typed."""
