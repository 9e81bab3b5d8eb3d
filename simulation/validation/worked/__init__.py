"""Values worked out by hand, one file for each kind, found by its presence: its TITLE, and its TARGETS with their
derivation.
"""
