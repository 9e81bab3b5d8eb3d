"""Mistakes made in a flow on purpose, one at a time, to see whether call scripts notice them."""
