"""Analyses of a flow: graph, paths, times, menu order, traffic."""
