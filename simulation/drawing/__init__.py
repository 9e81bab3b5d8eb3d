"""Draws the calls of a replication in one compiled pass over the callers: ``build_call_table``, cell by cell, but fast."""
