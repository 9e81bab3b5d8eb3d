"""Live calls: Twilio webhooks, the browser phone and the store of what happened."""
