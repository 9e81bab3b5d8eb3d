"""How a flow is drawn, one file a form; each has ``render(plan, *, width, colour)``."""
