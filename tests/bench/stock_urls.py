"""A stock admin site with one table, which everybody who is signed in may see."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.urls import path

from security.models import AuditLog
from tests.bench.stock import SHOWN


class Open(AdminSite):
    def has_permission(self, request):
        return True


class Table(ModelAdmin):
    list_display = SHOWN
    list_select_related = ("tenant", "user")
    list_per_page = 50
    ordering = ("-log_id",)

    def has_view_permission(self, request, obj=None):
        return True

    has_change_permission = has_add_permission = has_delete_permission = has_module_permission = has_view_permission


site = Open(name="admin")
site.register(AuditLog, Table)
urlpatterns = [path("admin/", site.urls)]
