from tenants.models.brand import BrandProfile
from tenants.models.grant import Grant
from tenants.models.invitation import EmailChange, Invitation
from tenants.models.preference import Preference
from tenants.models.tenant import Tenant
from tenants.models.user import User

__all__ = ["BrandProfile", "EmailChange", "Grant", "Invitation", "Preference", "Tenant", "User"]
