"""Commands of the caller, one a file: each is a leaf that nobody imports."""
