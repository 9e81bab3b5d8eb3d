"""The desk: where people sign in, take calls and see how the line is doing."""
