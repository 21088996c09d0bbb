import datetime as dt

import pytest
from django.http import QueryDict

from analytics.models import AnalyticsSyncError, PostAnalytics
from content.models import GuardResult
from ndsadmin.tables.filters import PERIODS, is_filterable, leads_an_index, narrowing, parent_with_tenant, period
from publishing.models import PublishedPost, SocialAccount
from security.columns import Bool, Date, Time
from security.contract import contract_tables
from tenants.models import Tenant, User
from tests.arranging import arranging
from tests.factories.analytics import sync_error
from tests.factories.publishing import post, social_account
from tests.factories.tenants import tenant
from tests.ndsadmin.tables.conftest import keys, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_operator")]
DAY = dt.date(2026, 11, 22)


def narrowed(model, query: str):
    return narrowing(model, model._meta.concrete_fields, QueryDict(query))


@pytest.fixture
def tenants():
    for key, status, tier in (("a", "active", "free"), ("b", "suspended", None), ("c", "asleep", "free")):
        tenant(tenant_id=key, status=status, tier=tier)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a", "b", "c"]),
        ("status=active", ["a"]),
        ("status=asleep", ["c"]),
        ("status=active&status=asleep", ["a", "c"]),
        ("status=~", ["c"]),
        ("status=~&status=active", ["a", "c"]),
        ("tier=-&tier=free", ["a", "b", "c"]),
        ("tier=-", ["b"]),
        ("tier=free&status=active", ["a"]),
        ("tenant_id=b", ["b"]),
        ("status=%00", []),
        ("settings=x", ["a", "b", "c"]),
    ],
)
def test_a_list_is_narrowed_by_choices_and_indexed_columns(tenants, query, found):
    assert sorted(keys(page(Tenant, query))) == found


def test_a_post_is_found_by_its_day_in_utc():
    rows = [
        post(published_at=f"2026-11-{day}T{time}Z") for day, time in ((19, "23:59:59"), (20, "00:00:00"), (21, "0:0:0"))
    ]
    with arranging():
        PublishedPost.objects.filter(pk=rows[1].pk).update(published_at=rows[1].published_at)

    assert keys(page(PublishedPost, "published_at__from=2026-11-20&published_at__to=2026-11-20")) == [rows[1].pk]
    assert keys(page(PublishedPost, "published_at=2026-11-20")) == [rows[1].pk]
    assert len(page(PublishedPost, "published_at__from=2026-11-20").rows) == 2
    assert len(page(PublishedPost, "published_at__to=2026-11-20").rows) == 2


def test_a_time_that_does_not_order_the_list_narrows_it_too():
    now = dt.datetime.now(dt.UTC)
    soon, later = (social_account(expires_at=now + dt.timedelta(days=days)) for days in (3, 40))
    never = social_account(expires_at=None)

    assert keys(page(SocialAccount, "expires_at=next7d")) == [soon.pk]
    assert keys(page(SocialAccount, "expires_at=next7d&sort=expires_at")) == [soon.pk]
    assert keys(page(SocialAccount, "expires_at=-")) == [never.pk]
    assert keys(page(SocialAccount, "sort=expires_at")) == [soon.pk, later.pk, never.pk]


@pytest.mark.parametrize("name", PERIODS)
def test_a_period_holds_the_days_that_it_names(name):
    first, last = period(name, DAY)

    assert first <= DAY <= last
    assert (last - first).days + 1 == int("".join(c for c in name if c.isdigit()))


def test_an_unknown_period_is_told_with_what_is_expected():
    assert narrowed(PublishedPost, "published_at=ever").errors == [
        "Published: expected a day or one of 1d, 7d, 30d, 90d, next7d, next30d, got 'ever'."
    ]


@pytest.mark.parametrize("value", ["yesterday", "2026-02-30", "9999-12-31", "0001-01-01", "2026-11-20T00:00"])
def test_a_date_that_is_none_is_told_with_what_is_expected(value):
    assert narrowed(PublishedPost, f"published_at__from={value}").errors == [
        f"Published from: expected a date such as 2026-11-22, got {value!r}."
    ]


def test_rows_without_a_tenant_of_their_own_are_found_by_their_parents():
    mine, other = sync_error(), sync_error()

    assert parent_with_tenant(AnalyticsSyncError).name == "post"
    assert keys(page(AnalyticsSyncError, f"tenant={mine.post.tenant_id}")) == [mine.pk]
    assert len(page(AnalyticsSyncError, "resolved_at=-").rows) == 2
    assert other.pk not in keys(page(AnalyticsSyncError, f"resolved_at=-&tenant={mine.post.tenant_id}"))


@pytest.mark.parametrize("model", contract_tables(), ids=lambda model: model._meta.db_table)
def test_every_filter_is_a_choice_a_truth_value_a_time_or_led_by_an_index(model):
    """Anything else would read the whole table on every page."""
    for field in model._meta.concrete_fields:
        if is_filterable(field):
            assert field.choices or isinstance(field, Bool | Time | Date) or leads_an_index(field), field


@pytest.mark.parametrize("query", ["passed=true", "passed=x&passed=y", "passed=1&passed=no", "passed=-"])
def test_a_truth_value_is_yes_or_no(query):
    """Dies where every other word means no: the page would show the opposite of what its address says."""
    found = narrowed(GuardResult, query)

    assert found.conditions == []
    assert found.errors[0].startswith("Passed: expected one of 1, 0, got ")


def test_no_secret_can_be_asked_for():
    """Dies with the check for secret columns: a filter is an oracle."""
    assert not is_filterable(User._meta.get_field("password"))
    assert not is_filterable(User._meta.get_field("mfa_secret"))


def test_what_is_in_force_is_always_in_sight():
    found = narrowed(PostAnalytics, "post=p1")

    assert "post" in [control.name for control in found.first]
    assert "analytics_id" in [control.name for control in found.further]
    assert found.is_active
