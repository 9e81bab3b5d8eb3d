"""What the Makefile does in more than a line; Python 3.11 and its standard library are all it may need."""
