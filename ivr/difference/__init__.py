"""How two versions of a flow differ for those who call: what they hear, press and wait for."""
