"""Twilio's contract: requests as events, actions as TwiML, language tags, signatures."""
