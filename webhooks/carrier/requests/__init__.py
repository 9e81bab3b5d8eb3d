"""Requests to webhooks, and the transports that carry them: HTTP, or an application in this process."""
