"""A flow drawn: one plan, several renderers."""
