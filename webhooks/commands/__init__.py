"""The commands serve, data, swarm, and call with a URL."""
