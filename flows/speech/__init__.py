"""What is said to callers, and how many seconds it takes."""
