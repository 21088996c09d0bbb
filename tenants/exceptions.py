"""What can go wrong with tenants and people."""

from security.exceptions import SecurityError


class TenantsError(SecurityError):
    """Base of this app's errors."""


class PlatformUntouchable(TenantsError):
    """The tenant ``platform`` is always active: without it nobody could sign in."""


class OtherRegion(TenantsError):
    """A tenant of a region that this cell does not serve."""


class TenantRefused(TenantsError):
    """A tenant that cannot be made or changed so; the message names the field and what is expected."""


class PersonExists(TenantsError):
    """The address belongs to a person of that tenant already."""


class NotManaged(TenantsError):
    """Who acts may not do that with this person, or with this role."""


class OutOfReach(NotManaged):
    """The role of who acts does not reach that far: an attempt that the audit trail knows of."""


class LastOwner(TenantsError):
    """A tenant keeps an active owner."""


class PersonChanged(TenantsError):
    """The person is not any more what was seen: changed by somebody else, or gone."""


class InvitationRefused(TenantsError):
    """An invitation that cannot be made, or that does not hold."""


class MailOff(TenantsError):
    """This installation sends no mail, and what was asked for needs it."""


class PasswordUnfit(TenantsError):
    """A password that may not be set; the message says why."""


class ProofRefused(TenantsError):
    """Somebody did not prove to be who he is signed in as."""


class AccountRefused(TenantsError):
    """A change of one's own account that cannot be made; the message names the field and what is expected."""


class GrantRefused(TenantsError):
    """A single grant that cannot be made; the message names the field and what is expected."""


class LookingRefused(TenantsError):
    """Nobody may be looked as here; the message says why."""


class BrandRefused(TenantsError):
    """A brand profile that cannot be saved; the message names the field and what is expected."""


class NotEntered(TenantsError):
    """A tenant was not entered; the message names the field and what is expected."""
