"""D: values that callers enter, and values that must not be heard, logged or sent."""
