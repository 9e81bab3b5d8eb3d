"""The flow: typed, composed of its parts, loaded from its files, translated."""
