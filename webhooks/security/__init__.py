"""Sealed cursors, hashed numbers, the origin of a request."""
