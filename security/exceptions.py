"""What can go wrong in security."""


class SecurityError(Exception):
    """Base of this app's errors."""


class NotRecorded(SecurityError):
    """A change was to be audited outside the transaction that makes it."""


class RowChanged(SecurityError):
    """The row was changed by somebody else between reading and writing it."""


class Guarded(SecurityError):
    """A field that decides power was to be written with the rest of a row."""


class KeyringInvalid(SecurityError):
    """A key file is not what it should be; the message names the entry."""


class Unreadable(SecurityError):
    """A ciphertext that does not open; the message says why, to people."""


class NoDataKey(Unreadable):
    """The tenant has no data key of that version, or one that was destroyed."""


class KeyRefused(SecurityError):
    """Something that may not be done to a key; the message says why."""


class ProviderFailed(Unreadable):
    """What holds the keys that wrap data keys did not answer, or refused."""


class NoScope(SecurityError):
    """Something asked for rows, or who acts, where no scope is open."""


class ScopeRefused(SecurityError):
    """A scope may not be opened here: of another tenant, or of the platform by somebody who is not of it."""


class Refused(SecurityError):
    """A statement that cannot be confined to the scope in force; nothing of it was done."""


class RowViolation(SecurityError):
    """A row to be written would be, or points at, another tenant's."""


class ViewRefused(SecurityError):
    """A saved view that cannot be kept or deleted; the message names the field."""


class ReviewRefused(SecurityError):
    """A review that cannot be made; the message names the field."""


class SchemaUnsafe(SecurityError):
    """The live schema holds something that isolation cannot answer for."""
