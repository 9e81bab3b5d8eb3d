"""What follows from a flow: its graph, paths, times, expected traffic, order of options."""
