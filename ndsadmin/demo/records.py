"""The trail: who did what, cases, keys, and the newest entries' places in Merkle logs."""

import datetime as dt
from typing import Any

from content.models import BrandKnowledgeEntry, ContentTemplate, Skill
from ndsadmin.demo.sealing import seal
from ndsadmin.demo.world import World
from publishing.models import PublishedPost, SocialAccount
from security.crypto import envelope
from security.crypto.envelope import KEY, SALT, Place
from security.enums import CaseKind, KeyProvider, KeyPurpose, KeyState
from security.models import AuditLog, ComplianceCase, SharingEvent, TenantKey
from tenants.models import BrandProfile, Tenant, User

BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64)",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5)",
    "Mozilla/5.0 (Windows NT 10.0)",
)
ROTATION = 90  # days (domain.md, Secrets)
DUE = 96  # days since one tenant's key was made


def make_records(world: World) -> None:
    _make_keys(world)
    _make_audit(world)
    _make_cases(world)
    seal(world)


def _make_audit(world: World) -> None:
    chance = world.chance
    for post in world.of(PublishedPost):
        author = next(p for house in world.houses for p in house.people if p.pk == post.published_by_id)
        note = {"platform": post.platform, "characters": len(post.text)}
        is_done = post.status != "failed"
        error = None if is_done else "The platform answered 503."
        _entry(world, author, "create_post", "post", post.pk, post.published_at, note, error=error)
    closed = {house.tenant.pk for house in world.houses if house.tenant.status != "active"}
    for person in world.of(User):
        if person.status != "active":
            continue
        days = world.days[:-21] if person.tenant_id in closed else world.days
        for day in days[:: chance.randrange(1, 5)]:
            if chance.random() < 0.5:
                time, refused = world.moment(day), chance.random() < 0.03
                error = "The password is wrong." if refused else None
                _entry(world, person, "login", "user", person.pk, time, None, error=error)
    _make_changes(world)
    _make_sensitive(world)


def _make_sensitive(world: World) -> None:
    """What somebody has to look at: sign-ins refused in a row, a role raised, an export."""
    operator = world.of(User)[0]
    for place, house in enumerate(world.houses[:4]):
        who = next(person for person in reversed(house.people) if person.status == "active")
        day = world.days[-2 - place]
        time = world.moment(day)
        if place % 2:
            for attempt in range(6):
                at = time + dt.timedelta(seconds=40 * attempt)
                _entry(world, who, "login", "user", who.pk, at, None, error="The password is wrong.")
        else:
            raised = {"changes": {"role": ["member", "admin"]}, "reason": "Stands in for the owner."}
            _entry(world, house.owner, "update_user", "user", who.pk, time, raised)
    note = {"state": "ended", "rows": 412, "format": "csv", "reason": "Quarterly report"}
    time = world.moment(world.days[-3])
    _entry(world, operator, "export_rows", "published_posts", None, time, note, tenant=world.houses[0].tenant.pk)


def _make_changes(world: World) -> None:
    """Settings, templates, knowledge, keys and skills, each a few times."""
    owners = {house.tenant.pk: house.owner for house in world.houses}
    changed: tuple[tuple[str, str, list[Any], dict[str, Any]], ...] = (
        ("update_brand_profile", "brand_profile", world.of(BrandProfile), {"palette": [["#0b6153"], ["#12355b"]]}),
        ("update_content_template", "content_template", world.of(ContentTemplate), {"name": ["Story", "Our story"]}),
        ("update_knowledge_entry", "brand_knowledge_entry", world.of(BrandKnowledgeEntry), {"title": ["FAQ", "Asked"]}),
        ("connect_account", "social_account", world.of(SocialAccount), {"status": ["expired", "active"]}),
    )  # fmt: skip
    for action, kind, rows, changes in changed:
        for row in rows[::2]:
            day = world.chance.choice(world.days)
            _entry(world, owners[row.tenant_id], action, kind, str(row.pk), world.moment(day), {"changes": changes})
    operator = world.of(User)[0]
    for skill in world.of(Skill)[:6]:
        note = {"changes": {"status": ["testing", skill.status]}, "reason": "Its numbers held for a month."}
        _entry(world, operator, "update_skill", "skill", skill.pk, world.moment(world.chance.choice(world.days)), note)
    for key in world.of(TenantKey):
        if key.state == KeyState.ACTIVE and isinstance(key.created_at, dt.datetime):
            turned: dict[str, Any] = {"version": key.version}
            owner, kek = key.tenant_id, key.kek_ref
            _entry(world, operator, "rotate_keys", "tenant_key", kek, key.created_at, turned, tenant=owner)
    for event in world.of(SharingEvent):
        assert isinstance(event.timestamp, dt.datetime)
        verb = str(event.action).split("_", maxsplit=1)[0]
        note = {"reason": event.reason}
        _entry(world, operator, f"{verb}_skill", "skill", event.skill_id, event.timestamp, note, tenant=event.tenant_id)


