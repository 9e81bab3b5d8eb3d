"""A: callers who need more time or another channel."""
