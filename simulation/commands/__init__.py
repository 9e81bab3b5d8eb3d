"""The commands simulate, compare, report, erlang and validate."""
