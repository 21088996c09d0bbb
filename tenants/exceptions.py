"""What can go wrong with tenants and people."""

from security.exceptions import SecurityError


class TenantsError(SecurityError):
    """Base of this app's errors."""


class PlatformUntouchable(TenantsError):
    """The tenant ``platform`` is always active: without it nobody could sign in."""


class PersonExists(TenantsError):
    """The address belongs to a person of that tenant already."""


class PasswordUnfit(TenantsError):
    """A password that may not be set; the message says why."""


class ProofRefused(TenantsError):
    """Somebody did not prove to be who he is signed in as."""


class BrandRefused(TenantsError):
    """A brand profile that cannot be saved; the message names the field and what is expected."""


class NotEntered(TenantsError):
    """A tenant was not entered; the message names the field and what is expected."""
