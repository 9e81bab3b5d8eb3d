"""Runs, replications, comparisons, and estimates with their intervals."""
