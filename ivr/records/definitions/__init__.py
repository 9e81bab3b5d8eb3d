"""Every measure as data: name, formula, unit and source, and how each thing that happens to a caller is counted."""
