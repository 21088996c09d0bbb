from itertools import count

from security.models import ApiKey, AuditCheckpoint, AuditLog, AuditSeal, ComplianceCase, SharingEvent, TenantKey
from security.services.keys import create_key, rotate_key
from tests.arranging import arranging, made
from tests.factories.content import skill
from tests.factories.tenants import person, tenant

_numbers = count(1)


def api_key(**given) -> ApiKey:
    who = person()
    values = {"key_prefix": f"nds_{next(_numbers)}", "key_hash": "$2b$10$x", "scopes": []}
    return made(ApiKey, tenant=who.tenant, user=who, **{**values, **given})


def audit_entry(**given) -> AuditLog:
    who = person()
    return made(AuditLog, tenant=who.tenant, user=who, action="create_post", resource_type="post", **given)


def sharing_event(**given) -> SharingEvent:
    values = {"action": "promote_to_global", "actor": "system_auto", "reason": "It does well."}
    return made(SharingEvent, tenant=tenant(), skill=skill(), **{**values, **given})


def audit_seal(**given) -> AuditSeal:
    return made(AuditSeal, origin="log", seq=next(_numbers), log=audit_entry(), leaf="x", **given)


def audit_checkpoint(**given) -> AuditCheckpoint:
    size = next(_numbers)
    values = {"origin": "log", "tree_size": size, "prev_size": size - 1, "root": "x", "frontier": [], "note": "x"}
    return made(AuditCheckpoint, **{**values, **given})


def tenant_key(**given) -> TenantKey:
    values = {"purpose": "data", "version": 1, "provider": "local", "kek_ref": "x", "state": "active"}
    return made(TenantKey, tenant=tenant(), wrapped_key=b"x", **{**values, **given})


def compliance_case(**given) -> ComplianceCase:
    return made(ComplianceCase, tenant=tenant(), kind="access", state="open", **given)


def keyed(owner, *, versions: int = 1):
    """``owner``, a tenant, with data keys of its own in the test's keyring; the newest is active."""
    with arranging():
        create_key(owner.pk, owner.kms_key_id)
        for _ in range(versions - 1):
            rotate_key(owner.pk)
    return owner
