"""TwiML documents as a carrier reads them."""
