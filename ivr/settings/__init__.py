"""Defaults of commands, from the settings file of a project."""
