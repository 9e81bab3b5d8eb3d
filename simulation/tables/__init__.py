"""What every engine reads: calls, staff, queue rules, and the order of simultaneous events."""
