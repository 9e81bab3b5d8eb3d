"""Renderers, one file for each form; each has ``render(plan, *, width, colour)``."""
