from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NdsAdminConfig(AppConfig):
    """The project itself: commands, pages and wiring."""

    name = "ndsadmin"


class SiteConfig(AdminConfig):
    """Django's admin under our own site."""

    default_site = "ndsadmin.site.Site"
