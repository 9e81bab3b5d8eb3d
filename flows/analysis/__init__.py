"""What follows from a flow: graph, paths, times, the order of menus, traffic."""
