"""The linter: what a rule sees, the run over files, settings, suppressions, fixes."""
