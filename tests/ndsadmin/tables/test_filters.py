import pytest
from django.http import QueryDict

from analytics.models import PostAnalytics
from ndsadmin.tables.filters import is_filterable, leads_an_index, narrowing
from publishing.models import PublishedPost
from security.columns import Bool
from security.contract import contract_tables
from tenants.models import Tenant, User
from tests.factories.publishing import post
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db


def found(model, query: str) -> list:
    narrowed = narrowing(model._meta.concrete_fields, QueryDict(query))
    return sorted(row.pk for row in model.objects.filter(narrowed.condition))


@pytest.fixture
def tenants():
    for key, status, tier in (("a", "active", "free"), ("b", "suspended", None), ("c", "asleep", "free")):
        tenant(tenant_id=key, status=status, tier=tier)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["a", "b", "c"]),
        ("status=active", ["a"]),
        ("status=asleep", ["c"]),
        ("status=~", ["c"]),
        ("tier=-", ["b"]),
        ("tier=free&status=active", ["a"]),
        ("tenant_id=b", ["b"]),
        ("status=%00", []),
        ("name=whatever", ["a", "b", "c"]),
        ("settings=x", ["a", "b", "c"]),
    ],
)
def test_a_list_is_narrowed_by_choices_and_indexed_columns(tenants, query, keys):
    assert found(Tenant, query) == keys


def test_a_post_is_found_by_its_day_in_utc():
    rows = [
        post(published_at=f"2026-11-{day}T{time}Z") for day, time in ((19, "23:59:59"), (20, "00:00:00"), (21, "0:0:0"))
    ]

    assert found(PublishedPost, "published_at__from=2026-11-20&published_at__to=2026-11-20") == [rows[1].pk]
    assert len(found(PublishedPost, "published_at__from=2026-11-20")) == 2


@pytest.mark.parametrize("value", ["yesterday", "2026-02-30", "9999-12-31", "0001-01-01", "2026-11-20T00:00"])
def test_a_date_that_is_none_is_told_with_what_is_expected(value):
    narrowed = narrowing(PublishedPost._meta.concrete_fields, QueryDict(f"published_at__from={value}"))

    assert narrowed.errors == (f"Published from: expected a date such as 2026-11-22, got {value!r}.",)


@pytest.mark.parametrize("model", contract_tables(), ids=lambda model: model._meta.db_table)
def test_every_filter_is_a_choice_a_truth_value_or_led_by_an_index(model):
    """Anything else would read the whole table on every page."""
    for field in model._meta.concrete_fields:
        if is_filterable(field):
            assert field.choices or isinstance(field, Bool) or leads_an_index(field), field


def test_no_secret_can_be_asked_for():
    """Dies with the check for secret columns: a filter is an oracle."""
    assert not is_filterable(User._meta.get_field("password"))
    assert not is_filterable(User._meta.get_field("mfa_secret"))


def test_what_is_in_force_is_always_in_sight():
    narrowed = narrowing(PostAnalytics._meta.concrete_fields, QueryDict("post=p1"))

    assert "post" in [control.name for control in narrowed.first]
    assert "analytics_id" in [control.name for control in narrowed.further]
    assert narrowed.is_active
