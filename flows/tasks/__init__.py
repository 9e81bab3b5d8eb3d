"""What callers come for, and whether the menus lead them there."""
