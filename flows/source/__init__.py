"""Files as text with places: read, edit, check against a type, and say what is wrong where."""
