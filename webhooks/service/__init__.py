"""The WSGI application: endpoints, readiness, the development server."""
