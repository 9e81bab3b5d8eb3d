"""The commands call and test."""
