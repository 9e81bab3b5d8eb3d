"""D: what callers key in, and what must not be heard, logged or sent."""
