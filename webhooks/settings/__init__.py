"""Settings of the service, checked before it starts: addresses, secrets, spending limits, retention."""
