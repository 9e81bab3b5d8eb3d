"""Output for the terminal: numbers with units, colours, findings with carets; and shared command options."""
