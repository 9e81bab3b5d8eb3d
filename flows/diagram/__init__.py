"""Draws flows: one plan, several renderers."""
