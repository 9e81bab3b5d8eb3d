"""The WSGI application: Twilio's endpoints, pages, readiness, the development server."""
