"""Call scripts that try everything that callers can come to, made from the flow."""
