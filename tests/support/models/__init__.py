"""Models of callers and of the floor that were written from the documents alone and share no code with the product."""
