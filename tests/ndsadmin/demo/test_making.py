"""The demo: the same each time, believable, and with all that a page needs to be worth looking at."""

import datetime as dt
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from django.db import connection

from analytics.enums import Winner
from analytics.models import AbTest, AnalyticsSyncError, PostAnalytics
from content.models import GeneratedContent, Skill, SkillMetricsDaily, SkillVersion
from content.queries.skills import awaiting_review
from ndsadmin.demo.making import build, make
from ndsadmin.demo.people import PLATFORM_PEOPLE
from publishing.models import RateLimit, SocialAccount
from security.contract import contract_tables
from security.crypto.envelope import version_of
from security.crypto.local import LocalKeyring
from security.models import AuditLog, ComplianceCase
from security.scope import Scope, acting
from security.services import vault as vaults
from tenants.models import BrandProfile, Tenant, User
from tests.left_behind import made_for_a_while

NOW = dt.datetime(2026, 11, 20, 15, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, folder):
    """The whole demo, made once; each test reads it and nobody changes it."""
    with django_db_blocker.unblock(), made_for_a_while(), acting(Scope.of_command("test")):
        yield make(NOW, tenants=12, days=90, folder=folder, progress=lambda *_: None)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_all_thirty_tables_are_filled(demo):
    assert {model._meta.db_table for model in contract_tables() if model.objects.exists()} == {
        model._meta.db_table for model in contract_tables()
    }


def test_there_are_twelve_tenants_and_the_platform_all_of_this_cell(settings):
    tenants = Tenant.objects.exclude(pk="platform")

    assert (tenants.count(), Tenant.objects.filter(pk="platform").count()) == (12, 1)
    assert set(Tenant.objects.values_list("region", flat=True)) == {settings.NDS.region}
    assert Counter(tenants.values_list("status", flat=True)) == {"active": 11, "suspended": 1}


def test_the_people_that_are_promised_are_there():
    platform = set(User.objects.filter(tenant="platform").values_list("email", "role"))
    steel = Counter(User.objects.filter(tenant="tenant_001").values_list("role", flat=True))

    assert platform == {(email, role.value) for email, role, _, _ in PLATFORM_PEOPLE}
    assert Counter(role for _, role in platform) == {"owner": 1, "admin": 1, "viewer": 1, "member": 1}
    assert steel == {"owner": 1, "admin": 1, "member": 2, "viewer": 1}
    assert User.objects.filter(role="owner").exclude(tenant="platform").count() == 12


def test_two_skills_await_review_and_one_nearly_does():
    found = {candidate.name: candidate for candidate in awaiting_review(NOW.date())}
    month = SkillMetricsDaily.objects.filter(date__gt=NOW.date() - dt.timedelta(days=30))
    nearly = sum(month.filter(skill__name="Route Map Card").values_list("uses", flat=True))

    assert set(found) == {"Delivery Timeline", "Rider Portrait"}
    assert 60 <= nearly < 100
    assert [c for c in found.values() if c.defect_rate >= 0.05] == []


@pytest.mark.parametrize(("name", "tenants"), [("Delivery Timeline", 5), ("Route Map Card", 3)])
def test_a_lineage_is_known_to_enough_tenants_or_not(name, tenants):
    """K: at least five distinct tenants in the last thirty days (domain.md, Skills)."""
    lineage = Skill.objects.filter(name__startswith=name)
    used = GeneratedContent.objects.filter(skill__in=lineage, created_at__gt=NOW - dt.timedelta(days=30))

    known = used.values("tenant").distinct().count()
    assert known >= tenants if tenants == 5 else known < 5


def test_a_private_skill_leaks_its_brand_and_the_ripe_one_does_not():
    words = {
        name: " ".join(str(v.prompt_fragments_json) for v in SkillVersion.objects.filter(skill__name__startswith=name))
        for name in ("Rider Portrait", "Delivery Timeline")
    }

    assert "Cobalt Cycles" in words["Rider Portrait"]
    assert not any(tenant.name in words["Delivery Timeline"] for tenant in Tenant.objects.all())


BANDS = {"champion": (0.85, 1.01), "testing": (0.5, 0.7), "failing": (0.0, 0.5)}


def test_success_falls_into_the_band_of_the_status():
    """domain.md, Skills: pass rate weighted by uses over thirty days; global skills, which are used enough."""
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    rows = SkillMetricsDaily.objects.filter(date__gt=NOW.date() - dt.timedelta(days=30), skill__visibility="global")
    for skill, status, uses, rate in rows.values_list("skill", "skill__status", "uses", "pass_rate"):
        sums[skill, status][0] += uses
        sums[skill, status][1] += uses * rate
    for (skill, status), (uses, passed) in sums.items():
        if status in BANDS:
            low, high = BANDS[status]
            assert low <= passed / uses < high, skill


def test_global_skills_are_used_by_five_tenants_and_more():
    used = GeneratedContent.objects.filter(skill__visibility="global").values_list("skill", "tenant").distinct()
    tenants = Counter(skill for skill, _ in used)

    assert sum(number >= 5 for number in tenants.values()) >= 12


def test_something_waits_for_everybody():
    assert SocialAccount.objects.filter(status="expired").count() == 1
    assert SocialAccount.objects.filter(status="error", error_count=3).count() == 1
    assert SocialAccount.objects.filter(status="active", expires_at__lt=NOW + dt.timedelta(days=7)).count() == 2
    assert RateLimit.objects.filter(platform="linkedin", request_count__gte=95).count() == 1
    assert PostAnalytics.objects.filter(is_anomaly=True, z_score__gt=2).exists()
    assert ComplianceCase.objects.filter(closed_at__isnull=True).count() == 4


