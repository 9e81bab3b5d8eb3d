"""Files as text with places: reads, edits, types and checks them, and says what is wrong where."""
