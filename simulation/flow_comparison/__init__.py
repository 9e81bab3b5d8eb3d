"""A new menu beside the old one, on the same callers: what it saves, and why."""
