"""The sidebar, as data.

An item is shown where its reader may see what it leads to; a group of tables without one is absent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.apps import apps
from django.urls import get_script_prefix, reverse

from ndsadmin.tables.addresses import list_address
from ndsadmin.tables.names import about, plural
from security.rls.policies import Closed
from security.roles import Role, Verb, is_platform, may, reads_trail
from security.scope import Reach, scope_or_none


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    address: str
    icon: str = ""
    about: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Tables of one app."""

    slug: str
    title: str
    icon: str
    items: tuple[Item, ...]

    @property
    def addresses(self) -> list[str]:
        return [item.address for item in self.items]


@dataclass(frozen=True, slots=True)
class Menu:
    """Pages that answer a question, and beneath them the tables as they are."""

    pages: tuple[Item, ...] = ()
    tables: tuple[Section, ...] = ()


class Where(StrEnum):
    """Where a page has something to show."""

    ANYWHERE = "anywhere"
    TENANT = "tenant"  # in one
    PLATFORM = "platform"  # over all of them


@dataclass(frozen=True, slots=True)
class Page:
    """``resource`` and ``verb`` say who may see it; without a resource everybody does."""

    title: str
    route: str
    icon: str
    resource: str = ""
    verb: Verb = Verb.VIEW
    where: Where = Where.ANYWHERE


PAGES = (
    Page("Dashboard", "home", "home"),
    Page("Tenants", "tenants", "building", "tenants", where=Where.PLATFORM),
    Page("People", "people", "people", "people"),
    Page("Settings", "settings", "gear", "settings", where=Where.TENANT),
    Page("Brand", "brand", "swatch", "brand_profiles", where=Where.TENANT),
    Page("Skills", "skills", "layers", "skills"),
    Page("Skill review", "skill-reviews", "up", "skill review", where=Where.PLATFORM),
    Page("Guards", "guards", "check", "guard_results"),
    Page("Accounts", "accounts", "send", "social_accounts"),
    Page("Audit trail", "audit", "shield"),
    Page("Audit review", "audit-review", "flag", "audit findings", where=Where.PLATFORM),
    Page("Keys", "keys", "key", "tenant_keys", Verb.CHANGE, where=Where.PLATFORM),
    Page("Statements", "statements", "code", "statements"),
)
TABLE_SECTIONS = (
    # app, title, icon, models in reading order
    ("tenants", "Tenants", "building", ("tenant", "user", "brandprofile")),
    (
        "content",
        "Content",
        "pen",
        (
            "generatedcontent",
            "contenttemplate",
            "postconfiguration",
            "brandknowledgeentry",
            "revisionevent",
            "guardresult",
            "skill",
            "skillversion",
            "skillmetricsdaily",
            "skillembedding",
        ),
    ),
    ("publishing", "Publishing", "send", ("publishedpost", "socialaccount", "ratelimit")),
    (
        "analytics",
        "Analytics",
        "chart",
        (
            "postanalytics",
            "performancebenchmark",
            "abtest",
            "conversion",
            "analyticssyncerror",
            "tenantmetricsdaily",
            "guardmetricsdaily",
        ),
    ),
    (
        "security",
        "Security",
        "shield",
        ("auditlog", "sharingevent", "compliancecase", "apikey", "tenantkey", "auditseal", "auditcheckpoint"),
    ),
)


def menu_for(role: Role | None) -> Menu:
    """What ``role`` finds in the sidebar, from top to bottom. No query."""
    return _menu_for(role, is_pinned(), get_script_prefix())


def is_pinned() -> bool:
    """Whether who acts is in one tenant: what is the platform's alone is not there."""
    scope = scope_or_none()
    return scope is not None and scope.reach is Reach.TENANT


@cache
def _menu_for(role: Role | None, pinned: bool, prefix: str) -> Menu:
    """Put together once for each place that the dashboard is served under."""
    if role is None:
        return Menu()
    place = Where.TENANT if pinned or not is_platform(role) else Where.PLATFORM
    pages = [page for page in PAGES if page.where in (Where.ANYWHERE, place) and _shows(role, page)]
    return Menu(
        tuple(Item(page.title, reverse(page.route), page.icon) for page in pages),
        tuple(table_sections(role, pinned=pinned)),
    )


def _shows(role: Role, page: Page) -> bool:
    return reads_trail(role) if page.route == "audit" else not page.resource or may(role, page.verb, page.resource)


def table_sections(role: Role | None, *, pinned: bool) -> list[Section]:
    """The sections of the tables that ``role`` may see, in a tenant where ``pinned``. No query."""
    return [
        Section(app, title, icon, items)
        for app, title, icon, names in TABLE_SECTIONS
        if (items := tuple(_items(app, names, role, pinned)))
    ]


def _items(app: str, names: tuple[str, ...], role: Role | None, pinned: bool) -> Iterator[Item]:
    for name in names:
        model = apps.get_model(app, name)
        if may(role, Verb.VIEW, model._meta.db_table) and not (pinned and isinstance(model.rls, Closed)):
            yield Item(
                title=plural(model),
                address=list_address(model),
                about=about(model),
                table=model._meta.db_table,
            )
