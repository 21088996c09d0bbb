"""Who may do what: one matrix, as data.

Rules (domain.md, Tenants, people, roles):

- A role follows from the tenant and the role stored for the person. People of the tenant ``platform`` run the
  platform: its owners and admins are operators, its viewers auditors, its members support.
- A verb on a table is allowed where the matrix names it; what it does not name is refused.
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
    OPERATOR = "operator"
    AUDITOR = "auditor"
    SUPPORT = "support"
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"


class Verb(StrEnum):
    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    EXPORT = "export"  # many rows at once, as a file
    REVEAL = "reveal"  # the value of a secret


PLATFORM_ROLES: Mapping[str, Role] = MappingProxyType(
    {"owner": Role.OPERATOR, "admin": Role.OPERATOR, "viewer": Role.AUDITOR, "member": Role.SUPPORT}
)

_WORK = frozenset({
    "content_templates",
    "generated_content",
    "post_configurations",
    "revision_events",
    "guard_results",
    "brand_knowledge_entries",
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
})  # fmt: skip
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

# An operator mends what a tenant asks him to mend; roles, tokens and promotions have pages of their own.
_MENDED = frozenset({
    "tenants",
    "users",
    "skills",
    "content_templates",
    "post_configurations",
    "brand_knowledge_entries",
    "analytics_sync_errors",
})  # fmt: skip
_ADDED = frozenset({"content_templates", "post_configurations", "brand_knowledge_entries"})
_TOKENS = frozenset({"social_accounts"})
_LED = _TOKENS | {"brand_profiles"}  # what owners and admins look after themselves
_BRAND = frozenset({"palette", "typography", "logo_rules", "lexicon", "messaging"})

OWN_ONLY = frozenset({Role.MEMBER})
"""Who reads his own entries of the audit trail, and no other."""
REVIEWERS = frozenset({Role.AUDITOR, Role.OPERATOR})
"""Who settles what in the trail is sensitive; periods are signed off by auditors alone."""

RANK: Mapping[str, int] = MappingProxyType({"viewer": 1, "member": 2, "admin": 3, "owner": 4})
"""How much the stored roles may, to compare two of them."""
PLATFORM_RANK: Mapping[str, int] = MappingProxyType({"member": 1, "viewer": 2, "admin": 3, "owner": 3})
"""The same for people of the platform: support, auditors, operators."""

_LEADING = {
    Verb.VIEW: _WORK | _OWN_ACCOUNT,
    Verb.CHANGE: _LED,
    Verb.EXPORT: _WORK | _OWN_ACCOUNT,
    Verb.REVEAL: _TOKENS,
}

MATRIX: Mapping[Role, Mapping[Verb, frozenset[str]]] = MappingProxyType(
    {
        Role.OPERATOR: {
            Verb.VIEW: EVERY_TABLE,
            Verb.ADD: _ADDED,
            Verb.CHANGE: _MENDED | _TOKENS,
            Verb.EXPORT: EVERY_TABLE,
            Verb.REVEAL: _TOKENS,
        },
        Role.AUDITOR: {Verb.VIEW: EVERY_TABLE, Verb.EXPORT: EVERY_TABLE},
        Role.SUPPORT: {Verb.VIEW: _SUPPORTED, Verb.EXPORT: _SUPPORTED},
        Role.OWNER: _LEADING,
        Role.ADMIN: _LEADING,
        Role.MEMBER: {Verb.VIEW: _WORK},
        Role.VIEWER: {Verb.VIEW: _WORK},
    }
)

# Support sees that a post exists and how it fared, not what it says. A brand is its tenant's: the platform sees how it
# is made up. Which key wraps a tenant's is the platform's.
_KEYS = frozenset({"kms_key_id"})
_OF_PLATFORM = {"brand_profiles": _BRAND}
_OF_TENANT = {"tenants": _KEYS, "brand_profiles": _KEYS}
HIDDEN: Mapping[Role, Mapping[str, frozenset[str]]] = MappingProxyType({
    Role.OPERATOR: _OF_PLATFORM,
    Role.AUDITOR: _OF_PLATFORM,
    **dict.fromkeys((Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER), _OF_TENANT),
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


def role_of(tenant_id: str, stored: str) -> Role | None:
    """The role of a person of ``tenant_id`` for whom the database says ``stored``; None where it is unknown."""
    if tenant_id == PLATFORM_TENANT:
        return PLATFORM_ROLES.get(stored)
    return Role(stored) if stored in {Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER} else None


def may(role: Role | None, verb: Verb, table: str) -> bool:
    """Whether the matrix allows ``role`` to do ``verb`` on ``table``; nobody without a role may do anything."""
    return role is not None and table in MATRIX[role].get(verb, frozenset())


def reads_trail(role: Role | None) -> bool:
    """Whether ``role`` reads the audit trail at all: all of it that is in reach, or its own entries."""
    return role in OWN_ONLY or may(role, Verb.VIEW, "audit_logs")


def hidden_columns(role: Role | None, table: str) -> frozenset[str]:
    """Columns of ``table`` that no answer to ``role`` holds."""
    return HIDDEN.get(role, {}).get(table, frozenset()) if role else frozenset()


def masked_columns(role: Role | None, table: str) -> frozenset[str]:
    """Columns of ``table`` that ``role`` sees in part (e-mail addresses: the domain)."""
    return MASKED.get(role, {}).get(table, frozenset()) if role else frozenset()


def is_platform(role: Role | None) -> bool:
    return role in PLATFORM_ROLES.values()
