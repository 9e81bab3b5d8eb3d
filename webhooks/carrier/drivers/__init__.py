"""What makes calls through the virtual carrier: a person, a script, a swarm."""
