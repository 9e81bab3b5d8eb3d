"""Shifts and breaks that cover a staffing: the roster of least cost, or which wishes keep it from existing."""
