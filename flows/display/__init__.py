"""Results on a terminal: numbers with units, colours, findings with carets, options of commands."""
