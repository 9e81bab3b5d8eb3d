"""N: names, descriptions, leftovers."""
