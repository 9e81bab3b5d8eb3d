"""Runs, replications, comparisons, and estimates with confidence intervals."""
