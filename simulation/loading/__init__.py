"""Reads a scenario file and checks it."""
