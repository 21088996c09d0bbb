import pytest

from security.models import AuditFinding, AuditLog, AuditReview, ComplianceCase
from security.scope import Reach, Scope, acting
from tenants.models import Tenant
from tenants.services.entering import enter_tenant
from tests.factories.tenants import person
from tests.ndsadmin.trail.conftest import world  # noqa: F401  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.fixture
def client_of_auditor(auditor, signed_in):
    return signed_in(auditor)


@pytest.mark.parametrize(
    ("role", "tenant", "status"),
    [("owner", "platform", 200), ("viewer", "platform", 200), ("member", "platform", 403), ("owner", "t1", 403),
     ("admin", "t1", 403), ("member", "t1", 403)],
)  # fmt: skip
def test_who_reviews(role, tenant, status, signed_in):
    who = person(tenant=Tenant.objects.get(pk=tenant), role=role)

    assert signed_in(who).get("/audit/review/").status_code == status


def test_what_waits_is_shown(client_of_auditor):
    page = client_of_auditor.get("/audit/review/").content.decode()

    assert "Role raised" in page
    assert "Tenants crossed" in page
    assert "sensitive entries wait" in page


def test_a_day_is_signed_off(client_of_auditor):
    given = {"do": "sign_off", "first": "2026-11-10", "period": "day", "tenant": "t1", "note": "Fine"}

    page = client_of_auditor.post("/audit/review/?tenant=t1", given, follow=True).content.decode()

    assert "Signed off 10 Nov 2026: 1 entries." in page
    assert AuditReview.objects.get().tenant_id == "t1"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"do": "sign_off", "first": "soon"}, "first day: expected a day"),
        ({"do": "sign_off", "first": "2026-11-10", "period": "day"}, "note: expected"),
        ({"do": "acknowledge", "entry": "b"}, "note: expected"),
        ({"do": "case", "entry": "b", "note": "x", "kind": "gossip"}, "kind: expected one of"),
        ({"do": "acknowledge", "entry": "nothing", "note": "x"}, "There is no such entry"),
    ],
)
def test_what_cannot_be_done_says_why(given, told, client_of_auditor):
    assert told in client_of_auditor.post("/audit/review/", given, follow=True).content.decode()
    assert not AuditReview.objects.exists()
    assert not AuditFinding.objects.exists()


def test_findings_are_settled_and_wait_no_more(client_of_auditor):
    client_of_auditor.post("/audit/review/", {"do": "acknowledge", "entry": "b", "note": "Agreed"})
    client_of_auditor.post("/audit/review/", {"do": "case", "entry": "g", "note": "Why?", "kind": "breach"})

    assert set(AuditFinding.objects.values_list("log_id", "outcome")) == {("b", "acknowledged"), ("g", "case")}
    assert ComplianceCase.objects.get().kind == "breach"
    assert "0 sensitive entries wait" in client_of_auditor.get("/audit/review/").content.decode()
    told = AuditLog.objects.filter(action__in=["acknowledge_entry", "open_compliance_case"])
    assert told.count() == 3


def test_an_operator_settles_and_does_not_sign_off(client_of_operator):
    page = client_of_operator.get("/audit/review/").content.decode()
    assert "Sign off" not in page

    given = {"do": "sign_off", "first": "2026-11-10", "period": "day", "note": "Fine"}
    assert "Only auditors" in client_of_operator.post("/audit/review/", given, follow=True).content.decode()


def test_in_a_tenant_there_is_nothing_to_review(auditor, client_of_auditor):
    with acting(Scope(request_id="r", reach=Reach.PLATFORM, actor_id=auditor.pk, role=auditor.security_role)):
        enter_tenant(auditor, "t1", "Looking")
    client_of_auditor.post("/tenants/enter/", {"tenant": "t1", "reason": "Looking"})

    response = client_of_auditor.get("/audit/review/")

    assert (response.status_code, response["Location"]) == (302, "/audit/")
