from tenants.models.brand import BrandProfile
from tenants.models.tenant import Tenant
from tenants.models.user import User

__all__ = ["BrandProfile", "Tenant", "User"]
