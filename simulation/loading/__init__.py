"""Reads a scenario file and checks it against its flow."""
