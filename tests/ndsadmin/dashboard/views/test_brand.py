import numpy as np
import pytest
from django.core import signing
from django.db import connection

from security.crypto.fields import Ciphertext
from security.models import AuditLog
from tenants.models import BrandProfile
from tests.factories.content import generated_content
from tests.factories.security import keyed
from tests.factories.tenants import brand_profile, person, tenant

pytestmark = pytest.mark.django_db
FORM = {
    "palette": ["#0b6153", "#ffffff"], "role": ["body"], "family": ["Inter"], "weight": ["Regular"], "size": ["16"],
    "unit": ["pt"], "min_size": "80", "safe_zone": "", "avoid": "cheap", "use:products": "", "messaging:taglines": "Hi",
    "reason": "A new look",
}  # fmt: skip


@pytest.fixture
def home():
    return keyed(tenant(tenant_id="t1", name="Harbour", kms_key_id="kms://t1/key"))


@pytest.fixture
def brand(home):
    generated_content(tenant=home, brand_voice_score=0.91)
    return brand_profile(
        tenant=home, embeddings=np.ones(1536), palette=["#0b6153"], lexicon={"products": ["Beams"], "avoid": ["cheap"]},
        messaging={"taglines": ["Built on trust"]},
    )  # fmt: skip


@pytest.fixture
def owner(home, signed_in):
    return signed_in(person(tenant=home, role="owner"))


def pinned(client):
    client.post("/tenants/enter/", {"tenant": "t1", "reason": "Looking after it"})
    return client


@pytest.mark.parametrize("role", ["owner", "admin", "member", "viewer"])
def test_people_of_the_tenant_see_it(role, home, brand, signed_in):
    text = signed_in(person(tenant=home, role=role)).get("/brand/").content.decode()

    for told in ("#0b6153", "Beams", "cheap", "Built on trust", "Inter 16pt", "1,536 numbers", "Brand voice", "7.5"):
        assert told in text
    assert ("?edit" in text) == (role in {"owner", "admin"})
    assert "kms://" not in text
    assert AuditLog.objects.filter(action="read_brand_profile").count() == 1


@pytest.mark.parametrize("role", ["operator", "auditor"])
def test_the_platform_sees_how_it_is_made_up_and_not_what_it_says(role, request, brand, signed_in):
    """Dies where a value of the brand is in the answer, on the page or in the table's own pages."""
    client = pinned(signed_in(request.getfixturevalue(role)))
    for address in ("/brand/", "/data/tenants/brandprofile/", "/data/tenants/brandprofile/t1/"):
        text = client.get(address).content.decode()
        assert not [word for word in ("#0b6153", "Beams", "cheap", "Built on trust") if word in text], address
    assert "How it is made up" in client.get("/brand/").content.decode()
    assert client.get("/brand/?edit").status_code == 403


def test_support_sees_none_and_nobody_without_a_tenant(support, client_of_operator, signed_in, brand):
    assert signed_in(support).get("/brand/").status_code == 403
    assert client_of_operator.get("/brand/").headers["Location"] == "/tenants/enter/"


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_who_may_not_change_it_does_not(role, home, brand, signed_in):
    client = signed_in(person(tenant=home, role=role))
    assert client.get("/brand/?edit").status_code == 403
    assert client.post("/brand/", {**FORM, "save": ""}).status_code == 403
    assert BrandProfile.objects.get().palette == ["#0b6153"]


def test_a_change_is_shown_before_it_is_saved(owner, brand):
    seen = owner.get("/brand/?edit").context["seen"]
    text = owner.post("/brand/", {**FORM, "seen": seen, "preview": ""}).content.decode()
    assert "What this changes" in text
    assert "<ins>" in text
    assert BrandProfile.objects.get().palette == ["#0b6153"]

    assert owner.post("/brand/", {**FORM, "seen": seen, "save": ""}).headers["Location"] == "/brand/"
    found = BrandProfile.objects.get()
    assert (found.palette, found.messaging) == (["#0b6153", "#ffffff"], {"taglines": ["Hi"]})
    assert AuditLog.objects.get(action="update_brand_profile").metadata["reason"] == "A new look"


def test_what_somebody_else_changed_is_not_covered_up(owner, brand):
    seen = owner.get("/brand/?edit").context["seen"]
    BrandProfile.objects.update(palette=["#123456"])
    answer = owner.post("/brand/", {**FORM, "seen": seen, "save": ""}, follow=True)

    assert "somebody changed it meanwhile" in answer.content.decode()
    assert BrandProfile.objects.get().palette == ["#123456"]


@pytest.mark.parametrize(
    "seen",
    ["", "damaged", signing.dumps({"palette": []}, salt="another")],
    ids=["empty", "damaged", "signed for another form"],
)
def test_a_form_that_was_changed_on_its_way_saves_nothing(owner, brand, seen):
    """Dies where what the person saw is taken to be what is there now: a worker's newer value would go."""
    answer = owner.post("/brand/", {**FORM, "seen": seen, "save": ""}, follow=True)

    assert "expired or was changed on its way" in answer.content.decode()
    assert BrandProfile.objects.get().palette == ["#0b6153"]
    assert AuditLog.objects.filter(action="read_brand_profile").count() == 1


def test_bad_input_is_told(owner, brand):
    seen = owner.get("/brand/?edit").context["seen"]
    answer = owner.post("/brand/", {**FORM, "seen": seen, "palette": ["red"], "save": ""})

    assert answer.status_code == 400
    assert "expected # and six hex digits" in answer.content.decode()


def test_what_cannot_be_read_is_told_and_not_saved(owner, brand):
    BrandProfile.objects.update(embeddings=Ciphertext(b"x" * 6172))
    text = owner.get("/brand/").content.decode()
    assert "Brand vector cannot be read." in text
    seen = owner.get("/brand/?edit").context["seen"]
    answer = owner.post("/brand/", {**FORM, "seen": seen, "save": ""})

    assert "so this profile is not saved" in answer.content.decode()
    assert BrandProfile.objects.get().palette == ["#0b6153"]
    assert bytes(BrandProfile.objects.get().__dict__["embeddings"]) == b"x" * 6172


def test_a_document_that_is_none_is_told_and_not_saved(owner, brand):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE brand_profiles SET typography = 'no json'")
    assert owner.get("/brand/").status_code == 200
    assert "Typography cannot be read, so this profile" in owner.get("/brand/?edit").content.decode()


def test_a_brand_is_described_for_the_first_time(owner, home):
    assert "No brand is described yet" in owner.get("/brand/").content.decode()
    seen = owner.get("/brand/?edit").context["seen"]
    assert owner.post("/brand/", {**FORM, "seen": seen, "save": ""}).headers["Location"] == "/brand/"
    found = BrandProfile.objects.get()

    assert found.palette == ["#0b6153", "#ffffff"]
    assert not found.embeddings.any()
    assert "not computed yet" in owner.get("/brand/").content.decode()
