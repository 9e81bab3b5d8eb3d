"""Reads, edits and validates files as text, and reports what is wrong and where."""
