"""Draws the calls of a replication in one compiled pass over the callers, equal to ``build_call_table``."""
