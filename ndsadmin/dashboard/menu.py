"""The sidebar, as data.

An item is shown where its reader may see what it leads to; a section without items is absent. Table sections
follow from the models: a new table needs no line here.
"""

from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse

from ndsadmin.tables.addresses import capital, list_address
from security.contract import ContractTable
from security.roles import Role, Verb, is_platform, may


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    address: str
    about: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: str
    icon: str
    items: tuple[Item, ...]
    is_tables: bool = True


TABLE_SECTIONS = (
    # app, title, icon
    ("tenants", "Tenants", "building"),
    ("content", "Content", "pen"),
    ("publishing", "Publishing", "send"),
    ("analytics", "Analytics", "chart"),
    ("security", "Security", "shield"),
)


def sections_for(role: Role | None) -> list[Section]:
    """What ``role`` finds in the sidebar, from top to bottom. No query."""
    overview = Section("overview", "Overview", "home", (Item("Dashboard", reverse("home")),), is_tables=False)
    tables = [
        Section(app, title, icon, tuple(_tables(app, role))) for app, title, icon in TABLE_SECTIONS if _tables(app, role)
    ]
    return [overview, *tables] if is_platform(role) else []


def _tables(app: str, role: Role | None) -> list[Item]:
    return [
        Item(
            title=capital(str(model._meta.verbose_name_plural)),
            address=list_address(model),
            about=(model.__doc__ or "").split("\n")[0],
            table=model._meta.db_table,
        )
        for model in apps.get_app_config(app).get_models()
        if issubclass(model, ContractTable) and may(role, Verb.VIEW, model._meta.db_table)
    ]

