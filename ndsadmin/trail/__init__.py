"""The audit trail's pages: what is asked of it, what is found, and what one entry tells."""
