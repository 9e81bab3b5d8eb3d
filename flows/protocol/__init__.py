"""What a flow and its driver exchange: events in, actions out, and lookup answers."""
