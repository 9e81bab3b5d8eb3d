"""Callers in the menus: the Markov chain of a flow, its exact solution, sampled walks."""
