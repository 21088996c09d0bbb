"""Who may do what: one matrix, as data. Views, tables and services ask this and nothing else.

Rules (domain.md, Tenants, people, roles):

- A role follows from the tenant and the role stored for the person. People of the tenant ``platform`` run the
  platform: its owners and admins are operators, its viewers auditors, its members support.
- A verb on a resource is allowed where the matrix names it; what it does not name is refused. A resource is a table,
  or one of `PAGES`: what is no row of any.
- The matrix says what somebody may do where he acts. Whether a row is there is row-level security's to say, and
  `tenants.authentication` asks that a row which is to be changed belongs to the person's own tenant.
- A column that a role does not see is not in any answer: not in a list, a detail, a filter, a form or a label.
- Secret columns (`security.columns.column.Column.secret`) are shown to nobody.

    may(Role.SUPPORT, Verb.VIEW, "users")          -> True
    hidden_columns(Role.SUPPORT, "published_posts") -> {"text", "hashtags", …}
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

PLATFORM_TENANT = "platform"


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    SUPPORT = "support"


class Verb(StrEnum):
    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    PUBLISH = "publish"  # put into use, or take out of it
    SHARE = "share"  # with one person, a single grant
    EXPORT = "export"  # many rows at once, as a file
    REVEAL = "reveal"  # the value of a secret
    ENTER = "enter"  # work in a tenant for a while
    IMPERSONATE = "impersonate"  # look at the dashboard as somebody
    SIGN_OFF = "sign_off"


PLATFORM_ROLES: Mapping[str, Role] = MappingProxyType(
    {"owner": Role.OPERATOR, "admin": Role.OPERATOR, "viewer": Role.AUDITOR, "member": Role.SUPPORT}
)

SHELVES = frozenset({"content_templates", "post_configurations", "brand_knowledge_entries"})
"""What people of a tenant write for the pipeline."""
_WORK = SHELVES | {
    "generated_content",
    "revision_events",
    "guard_results",
    "brand_profiles",
    "skills",
    "skill_versions",
    "social_accounts",
    "published_posts",
    "rate_limits",
    "post_analytics",
    "performance_benchmarks",
    "ab_tests",
    "conversions",
    "analytics_sync_errors",
    "tenant_metrics_daily",
    "guard_metrics_daily",
}
_OWN_ACCOUNT = frozenset({"tenants", "users", "api_keys", "audit_logs", "sharing_events", "compliance_cases"})
_PLATFORM_ONLY = frozenset({
    "skill_embeddings",
    "skill_metrics_daily",
    "tenant_keys",
    "audit_seals",
    "audit_checkpoints",
})  # fmt: skip
EVERY_TABLE = _WORK | _OWN_ACCOUNT | _PLATFORM_ONLY
_SUPPORTED = frozenset({
    "tenants",
    "users",
    "social_accounts",
    "published_posts",
    "rate_limits",
    "analytics_sync_errors",
})  # fmt: skip

PAGES: Mapping[str, str] = MappingProxyType({
    "own account": "Name, time zone, theme, password, e-mail address, sessions",
    "own audit entries": "What one did oneself, in the audit trail",
    "audit findings": "Sensitive entries of the trail that are to be settled",
    "audit periods": "Days and weeks of the trail that are signed off",
    "audit views": "Saved queries that all see who read the same trail",
    "people": "Who belongs to the tenant: invitations, roles, suspension, sessions",
    "settings": "Name, time zone, cost per post, consents; plan and use",
    "billing": "Subscription and customer number",
    "skill review": "Private skills that are to become everybody's: proposals, pilots, decisions",
    "statements": "What row-level security makes of a statement",
})  # fmt: skip
"""Resources that are no table, with what they are."""
RESOURCES = EVERY_TABLE | PAGES.keys()

_EVERYBODY = frozenset({"own account"})
_TOKENS = frozenset({"social_accounts"})
# An operator mends what a tenant asks him to mend; tokens, keys, people and promotions have pages of their own.
_MENDED = SHELVES | {"tenants", "users", "people", "skills", "analytics_sync_errors", "social_accounts", "tenant_keys"}
_SHARED = SHELVES | {"skills", "brand_profiles"}
_BRAND = frozenset({"palette", "typography", "logo_rules", "lexicon", "messaging"})

_ADMIN: Mapping[Verb, frozenset[str]] = {
    Verb.VIEW: _WORK | _OWN_ACCOUNT | _EVERYBODY | {"people", "settings"},
    Verb.ADD: SHELVES | {"people"},
    Verb.CHANGE: SHELVES | _TOKENS | _EVERYBODY | {"brand_profiles", "skills", "people", "settings"},
    Verb.PUBLISH: SHELVES | {"skills"},
    Verb.SHARE: _SHARED | {"audit views"},
    Verb.EXPORT: _WORK | _OWN_ACCOUNT,
    Verb.REVEAL: _TOKENS,
}

MATRIX: Mapping[Role, Mapping[Verb, frozenset[str]]] = MappingProxyType(
    {
        Role.OWNER: {**_ADMIN, Verb.VIEW: _ADMIN[Verb.VIEW] | {"billing"}},
        Role.ADMIN: _ADMIN,
        Role.MEMBER: {
            Verb.VIEW: _WORK | _EVERYBODY | {"own audit entries"},
            Verb.ADD: SHELVES,
            Verb.CHANGE: SHELVES | _EVERYBODY,
            Verb.PUBLISH: SHELVES,
        },
        Role.VIEWER: {Verb.VIEW: _WORK | _EVERYBODY, Verb.CHANGE: _EVERYBODY},
        Role.OPERATOR: {
            Verb.VIEW: RESOURCES - {"own audit entries"},
            Verb.ADD: SHELVES | {"tenants", "people", "audit findings"},
            Verb.CHANGE: _MENDED | _EVERYBODY | {"settings", "skill review"},
            Verb.PUBLISH: SHELVES | {"skills"},
            Verb.SHARE: frozenset({"audit views"}),
            Verb.EXPORT: EVERY_TABLE,
            Verb.REVEAL: _TOKENS,
            Verb.ENTER: frozenset({"tenants"}),
            Verb.IMPERSONATE: frozenset({"users"}),
        },
        Role.AUDITOR: {
            Verb.VIEW: RESOURCES - {"own audit entries", "statements", "settings"},
            Verb.ADD: frozenset({"audit findings"}),
            Verb.CHANGE: _EVERYBODY,
            Verb.SHARE: frozenset({"audit views"}),
            Verb.EXPORT: EVERY_TABLE,
            Verb.ENTER: frozenset({"tenants"}),
            Verb.SIGN_OFF: frozenset({"audit periods"}),
        },
        Role.SUPPORT: {
            Verb.VIEW: _SUPPORTED | _EVERYBODY | {"people"},
            Verb.CHANGE: _EVERYBODY,
            Verb.EXPORT: _SUPPORTED,
            Verb.ENTER: frozenset({"tenants"}),
        },
    }
)

# Support sees that a post exists and how it fared, not what it says. A brand is its tenant's: the platform sees how it
# is made up. Which key wraps a tenant's is the platform's; what a tenant pays, its owners'.
_KEYS = frozenset({"kms_key_id"})
_BILLING = frozenset({"stripe_customer_id", "subscription_status"})
_OF_PLATFORM = {"brand_profiles": _BRAND}
_OF_TENANT = {"tenants": _KEYS | _BILLING, "brand_profiles": _KEYS}
HIDDEN: Mapping[Role, Mapping[str, frozenset[str]]] = MappingProxyType({
    Role.OPERATOR: _OF_PLATFORM,
    Role.AUDITOR: _OF_PLATFORM,
    Role.OWNER: {**_OF_TENANT, "tenants": _KEYS},
    **dict.fromkeys((Role.ADMIN, Role.MEMBER, Role.VIEWER), _OF_TENANT),
    Role.SUPPORT: {
        "tenants": frozenset({"kms_key_id", "stripe_customer_id", "settings"}),
        "users": frozenset({"oauth_sub"}),
        "published_posts": frozenset({
            "text", "hashtags", "image_url", "video_url", "platform_post_url", "generation_metadata", "utm_params",
        }),
        "analytics_sync_errors": frozenset({"error_stack"}),
    },
})  # fmt: skip

# Shown from the @ on.
MASKED: Mapping[Role, Mapping[str, frozenset[str]]] = MappingProxyType({Role.SUPPORT: {"users": frozenset({"email"})}})

RANK: Mapping[str, int] = MappingProxyType({"viewer": 1, "member": 2, "admin": 3, "owner": 4})
"""How much the stored roles may, to compare two of them."""
PLATFORM_RANK: Mapping[str, int] = MappingProxyType({"member": 1, "viewer": 2, "admin": 3, "owner": 3})
"""The same for people of the platform: support, auditors, operators."""


def managers(tenant_id: str) -> frozenset[str]:
    """The stored roles that manage the people of a tenant, as far as theirs reaches; of the platform its owners."""
    return frozenset({"owner"}) if tenant_id == PLATFORM_TENANT else frozenset({"owner", "admin"})


def role_of(tenant_id: str, stored: str) -> Role | None:
    """The role of a person of ``tenant_id`` for whom the database says ``stored``; None where it is unknown."""
    if tenant_id == PLATFORM_TENANT:
        return PLATFORM_ROLES.get(stored)
    return Role(stored) if stored in {Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER} else None


def may(role: Role | None, verb: Verb, resource: str) -> bool:
    """Whether the matrix allows ``role`` to do ``verb`` on ``resource``; nobody without a role may do anything."""
    return role is not None and resource in MATRIX[role].get(verb, frozenset())


def reads_trail(role: Role | None) -> bool:
    """Whether ``role`` reads the audit trail at all: all of it that is in reach, or its own entries."""
    return may(role, Verb.VIEW, "audit_logs") or reads_own_entries(role)


def reads_own_entries(role: Role | None) -> bool:
    """Whether ``role`` reads its own entries of the audit trail, and no other."""
    return may(role, Verb.VIEW, "own audit entries")


def hidden_columns(role: Role | None, table: str) -> frozenset[str]:
    """Columns of ``table`` that no answer to ``role`` holds."""
    return HIDDEN.get(role, {}).get(table, frozenset()) if role else frozenset()


def masked_columns(role: Role | None, table: str) -> frozenset[str]:
    """Columns of ``table`` that ``role`` sees in part (e-mail addresses: the domain)."""
    return MASKED.get(role, {}).get(table, frozenset()) if role else frozenset()


def is_platform(role: Role | None) -> bool:
    return role in PLATFORM_ROLES.values()