def test_tests_are_decided_undecided_and_running():
    verdicts = Counter(AbTest.objects.values_list("winner", flat=True))

    assert verdicts[Winner.INCONCLUSIVE] > 0
    assert verdicts[Winner.A] + verdicts[Winner.B] > 0
    assert verdicts[None] > 0
    assert not AbTest.objects.filter(winner__in=["A", "B"], p_value__gt=0.05).exists()
    assert not AbTest.objects.filter(winner="inconclusive", p_value__lte=0.05).exists()


def test_nothing_is_of_the_future_and_no_reference_is_broken():
    for model in contract_tables():
        for field in model._meta.concrete_fields:
            if field.name in {"created_at", "published_at", "timestamp", "synced_at", "tracked_at", "opened_at"}:
                assert not model.objects.filter(**{f"{field.name}__gt": dt.datetime.now(dt.UTC)}).exists(), field
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        assert cursor.fetchall() == []


IMPOSSIBLE = {
    "content before its skill": "SELECT 1 FROM generated_content c JOIN skills s USING (skill_id) "
    "WHERE c.created_at < s.created_at",
    "content before its version": "SELECT 1 FROM generated_content c JOIN skill_versions v USING (skill_version_id) "
    "WHERE c.created_at < v.created_at",
    "content before its tenant": "SELECT 1 FROM generated_content c JOIN tenants t USING (tenant_id) "
    "WHERE c.created_at < t.created_at",
    "posts by viewers or suspended people": "SELECT 1 FROM published_posts p JOIN users u ON user_id = published_by "
    "WHERE u.role = 'viewer' OR u.status <> 'active' OR u.created_at > p.published_at",
    "sign-ins of suspended people": "SELECT 1 FROM audit_logs a JOIN users u USING (user_id) "
    "WHERE a.action = 'login' AND u.status <> 'active'",
    "posts on an expired account": "SELECT 1 FROM published_posts p JOIN social_accounts a USING (account_id) "
    "WHERE a.status = 'expired' AND p.published_at > a.expires_at",
    "failed posts with an address": "SELECT 1 FROM published_posts WHERE status = 'failed' AND platform_post_url <> ''",
    "keys turned at another time": "SELECT 1 FROM tenant_keys k WHERE state = 'active' AND NOT EXISTS (SELECT 1 FROM "
    "audit_logs a WHERE a.action = 'rotate_keys' AND a.tenant_id = k.tenant_id AND a.timestamp = k.created_at)",
    "events nobody recorded": "SELECT 1 FROM sharing_events e WHERE NOT EXISTS (SELECT 1 FROM audit_logs a "
    "WHERE a.resource_id = e.skill_id AND a.timestamp = e.timestamp)",
    "events of nobody": "SELECT 1 FROM sharing_events WHERE actor <> 'system_auto' AND SUBSTR(actor, 7) NOT IN "
    "(SELECT user_id FROM users WHERE tenant_id = 'platform')",
}


@pytest.mark.parametrize("sql", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_nothing_is_impossible(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.fetchall() == []


@pytest.mark.parametrize("hour", [0, 1, 9, 23])
@pytest.mark.parametrize(("tenants", "days"), [(1, 7), (3, 120)])
def test_it_is_made_at_any_hour_for_any_size(hour, tenants, days):
    """And nothing of it is later than that hour."""
    now = NOW.replace(hour=hour, minute=1)

    world = build(now, tenants=tenants, days=days, keys={})

    for model, rows in world.rows.items():
        for name in ("created_at", "published_at", "timestamp", "synced_at", "tracked_at", "calculated_at"):
            late = [row for row in rows if getattr(row, name, None) and getattr(row, name) > now]
            assert not late, (model, name)


@pytest.mark.parametrize("day", range(7))
def test_failed_syncs_are_open_on_any_day_of_a_week(day):
    """What a stranger is shown does not hang on the day he comes."""
    world = build(NOW + dt.timedelta(days=day), tenants=12, days=90, keys={})

    assert sum(error.resolved_at is None for error in world.of(AnalyticsSyncError)) == 3


def test_what_is_sealed_opens_with_the_keys_in_the_keyring(folder, monkeypatch):
    """Dies where a key is wrapped under another key, or a value sealed for another cell."""
    holder = LocalKeyring(folder)
    monkeypatch.setattr(vaults, "provider_named", lambda name: holder)
    vaults.vault.forget()
    versions = set()
    for brand in BrandProfile.objects.all():
        assert brand.embeddings.shape == (1536,)
        versions.add(version_of(bytes(brand.__dict__["embeddings"])))
        assert brand.encryption_version == (version_of(bytes(brand.__dict__["embeddings"])) or 1)
    assert versions == {0, 2}
    assert all(bytes(account.access_token_encrypted).startswith(b"demo-") for account in SocialAccount.objects.all())
    assert all(person.mfa_secret for person in User.objects.filter(mfa_enabled=True))


def test_it_is_recorded():
    entry = AuditLog.objects.get(action="create_demo")

    told = entry.metadata["tables"]
    assert (told["tenants"]["rows"], told["tenants"]["last"]) == (13, Tenant.objects.order_by("-pk").first().pk)
    assert told["users"]["first"] == User.objects.order_by("pk").first().pk


def test_the_same_arguments_make_the_same_world():
    """But for the salt of the password's hash."""

    def told(world) -> list[tuple]:
        return [
            (field.column, field.value_from_object(row))
            for model, rows in world.rows.items()
            for row in rows
            for field in model._meta.concrete_fields
            if field.column not in {"password_hash", "key_hash"}
        ]

    one, other = (build(NOW, tenants=3, days=10, keys={}) for _ in range(2))

    assert told(one) == told(other)
