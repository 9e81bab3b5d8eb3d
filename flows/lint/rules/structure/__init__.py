"""S: whether every call reaches an end and every outcome leads somewhere."""
