"""Twilio's contract: events, TwiML, languages, signatures."""
