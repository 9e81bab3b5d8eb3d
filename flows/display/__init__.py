"""How results are shown at the terminal: numbers with units, colours, findings with carets, options of commands."""
