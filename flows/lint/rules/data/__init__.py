"""D: what callers enter, and what must not be heard, logged or sent."""
