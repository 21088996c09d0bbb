import pytest

from analytics.models import GuardMetricsDaily
from security.columns import now
from tests.arranging import made
from tests.factories.content import generated_content, guard_result
from tests.factories.tenants import person, tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return tenant()


@pytest.fixture
def client(home, signed_in):
    return signed_in(person(tenant=home, role="viewer"))


def day(owner, guard: str, runs: int, passes: int, auto_fixes: int = 0) -> None:
    values = {"runs": runs, "passes": passes, "auto_fixes": auto_fixes}
    made(GuardMetricsDaily, tenant=owner, date=now().date(), guard_id=guard, **values)


def test_rates_of_the_own_tenant_and_the_worst_guard_first(client, home):
    day(home, "contrast", 10, 7, 2)
    day(home, "safe_margin", 10, 9)
    day(tenant(), "contrast", 100, 0)

    page = client.get("/guards/").context["page"]

    lines = {line.guard: (line.runs, line.passed, line.fixed, line.tone) for line in page.lines}
    assert lines["contrast"] == ("10", "70.0%", "66.7%", "bad")
    assert lines["safe_margin"] == ("10", "90.0%", "0.0%", "good")
    assert lines["font_size"] == ("0", "–", "–", "")
    assert (page.guard, page.chart.series[0].values[-1]) == ("contrast", 70.0)


def test_refusals_are_shown_with_what_was_measured(client, home, django_assert_max_num_queries):
    for number in (1, 12):
        for _ in range(number):
            content = generated_content(tenant=home)
            guard_result(content_id=content.pk, passed=False, metrics_json={"measured_ratio": 2.5}, auto_fixed=True)
        with django_assert_max_num_queries(4):  # session, person, days, refusals
            page = client.get("/guards/?guard=contrast&days=90").context["page"]
    assert (page.days, len(page.examples), page.examples[0].measured, page.examples[0].fixed) == (90, 12, "2.5:1", True)


@pytest.mark.parametrize(
    ("measured", "shown"),
    [(10**400, "out of all bounds"), (-(10**400), "out of all bounds"), (10**15, "1e+15:1"), (True, "–"), ("x", "x")],
    ids=["huge", "huge and negative", "large", "a truth", "a word"],
)
def test_a_measurement_that_no_float_holds_is_said(measured, shown, client, home):
    content = generated_content(tenant=home)
    guard_result(content_id=content.pk, passed=False, metrics_json={"measured_ratio": measured})

    assert client.get("/guards/?guard=contrast").context["page"].examples[0].measured == shown


@pytest.mark.parametrize("given", ["?guard=nothing", "?days=8", "?days=x&guard=", ""])
def test_nonsense_is_the_usual(client, given):
    page = client.get(f"/guards/{given}").context["page"]

    assert (page.days, page.guard) == (30, "text_overlap")