def _entry(
    world: World, person: User, action: str, kind: str, key: str | None, time: dt.datetime, note: dict[str, Any] | None,
    *, error: str | None = None, tenant: str | None = None,
) -> None:  # fmt: skip
    world.add(
        AuditLog(
            log_id=world.key(),
            tenant_id=tenant or person.tenant_id,
            user=person,
            action=action,
            resource_type=kind,
            resource_id=key,
            ip_address=f"203.0.113.{world.chance.randrange(2, 250)}",
            user_agent=world.chance.choice(BROWSERS),
            request_id=world.key(),
            metadata=note,
            success=error is None,
            error_message=error,
            timestamp=time,
        )
    )


def _make_keys(world: World) -> None:
    """Two versions of each tenant's data key, the first only to decrypt, wrapped under the tenant's key. One is due."""
    for place, tenant in enumerate(world.of(Tenant)):
        turned = world.ago(days=DUE if place == 3 else world.chance.randrange(3, 80))
        wrapping = world.keys.setdefault(tenant.kms_key_id, world.secrets.randbytes(KEY))
        for version, key in ((1, wrapping), (2, world.data_key(tenant.pk))):
            created = turned if version == 2 else turned - dt.timedelta(days=ROTATION)
            cell = Place(tenant.pk, "tenant_keys", KeyPurpose.DATA, str(version))
            world.add(
                TenantKey(
                    tenant=tenant,
                    purpose=KeyPurpose.DATA,
                    version=version,
                    provider=KeyProvider.LOCAL,
                    kek_ref=tenant.kms_key_id,
                    wrapped_key=envelope.seal(wrapping, 1, key, cell, salt=world.secrets.randbytes(SALT)),
                    state=KeyState.ACTIVE if version == 2 else KeyState.DECRYPT_ONLY,
                    created_at=created,
                    rotates_at=created + dt.timedelta(days=ROTATION),
                    retired_at=turned if version == 1 else None,
                )
            )


def _make_cases(world: World) -> None:
    """Open: an access request due soon, an erasure in its grace, a hold, a breach whose clock runs. And two closed."""
    hour = dt.timedelta(hours=1)
    cases = (
        (0, CaseKind.ACCESS, "open", world.ago(days=24), dt.timedelta(days=30), None, "former employee"),
        (1, CaseKind.ERASURE, "grace", world.ago(days=11), dt.timedelta(days=30), None, "customer 4411"),
        (2, CaseKind.HOLD, "active", world.ago(days=50), None, None, "correspondence with a supplier"),
        (3, CaseKind.BREACH, "open", world.ago(hours=20), 72 * hour, None, "a lost telephone"),
        (0, CaseKind.RECTIFICATION, "closed", world.ago(days=61), dt.timedelta(days=30), world.ago(days=48), "name"),
        (4, CaseKind.PORTABILITY, "closed", world.ago(days=40), dt.timedelta(days=30), world.ago(days=33), "posts"),
    )
    for place, kind, state, opened, term, closed, subject in cases:
        house = world.houses[place % len(world.houses)]
        world.add(
            ComplianceCase(
                case_id=world.key(),
                tenant=house.tenant,
                kind=kind,
                subject_ref=subject,
                state=state,
                opened_at=opened,
                aware_at=opened,
                due_at=opened + term if term else None,
                grace_until=opened + dt.timedelta(days=30) if kind is CaseKind.ERASURE else None,
                requested_by=house.owner.email,
                outcome={"done": True} if closed else None,
                closed_at=closed,
            )
        )
