"""Renderers, one module per form; each has ``render(plan, *, width, colour)``."""
