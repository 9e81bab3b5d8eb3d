"""What a flow and its driver exchange: events in, actions out, and answers of lookups."""
