"""R: queues, opening hours, transfers."""
