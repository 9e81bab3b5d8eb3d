"""Twilio's REST API over an exchange."""
