"""What goes between a flow and whoever plays it: events in, actions out, the answers of lookups."""
