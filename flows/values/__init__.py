"""Types of values that people write in files: durations, telephone numbers, addresses, time zones."""
