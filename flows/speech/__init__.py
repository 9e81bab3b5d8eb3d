"""What callers hear, and how many seconds it takes."""
