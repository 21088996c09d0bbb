import pytest
from django.db import connection

from content.models import Skill, SkillMetricsDaily
from ndsadmin.tables.addresses import keyed, list_address, quote_key, row_address
from publishing.models import RateLimit
from security.models import AuditSeal
from tests.factories.content import skill, skill_metrics
from tests.factories.publishing import rate_limit

HOSTILE = ["a/b", "a,b", "a'b\"c", "ü ✓", "a_b", "..", ".", "add", "a?b#c", "kms://t/key", "x/change", " "]


@pytest.mark.django_db
@pytest.mark.parametrize("key", HOSTILE)
def test_every_key_has_an_address_that_leads_back(key, client_of_operator):
    skill(skill_id=key, name="Hero")

    assert client_of_operator.get(row_address(Skill, key)).context["row"].title == "Hero"


@pytest.mark.django_db
def test_a_composite_key_leads_back():
    skill_metrics(skill=skill(skill_id="a,b"), context_hash="c/d")
    row = SkillMetricsDaily.objects.get()

    assert list(SkillMetricsDaily.objects.filter(keyed(SkillMetricsDaily, quote_key(row.pk)))) == [row]


@pytest.mark.django_db
def test_a_time_in_a_key_is_named_as_it_is_stored(client_of_operator):
    """Rows of one moment in two forms are two rows, and each has its own address."""
    row = rate_limit(request_count=1)
    stored = ["2026-11-22 00:00:00", "2026-11-22T00:00:00.000Z", "2026-11-22T00:00:00.123Z", "soon"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM rate_limits")
        for number, text in enumerate(stored):
            cursor.execute("INSERT INTO rate_limits VALUES (%s, 'linkedin', %s, %s)", [row.tenant_id, text, number])

    page = client_of_operator.get(list_address(RateLimit)).context["page"]
    found = [client_of_operator.get(listed.address).context["row"].facts[3].value for listed in page.rows]

    assert sorted(found) == [f'<span class="number">{number}</span>' for number in range(4)]


@pytest.mark.django_db
@pytest.mark.parametrize("quoted", ["x", "x,y,z", "x,--5", "x,٣", "x," + "9" * 5000, ",", "x,", "%00"])
def test_nonsense_finds_nothing(quoted, client_of_operator):
    assert client_of_operator.get(f"/data/security/auditseal/{quoted}/").status_code == 404
    assert list(AuditSeal.objects.filter(keyed(AuditSeal, quoted))) == []
