"""Small scenarios and flows whose figures are worked out by hand; run one with ``ivr simulate FILE``."""
