"""Units of time as the tables count them."""

S = 1_000_000
"""Microseconds in a second."""
