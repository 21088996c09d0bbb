import datetime as dt

import pytest
from django.db import connection

from analytics.models import AnalyticsSyncError
from content.models import ContentTemplate
from security.exceptions import RowChanged
from security.models import AuditLog
from security.services.rows import create_row, update_row
from tenants.models import Tenant, User
from tests.factories.content import content_template, skill
from tests.factories.publishing import post
from tests.factories.tenants import person, tenant
from tests.settings import IS_D1

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scope")]


def entries() -> list[tuple]:
    return list(AuditLog.objects.values_list("action", "resource_type", "resource_id", "tenant_id", "metadata"))


def test_an_update_writes_what_differs_and_one_entry():
    row = tenant(name="Old", tier="free")
    before = {"name": "Old", "tier": "free"}
    row.name = "New"

    assert update_row(row, before=before, reason="They asked.") == {"name"}

    assert Tenant.objects.get(pk=row.pk).name == "New"
    changes = {"changes": {"name": ["Old", "New"]}, "reason": "They asked."}
    assert entries() == [("update_tenant", "tenant", row.pk, row.pk, changes)]


def test_nothing_is_written_where_nothing_differs(django_assert_num_queries):
    row = tenant(name="Old")

    with django_assert_num_queries(0 if IS_D1 else 2):  # the savepoint alone; D1 has none of its own
        assert update_row(row, before={"name": "Old"}) == frozenset()

    assert entries() == []


def test_only_the_changed_columns_are_written():
    """Dies where the row is written back whole: a worker's change would be lost."""
    row = tenant(name="Old", stripe_customer_id="cus_1")
    Tenant.objects.filter(pk=row.pk).update(stripe_customer_id="cus_2")
    row.name = "New"

    update_row(row, before={"name": "Old", "stripe_customer_id": "cus_1"})

    assert Tenant.objects.values_list("name", "stripe_customer_id").get(pk=row.pk) == ("New", "cus_2")


@pytest.mark.parametrize("old", ["free", None], ids=["value", "null"])
def test_a_column_that_changed_meanwhile_is_refused(old):
    """Dies with the guard in the UPDATE."""
    row = tenant(tier=old)
    Tenant.objects.filter(pk=row.pk).update(tier="enterprise")
    row.tier = "standard"

    with pytest.raises(RowChanged):
        update_row(row, before={"tier": old})

    assert Tenant.objects.get(pk=row.pk).tier == "enterprise"
    assert entries() == []


def test_an_update_stamps_the_row():
    row = tenant(name="Old")
    Tenant.objects.update(updated_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    row.name = "New"

    update_row(row, before={"name": "Old"})

    assert Tenant.objects.get(pk=row.pk).updated_at.year > 2020


def test_a_new_row_is_stored_with_its_entry():
    owner = tenant()
    row = ContentTemplate(
        tenant=owner, name="Story", template_type="story", platform="all", structure={}, template_id="k1"
    )

    create_row(row)

    (entry,) = entries()
    assert entry[:4] == ("create_content_template", "content_template", "k1", owner.pk)
    assert entry[4]["changes"]["name"] == [None, "Story"]


def test_secrets_do_not_reach_the_log(monkeypatch):
    monkeypatch.setattr(User, "guarded", frozenset())  # which would refuse before
    row = person(password="another password")
    before = {"password": row.password}
    row.password = "bcrypt$$2b$12$something"

    update_row(row, before=before)

    assert entries()[0][4] == {"changes": {"password": "changed"}}


def test_a_private_skill_belongs_to_its_tenants_trail_and_a_global_one_to_nobodys():
    for visibility, owner in (("tenant:t9", "t9"), ("global", None)):
        row = skill(name="Old", visibility=visibility)
        row.name = "New"

        update_row(row, before={"name": "Old"})

        assert AuditLog.objects.get(resource_id=row.pk).tenant_id == owner


def test_a_sync_error_belongs_to_its_posts_tenant():
    published = post()
    row = AnalyticsSyncError.objects.create(post=published, platform="linkedin", retry_count=1)
    row.retry_count = 2

    update_row(row, before={"retry_count": 1})

    assert entries()[0][3] == published.tenant_id


def test_bytes_and_times_are_told_not_copied():
    row = person()
    before = {"last_login_at": None}
    row.last_login_at = Tenant.objects.first().created_at

    update_row(row, before=before)

    assert entries()[0][4]["changes"]["last_login_at"][0] is None
    assert isinstance(entries()[0][4]["changes"]["last_login_at"][1], str)
    assert User.objects.get(pk=row.pk).last_login_at is not None


def test_a_document_is_compared_by_the_form_and_not_by_its_spaces():
    row = content_template(structure={"a": 1})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE content_templates SET structure = '{ \"a\" : 1 }'")
    row.structure = {"a": 2}

    assert update_row(row, before={"structure": {"a": 1}}) == {"structure"}
