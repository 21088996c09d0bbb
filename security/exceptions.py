"""What can go wrong in security."""


class SecurityError(Exception):
    """Base of this app's errors."""


class NotRecorded(SecurityError):
    """A change was to be audited outside the transaction that makes it."""


class RowChanged(SecurityError):
    """The row was changed by somebody else between reading and writing it."""


class KeyringInvalid(SecurityError):
    """A key file is not what it should be; the message names the entry."""
