"""The sidebar, as data.

An item is shown where its reader may see what it leads to; a section without items is absent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
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
    about: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: str
    icon: str
    items: tuple[Item, ...]
    is_tables: bool = True

    @property
    def addresses(self) -> list[str]:
        return [item.address for item in self.items]


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


def sections_for(role: Role | None) -> list[Section]:
    """What ``role`` finds in the sidebar, from top to bottom. No query."""
    return _sections_for(role, is_pinned(), get_script_prefix())


def is_pinned() -> bool:
    """Whether who acts is in one tenant: what is the platform's alone is not there."""
    scope = scope_or_none()
    return scope is not None and scope.reach is Reach.TENANT


@cache
def _sections_for(role: Role | None, pinned: bool, prefix: str) -> list[Section]:
    """Put together once for each place that the dashboard is served under."""
    if role is None:
        return []
    overview = Section("overview", "Overview", "home", (Item("Dashboard", reverse("home")),), is_tables=False)
    trail = Section("audit", "Audit trail", "shield", tuple(_trail(role, pinned)), is_tables=False)
    operations = Section("operations", "Operations", "shield", tuple(_operations(role, pinned)), is_tables=False)
    look = Section("look", "Brand", "pen", tuple(_look(role, pinned)), is_tables=False)
    patterns = Section("skills", "Skills", "layers", tuple(_skills(role, pinned)), is_tables=False)
    tokens = Section("accounts", "Accounts", "send", tuple(_accounts(role)), is_tables=False)
    own = [section for section in (overview, *_people(role, pinned), look, patterns, tokens, trail) if section.items]
    return [*own, *table_sections(role, pinned=pinned), *([operations] if operations.items else [])]


def _people(role: Role, pinned: bool) -> Iterator[Section]:
    """Tenants, where there are several; who belongs to this one, and how it is set up."""
    if is_platform(role) and not pinned:
        yield Section("houses", "All tenants", "building", (Item("All tenants", reverse("tenants")),), is_tables=False)
    if may(role, Verb.VIEW, "people"):
        yield Section("persons", "Persons", "people", (Item("People", reverse("people")),), is_tables=False)
    if may(role, Verb.VIEW, "settings") and (pinned or not is_platform(role)):
        yield Section("settings", "Settings", "gear", (Item("Settings", reverse("settings")),), is_tables=False)


def _operations(role: Role, pinned: bool) -> Iterator[Item]:
    if may(role, Verb.CHANGE, "tenant_keys") and not pinned:
        yield Item("Keys", reverse("keys"))
    if may(role, Verb.VIEW, "statements"):
        yield Item("Statements", reverse("statements"))


def _look(role: Role, pinned: bool) -> Iterator[Item]:
    if may(role, Verb.VIEW, "brand_profiles") and (pinned or not is_platform(role)):
        yield Item("Brand", reverse("brand"))


def _skills(role: Role, pinned: bool) -> Iterator[Item]:
    if may(role, Verb.VIEW, "skills"):
        yield Item("Skill library", reverse("skills"))
    if may(role, Verb.VIEW, "skill review") and not pinned:
        yield Item("Skill review", reverse("skill-reviews"))
    if may(role, Verb.VIEW, "guard_results"):
        yield Item("Guards", reverse("guards"))


def _accounts(role: Role) -> Iterator[Item]:
    if may(role, Verb.VIEW, "social_accounts"):
        yield Item("Accounts", reverse("accounts"))


def _trail(role: Role, pinned: bool) -> Iterator[Item]:
    if reads_trail(role):
        yield Item("Audit trail", reverse("audit"))
    if may(role, Verb.VIEW, "audit findings") and not pinned:
        yield Item("Review", reverse("audit-review"))


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
