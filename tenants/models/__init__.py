from tenants.models.brand import BrandProfile
from tenants.models.preference import Preference
from tenants.models.tenant import Tenant
from tenants.models.user import User

__all__ = ["BrandProfile", "Preference", "Tenant", "User"]
