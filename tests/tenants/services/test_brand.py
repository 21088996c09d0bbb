import numpy as np
import pytest

from security.crypto.fields import Ciphertext
from security.exceptions import RowChanged, Unreadable
from security.models import AuditLog
from tenants.exceptions import BrandRefused
from tenants.models import BrandProfile
from tenants.services.brand import change_brand, create_brand, documents_of
from tests.factories.security import keyed
from tests.factories.tenants import brand_profile, tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return keyed(tenant(tenant_id="t1", kms_key_id="kms://t1/key"))


@pytest.fixture
def brand(home):
    return brand_profile(tenant=home, embeddings=np.ones(1536))


def test_what_differs_is_written_and_recorded(brand):
    seen = documents_of(brand)
    before = bytes(BrandProfile.objects.get().__dict__["embeddings"])
    changed = change_brand("t1", seen=seen, documents={**seen, "palette": ["#111111"]}, reason="A new look")

    assert changed == {"palette"}
    entry = AuditLog.objects.get(action="update_brand_profile")
    assert entry.metadata == {"changes": {"palette": [["#0b6153"], ["#111111"]]}, "reason": "A new look"}
    assert bytes(BrandProfile.objects.get().__dict__["embeddings"]) == before


def test_nothing_different_writes_nothing(brand):
    seen = documents_of(brand)
    assert change_brand("t1", seen=seen, documents=seen, reason="Because") == frozenset()
    assert not AuditLog.objects.filter(action="update_brand_profile").exists()


def test_what_a_worker_wrote_meanwhile_is_not_covered_up(brand):
    """Dies where the form's old value counts for what the row holds."""
    seen = documents_of(brand)
    BrandProfile.objects.update(palette=["#222222"], lexicon={"avoid": ["x"]})
    with pytest.raises(RowChanged, match="palette: somebody changed it meanwhile"):
        change_brand("t1", seen=seen, documents={**seen, "palette": ["#111111"]}, reason="Because")
    change_brand("t1", seen=seen, documents={**seen, "typography": {"body": "Inter 18pt"}}, reason="Because")

    found = BrandProfile.objects.get()
    assert (found.palette, found.lexicon, found.typography) == (["#222222"], {"avoid": ["x"]}, {"body": "Inter 18pt"})


def test_a_profile_whose_vector_cannot_be_read_is_not_saved(brand):
    BrandProfile.objects.update(embeddings=Ciphertext(b"x" * 6172))
    seen = documents_of(brand)
    with pytest.raises(Unreadable, match="embeddings cannot be read, so the row is not saved"):
        change_brand("t1", seen=seen, documents={**seen, "palette": ["#111111"]}, reason="Because")

    assert BrandProfile.objects.get().palette == ["#0b6153"]


def test_it_needs_a_reason_and_a_profile(brand):
    seen = documents_of(brand)
    with pytest.raises(BrandRefused, match="reason"):
        change_brand("t1", seen=seen, documents=seen, reason=" ")
    with pytest.raises(RowChanged, match="gone"):
        change_brand("t9", seen=seen, documents=seen, reason="Because")


def test_a_first_profile_holds_an_encrypted_zero_vector(home):
    documents = {"palette": ["#111111"], "typography": {}, "logo_rules": {}, "lexicon": None, "messaging": None}
    create_brand(home, documents, "To begin with")

    found = BrandProfile.objects.get()
    assert not found.embeddings.any()
    assert len(found.__dict__["embeddings"]) == 6144 + 82
    assert (found.encryption_version, found.kms_key_id) == (1, "kms://t1/key")
    assert AuditLog.objects.get(action="create_brand_profile").metadata["changes"]["embeddings"] == "changed"
    with pytest.raises(RowChanged, match="by now"):
        create_brand(home, documents, "Again")
