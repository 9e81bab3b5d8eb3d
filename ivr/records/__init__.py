"""What a call leaves behind, and the measures computed from it."""
