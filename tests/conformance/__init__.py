"""Django's own tests, run on our backend for D1 (`make conformance`)."""
