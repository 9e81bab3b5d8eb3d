"""Values worked out by hand, one file for each kind, discovered automatically: TITLE, and TARGETS with derivations."""
