"""One command a file; what begins with an underscore is shared by them."""
