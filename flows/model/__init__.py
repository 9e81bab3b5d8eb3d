"""The typed model of a flow: composed from its parts, loaded from files, translated."""
