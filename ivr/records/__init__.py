"""What a call leaves behind, and the measures made of it."""
