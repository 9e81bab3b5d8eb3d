"""Charts as data, by what they show, and the sentences above them."""
