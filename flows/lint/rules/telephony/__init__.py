"""T: what carriers can and cannot do."""
