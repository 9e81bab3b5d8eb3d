"""Requests to webhooks: over HTTP, in process, with faults."""
