"""Charts as data, grouped by what they show, and the sentences above them."""
