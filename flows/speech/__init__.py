"""What callers hear, and how long it takes."""
