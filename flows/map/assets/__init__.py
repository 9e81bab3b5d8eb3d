"""What a page of a map contains, and the program that lays it out."""
