"""Keys of new rows."""

import uuid_utils


def new_key() -> str:
    """A UUIDv7 (RFC 9562): made by the client, and rows made later sort later, so indexes grow at one end."""
    return str(uuid_utils.uuid7())
