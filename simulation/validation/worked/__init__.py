"""Values worked out by hand, one file for each kind, found by its presence: TITLE, and TARGETS with derivations."""
