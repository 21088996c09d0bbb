from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from security.modeladmin import TableAdmin
from security.roles import PLATFORM_TENANT
from security.services.rows import Values
from tenants.forms import TenantForm
from tenants.models import BrandProfile, Tenant, User
from tenants.services.tenants import change_tenant


@admin.register(Tenant)
class TenantAdmin(TableAdmin):
    filled_by = "A tenant appears here when an operator creates one or a pipeline database is imported."
    list_display = ("name", "tenant_id", "region", "tier", "status", "subscription_status", "created_at")
    form = TenantForm
    fields = ("name", "tier", "subscription_status", "stripe_customer_id", "settings")
    reason_required = True

    def listed(self) -> "QuerySet[Any]":
        return super().listed().exclude(pk=PLATFORM_TENANT)  # which is no tenant to anybody (domain.md)

    def store_change(self, row: Any, *, before: Values, reason: str | None) -> None:
        change_tenant(row, before=before, reason=reason or "")


@admin.register(User)
class UserAdmin(TableAdmin):
    filled_by = "People appear here when they are invited to a tenant or come with an import."
    list_display = ("email", "full_name", "tenant", "role", "status", "mfa_enabled", "last_login_at", "created_at")
    fields = ("full_name",)


@admin.register(BrandProfile)
class BrandProfileAdmin(TableAdmin):
    filled_by = "A profile appears here when a tenant describes its brand."
    list_display = ("tenant", "palette", "encryption_version", "kms_key_id", "updated_at")
