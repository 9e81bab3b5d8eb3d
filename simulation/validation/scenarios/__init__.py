"""Small scenarios and flows whose figures are worked out by hand; each can be run: ``ivr simulate FILE``."""
