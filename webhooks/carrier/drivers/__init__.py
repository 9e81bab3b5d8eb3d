"""Those who make calls through the virtual carrier: a person, a script, a swarm."""
