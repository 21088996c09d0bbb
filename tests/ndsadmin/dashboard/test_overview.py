import datetime as dt

import pytest

from analytics.models import TenantMetricsDaily
from content.models import SkillMetricsDaily
from security.columns import now
from tests.factories.analytics import sync_error
from tests.factories.content import skill
from tests.factories.publishing import post, social_account
from tests.factories.security import audit_entry
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A bit of everything that the dashboard shows."""
    today, owner = now().date(), tenant(tenant_id="t1", name="Next Day Steel")
    tenant(status="suspended")
    account = social_account(tenant=owner, expires_at=now() + dt.timedelta(days=2))
    for status in ("published", "published", "deleted", "failed"):
        post(account=account, status=status, published_at=now())
    TenantMetricsDaily.objects.create(
        tenant=owner, date=today, platform="linkedin", posts=3, failed_posts=1, generations=4, cost=1.25
    )
    candidate = skill(visibility="tenant:t1", created_at=now() - dt.timedelta(days=60))
    SkillMetricsDaily.objects.create(skill=candidate, date=today, context_hash="c", skill_version_id="v", uses=120)
    sync_error(post=post(account=account, status="deleted", published_at=now() - dt.timedelta(days=200)))
    audit_entry()


def overview(client, days: int = 30):
    return client.get(f"/?days={days}").context["overview"]


def test_the_dashboard_costs_twelve_queries_however_much_there_is(client_of_operator, world, django_assert_num_queries):
    """Budget: 12. Session, person; tenants, days, candidates, the best, tokens, errors, entries, names of tenants and
    of people; and that somebody looked."""
    with django_assert_num_queries(12):
        client_of_operator.get("/")
    for _ in range(3):
        audit_entry()
        sync_error()
    with django_assert_num_queries(12):
        client_of_operator.get("/?days=90")


def test_every_number_leads_to_as_many_rows(client_of_operator, world):
    """Cards, panels, bars and the table of regions: whoever follows a number finds just that many."""
    page = overview(client_of_operator)
    numbers = {
        card.label: (card.number, card.address) for card in page.cards if card.label not in {"Cost", "Content made"}
    }
    lists = [panel for panel in page.panels if panel.address.startswith("/data/")]
    numbers |= {panel.title: (panel.number, panel.address) for panel in lists}
    numbers |= {f"{region} {place}": cell for region, cells in page.regions for place, cell in enumerate(cells)}
    posts = page.charts[0]
    numbers |= {series.label: (f"{series.values[-1]:.0f}", series.links[-1]) for series in posts.series}

    assert len(numbers) == 10
    for label, (number, address) in numbers.items():
        rows = client_of_operator.get(address).context["page"].rows
        assert len(rows) == int(number), (label, address)


def test_the_range_is_chosen_and_nonsense_is_the_usual_one(client_of_operator, world):
    assert [len(overview(client_of_operator, days).charts[0].days) for days in (7, 30, 90)] == [7, 30, 90]
    for nonsense in ("8", "", "-1", "many", "٣٠"):
        assert client_of_operator.get(f"/?days={nonsense}").context["overview"].days == 30


def test_an_empty_cell_has_a_dashboard_too(client_of_operator):
    page = overview(client_of_operator)

    assert [panel.number for panel in page.panels] == ["0", "0", "0", "0"]
    assert all(chart.is_empty for chart in page.charts)


def test_support_sees_no_audit_entries_no_sums_and_no_skills(support, signed_in, world, django_assert_num_queries):
    """Dies where the page asks for what its reader may not see."""
    client = signed_in(support)
    with django_assert_num_queries(6):  # session, person, tenants, tokens, errors, the tokens' tenants
        page = overview(client)

    assert (page.newest, page.charts, page.map) == ([], [], None)
    assert [panel.title for panel in page.panels] == ["Tokens that expire in 7 days", "Open sync errors"]
    assert [card.label for card in page.cards] == ["Active tenants"]


def test_a_trend_compares_with_the_days_before(client_of_operator, world):
    TenantMetricsDaily.objects.create(
        tenant_id="t1", date=now().date() - dt.timedelta(days=40), platform="linkedin", posts=2
    )

    card = next(card for card in overview(client_of_operator).cards if card.label == "Posts")

    assert card.note == "+50% on the days before"


def test_the_best_skills_lead_to_their_pages(client_of_operator, world):
    found = skill(name="Hero", visibility="global")
    SkillMetricsDaily.objects.create(
        skill=found, date=now().date(), context_hash="c", skill_version_id="v", uses=20, approval_rate=0.8
    )

    panel = next(panel for panel in overview(client_of_operator).panels if panel.title == "Top skills")
    told = {line.label: (line.address, line.detail) for line in panel.lines}
    assert told["Hero"] == (f"/skills/{found.pk}/", "80%, not published yet")
