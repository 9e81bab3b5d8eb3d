"""File formats, one file each: readers and writers around one neutral model."""
